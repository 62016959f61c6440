import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { downloadOf } from '#models/catalog/downloads.ts';
import type { FetchProgress } from '#models/catalog/fetch-file.ts';
import { type FetchPlan, fetchModel, planFetch } from '#models/catalog/fetch-model.ts';
import { KNOWN_MODELS } from '#models/catalog/known.ts';
import { listModels } from '#models/catalog/list.ts';
import type { ModelManifest } from '#models/schema/model-manifest.ts';
import { onnxFile } from '#test/site/onnx-file.ts';

const SIZE = 64;
const [NANO] = KNOWN_MODELS as [ModelManifest];
const MANIFEST: ModelManifest = { ...NANO, input: { ...NANO.input, width: SIZE, height: SIZE } };

/** A file with the outputs of YOLOX for one size, all empty. */
function yoloxFile(classes = 80): Buffer {
  const cells = [8, 16, 32].reduce((sum, stride) => sum + (SIZE / stride) ** 2, 0);
  const dims = [1, cells, 5 + classes];
  const input = { name: 'images', dims: [1, 3, SIZE, SIZE] };
  const data = new Float32Array(cells * (5 + classes));
  return Buffer.from(onnxFile({ input, outputs: [{ name: 'output', dims, data }] }));
}

const FILE = yoloxFile();
const sha256Of = (data: Buffer) => createHash('sha256').update(data).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let modelsDir: string;
let server: Server;
let url: string;
let ranges: (string | undefined)[];
/** One a request; the last goes on. */
let answers: Answer[];

beforeEach(async () => {
  folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-fetch-'));
  modelsDir = resolve(folder, 'models');
  ranges = [];
  answers = [whole()];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/release/yolox_nano.onnx`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true, force: true });
});

/** Sends the file, or what of it is asked for. */
function whole(data = FILE): Answer {
  return ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    if (from >= data.length) {
      response.writeHead(416, { 'content-range': `bytes */${data.length}` }).end();
      return;
    }
    const range = { 'content-range': `bytes ${from}-${data.length - 1}/${data.length}` };
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': data.length - from, ...(from > 0 ? range : {}) });
    response.end(data.subarray(from));
  };
}

/** Sends so many bytes of it, then ends the connection, or leaves it open in silence. */
const first = (bytes: number, then: 'cut' | 'silence'): Answer => {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': FILE.length });
    response.write(FILE.subarray(0, bytes), () => {
      if (then === 'cut') response.socket?.end();
    });
  };
};

const planOf = (change: Partial<FetchPlan> = {}): FetchPlan => ({
  manifest: MANIFEST,
  url,
  licenceUrl: null,
  bytes: FILE.length,
  sha256: sha256Of(FILE),
  ...change,
});
const LIMITS = { readMs: 5000, overallMs: 20_000, tries: 2, retryMs: 1 };
const fetchIt = (change: Partial<FetchPlan> = {}, limits: Partial<typeof LIMITS & { bytesMax: number }> = {}) =>
  fetchModel({ plan: planOf(change), modelsDir, limits: { ...LIMITS, ...limits } });
const part = () => resolve(modelsDir, 'yolox-nano.onnx.part');
const left = () => (existsSync(modelsDir) ? readdirSync(modelsDir).sort() : []);

describe('a model is fetched', () => {
  test('whole, and installed with its source, licence and SHA-256', async () => {
    const seen: FetchProgress[] = [];
    const added = await fetchModel({ plan: planOf(), modelsDir, limits: LIMITS, onProgress: (now) => seen.push(now) });
    expect(added.manifest).toMatchObject({ name: 'yolox-nano', licence: 'Apache-2.0', sha256: sha256Of(FILE) });
    expect(added.manifest.source).toContain(url);
    expect(readFileSync(added.path).equals(FILE)).toBe(true);
    expect(left()).toEqual(['yolox-nano.onnx', 'yolox-nano.yaml']);
    expect(seen.at(-1)).toEqual({ bytes: FILE.length, totalBytes: FILE.length });
    const listed = listModels({ modelsDir, materialDir: folder, builtInDir: modelsDir });
    expect(listed.find(({ name }) => name === 'yolox-nano')).toMatchObject({ origin: 'added', isPresent: true });
  });

  test('from where a cut left it, within the same run', async () => {
    answers = [first(1000, 'cut'), whole()];
    await fetchIt();
    expect(ranges).toEqual([undefined, 'bytes=1000-']);
  });

  test('from where an earlier run left it', async () => {
    mkdirSync(modelsDir);
    writeFileSync(part(), FILE.subarray(0, 700));
    await fetchIt();
    expect(ranges).toEqual(['bytes=700-']);
    expect(left()).toEqual(['yolox-nano.onnx', 'yolox-nano.yaml']);
  });

  test('anew where the server knows no ranges, or the part is longer than the file', async () => {
    mkdirSync(modelsDir);
    writeFileSync(part(), FILE.subarray(0, 700));
    answers = [(_request, response) => void response.end(FILE)];
    await fetchIt();
    rmSync(modelsDir, { recursive: true });
    mkdirSync(modelsDir);
    writeFileSync(part(), Buffer.alloc(FILE.length + 1));
    answers = [whole()];
    await fetchIt();
    expect(ranges).toEqual(['bytes=700-', `bytes=${FILE.length + 1}-`, undefined]);
  });

  test('without a known SHA-256 from its beginning, and what came is pinned', async () => {
    mkdirSync(modelsDir);
    writeFileSync(part(), 'of another file');
    const { manifest } = await fetchIt({ sha256: null, bytes: null });
    expect(ranges).toEqual([undefined]);
    expect(manifest.sha256).toBe(sha256Of(FILE));
  });
});

describe('nothing is installed', () => {
  test('of a wrong SHA-256, and the part is removed', async () => {
    await expect(fetchIt({ sha256: 'f'.repeat(64) })).rejects.toMatchObject({
      code: 'model-checksum',
      message: expect.stringContaining(sha256Of(FILE)),
    });
    expect(left()).toEqual([]);
  });

  test('of other shapes than the manifest has', async () => {
    const other = yoloxFile(10);
    answers = [whole(other)];
    const fetching = fetchIt({ sha256: null, bytes: null });
    await expect(fetching).rejects.toMatchObject({ code: 'model-classes', about: { field: 'classCount' } });
    expect(left()).toEqual([]);
  });

  test('of another size: longer, shorter, above the limit, or of none that is told', async () => {
    const untold: Answer = (_request, response) => {
      response.write(FILE);
      response.end('more');
    };
    const cases = [
      [whole(Buffer.concat([FILE, FILE])), FILE.length],
      [whole(FILE.subarray(0, 900)), FILE.length],
      [whole(), null],
      [untold, FILE.length],
    ] as const;
    for (const [answer, bytes] of cases) {
      answers = [answer];
      await expect(fetchIt({ bytes }, { bytesMax: 800 })).rejects.toMatchObject({ code: 'download-wrong-size' });
      expect(left()).toEqual([]);
    }
  });

  test('where the file is not there, which is asked for once', async () => {
    answers = [(_request, response) => void response.writeHead(404).end('no such file')];
    await expect(fetchIt()).rejects.toMatchObject({
      code: 'download-refused',
      message: `${url} answers 404 Not Found`,
      cure: expect.stringContaining('model add --file yolox_nano.onnx --like yolox-nano'),
    });
    expect(ranges).toHaveLength(1);
    expect(left()).toEqual([]);
  });

  test('where nobody answers, with the way by hand', async () => {
    const nobody = createServer();
    await new Promise<void>((done) => nobody.listen(0, '127.0.0.1', done));
    const { port } = nobody.address() as AddressInfo;
    await new Promise((done) => nobody.close(done));
    const fetching = fetchIt({ url: `http://127.0.0.1:${port}/yolox_nano.onnx` });
    await expect(fetching).rejects.toMatchObject({
      code: 'download-unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
      cure: expect.stringMatching(/By hand: fetch .*, then \.\/sharp-eyes model add --file yolox_nano\.onnx/),
    });
  });

  test('where a server stalls, and what came is kept for the next run', async () => {
    answers = [first(1000, 'silence'), () => {}];
    await expect(fetchIt({}, { readMs: 400 })).rejects.toMatchObject({ code: 'download-timed-out' });
    expect(ranges).toEqual([undefined, 'bytes=1000-']);
    expect(readFileSync(part()).equals(FILE.subarray(0, 1000))).toBe(true);
    answers = [whole()];
    await fetchIt();
    expect(ranges.at(-1)).toBe('bytes=1000-');
  });

  test('where all of it takes too long although something comes', async () => {
    answers = [
      (_request, response) => {
        response.writeHead(200, { 'content-length': FILE.length });
        const timer = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(timer));
      },
    ];
    await expect(fetchIt({}, { overallMs: 200 })).rejects.toMatchObject({
      code: 'download-timed-out',
      message: `${url} was not fetched within 0.2 s`,
    });
  });

  test('where a server fails again and again', async () => {
    answers = [(_request, response) => void response.writeHead(503).end()];
    await expect(fetchIt()).rejects.toMatchObject({ code: 'download-refused', about: { status: 503 } });
    expect(ranges).toHaveLength(2);
  });

  test('over a model of that name, which is seen before anything is fetched', async () => {
    await fetchIt();
    await expect(fetchIt()).rejects.toMatchObject({ code: 'already-exists' });
    expect(ranges).toHaveLength(1);
  });
});

