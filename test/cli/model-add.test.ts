import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROOT_DIR } from '#system/config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-model-add-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Ended = { code: number; stderr: string };

function run(...args: string[]): Promise<Ended> {
  const env = { ...process.env, SHARP_EYES_MODELS_DIR: resolve(folder, 'models'), SHARP_EYES_DATA_DIR: folder };
  return new Promise((done) => {
    execFile(
      process.execPath,
      [resolve(ROOT_DIR, 'cli/main.ts'), 'model', 'add', ...args],
      { env },
      (error, _out, stderr) => done({ code: Number(error?.code ?? 0), stderr }),
    );
  });
}

describe('model add', () => {
  test('says publisher, licence, address and size before it asks for the file, and the code where it is not there', async () => {
    const paths: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(404).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await run('yolox-s', '--from', `http://127.0.0.1:${port}/mirror`);
    await new Promise((done) => server.close(done));
    expect(paths).toEqual(['/mirror/yolox_s.onnx']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Megvii.*\nlicence: Apache-2\.0, http.*\nfrom http.*, 34\.2 MiB\n[\s\S]*\[download-refused\]/,
    );
    expect(existsSync(resolve(folder, 'models/yolox-s.onnx'))).toBe(false);
  });

  test('wants a name or a file, and says which option goes with which', async () => {
    const [nothing, mixed] = await Promise.all([run(), run('yolox-s', '--licence', 'MIT')]);
    expect(nothing.stderr).toContain('expected the name of a public model, or --file with --like');
    expect(mixed.stderr).toContain('--licence goes with --file only');
  });
});
