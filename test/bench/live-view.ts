/**
 * What a viewer of live video costs the server: node test/bench/live-view.ts [clip]
 *
 * A real worker and a real API pass one RTSP camera on to 0, 1 and 20 viewers; beside it node-rtsp-stream's way on the
 * same camera (judging/mpeg1-fan-out.ts; needs ffmpeg). CPU time of the processes is counted, the median of three rounds;
 * where the bit rate falls with more viewers, the machine was too busy for the row. Goal: at most 1 % of a core for each
 * viewer more.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { WebSocket } from 'ws';
import { writeClip } from '#demo/rtsp/clip.ts';
import { startRtspServer } from '#demo/rtsp/server.ts';
import { configEnvironment, ROOT_DIR } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import { startWorkerSite, untilState } from '#test/ingest/worker-site.ts';
import { freePort, until } from '#test/site/site.ts';
import { machine, median } from './judging/streams.ts';

const MANY = 20;
const ROUNDS = 3;
const SETTLE_MS = 2000;
const MEASURE_MS = 8000;

/** Seconds of CPU of the processes since they began; /proc counts in hundredths. */
function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);
}

async function coresOf(pids: readonly number[]): Promise<number> {
  await pause(SETTLE_MS);
  const [before, startedAt] = [cpuSeconds(pids), performance.now()];
  await pause(MEASURE_MS);
  return (cpuSeconds(pids) - before) / ((performance.now() - startedAt) / 1000);
}

type Viewers = Disposable & { bytes: () => number };

async function watch(count: number, url: string, headers: Record<string, string>): Promise<Viewers> {
  let bytes = 0;
  const sockets = Array.from({ length: count }, () => {
    const socket = new WebSocket(url, { headers });
    socket.on('message', (data: Buffer) => {
      bytes += data.length;
    });
    return socket;
  });
  await Promise.all(sockets.map((socket) => once(socket, 'message')));
  return {
    bytes: () => bytes,
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

export type Row = { viewers: number; cores: number; kbitPerS: number };

type Measured = { pids: readonly number[]; url: string; headers?: Record<string, string> };

async function measure(counts: readonly number[], { pids, url, headers = {} }: Measured): Promise<Row[]> {
  const rounds: Row[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const viewers of counts) {
      using watching = await watch(viewers, url, headers);
      const [before, startedAt] = [watching.bytes(), performance.now()];
      const cores = await coresOf(pids);
      const seconds = (performance.now() - startedAt) / 1000;
      const kbit = ((watching.bytes() - before) * 8) / 1000;
      rounds.push({ viewers, cores, kbitPerS: viewers === 0 ? 0 : kbit / seconds / viewers });
    }
  }
  return counts.map((viewers) => {
    const own = rounds.filter((row) => row.viewers === viewers);
    const of = (name: 'cores' | 'kbitPerS') => median(own.map((row) => row[name]));
    return { viewers, cores: of('cores'), kbitPerS: of('kbitPerS') };
  });
}

/** 1080p25 with a keyframe every two seconds, as cameras are set by default. */
async function streetClip(folder: string): Promise<string> {
  const path = resolve(folder, 'street.mp4');
  const shape = { codec: 'h264', width: 1920, height: 1080, fps: 25, seconds: 8, gopS: 2 } as const;
  await writeClip({ ...shape, path, scene: 'moving-box', seed: 5, noise: 1 });
  return path;
}

function startApi(env: NodeJS.ProcessEnv): ChildProcess {
  return fork(resolve(ROOT_DIR, 'api/main.ts'), { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

async function measureOurs(rtspUrl: string): Promise<Row[]> {
  await using site = await startWorkerSite();
  const worker = await site.startWorker('bench');
  const source = { kind: 'rtsp' as const, url: rtspUrl, transport: 'tcp' as const };
  // Looked at once a second without a model, so that the camera's own cost stays small and even.
  await site.addCamera('bench', { source, sampleFps: 1, isGated: true });
  await untilState(site, 'bench', 'degraded').catch(() => untilState(site, 'bench', 'live'));
  const api = startApi({ ...process.env, ...configEnvironment(site.config) });
  try {
    const tokenPath = resolve(site.config.dataDir, 'secrets', 'cli-token');
    const base = `127.0.0.1:${site.config.apiPort}`;
    await until('the API', async () => (await fetch(`http://${base}/healthz`)).ok, 120_000);
    const headers = { authorization: `Bearer ${readFileSync(tokenPath, 'utf8').trim()}` };
    const url = `ws://${base}/api/v1/cameras/bench/video`;
    return await measure([0, 1, MANY], { pids: [worker.process.pid ?? 0, api.pid ?? 0], url, headers });
  } finally {
    api.kill('SIGTERM');
    await once(api, 'exit');
  }
}

async function measureTheirs(rtspUrl: string): Promise<Row[]> {
  const port = await freePort();
  const child = fork(resolve(import.meta.dirname, 'judging/mpeg1-fan-out.ts'), [rtspUrl, String(port)]);
  try {
    const [{ ffmpeg }] = (await once(child, 'message')) as [{ ffmpeg: number }];
    return await measure([0, 1, MANY], { pids: [child.pid ?? 0, ffmpeg], url: `ws://127.0.0.1:${port}` });
  } finally {
    child.kill('SIGTERM');
  }
}

function print(name: string, rows: readonly Row[]): void {
  console.log(`\n${name}`);
  for (const { viewers, cores, kbitPerS } of rows) {
    const rate = viewers === 0 ? '' : `  ${kbitPerS.toFixed(0)} kbit/s each`;
    console.log(`  ${String(viewers).padStart(2)} viewers  ${(cores * 100).toFixed(2).padStart(6)} % of a core${rate}`);
  }
  const [, one, many] = rows;
  if (one === undefined || many === undefined) return;
  const each = (many.cores - one.cores) / (many.viewers - one.viewers);
  console.log(`  each viewer more: ${(each * 100).toFixed(3)} % of a core`);
}

if (import.meta.main) {
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = process.argv[2] === undefined ? await streetClip(folder) : resolve(process.argv[2]);
  await using rtsp = await startRtspServer({ port: 0, streams: [{ path: 'bench', file }] });
  console.log(`${machine()}; ${file}`);
  print('Sharp Eyes: worker and API, fragments over WebSocket', await measureOurs(rtsp.url('bench')));
  print('the way of node-rtsp-stream: ffmpeg to MPEG-1, over WebSocket', await measureTheirs(rtsp.url('bench')));
}