describe('the plan of a download', () => {
  test('names publisher, licence, size and SHA-256', () => {
    expect(planFetch('yolox-s')).toMatchObject({
      url: 'https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/yolox_s.onnx',
      bytes: 35_858_002,
      sha256: downloadOf('yolox-s')?.sha256,
      licenceUrl: expect.stringContaining('LICENSE'),
      manifest: { licence: 'Apache-2.0' },
    });
  });

  test('takes a mirror, a folder or the file, and expects the publisher’s file there', () => {
    const at = (from: string) => planFetch('yolox-tiny', from);
    expect(at('http://mirror.example/models').url).toBe('http://mirror.example/models/yolox_tiny.onnx');
    expect(at('http://mirror.example/models/').url).toBe('http://mirror.example/models/yolox_tiny.onnx');
    expect(at('http://mirror.example/a.onnx?b=1').url).toBe('http://mirror.example/a.onnx?b=1');
    expect(at('http://mirror.example').sha256).toBe(downloadOf('yolox-tiny')?.sha256);
    for (const from of ['mirror', 'ftp://mirror.example', 'http://me:secret@mirror.example']) {
      expect(() => at(from)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
    }
  });

  test('is refused for a model without an address, unless one is named, and for one that nobody knows', () => {
    expect(() => planFetch('nanodet-m-416')).toThrow(
      expect.objectContaining({ code: 'model-missing', cure: expect.stringContaining('--from') }),
    );
    const manifest = KNOWN_MODELS.find(({ name }) => name === 'nanodet-m-416');
    expect(planFetch('nanodet-m-416', 'http://mirror.example/').sha256).toBe(manifest?.sha256);
    expect(() => planFetch('yolo9000')).toThrow(/no public model "yolo9000" is known; known are: yolox-nano/);
  });
});
