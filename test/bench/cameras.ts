/**
 * Prints how many cameras one core carries, by picture size, motion and sampling, and what a camera costs in memory:
 * node test/bench/cameras.ts. One real worker process reads synthetic clips at their own speed; its CPU time is
 * measured, so that a busy machine changes little as long as no frame is dropped.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { writeClip } from '#demo/rtsp/clip.ts';
import type { SceneKind } from '#demo/rtsp/scene.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { loadConfig } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import { startWorkerSite, untilState, type WorkerProcess, type WorkerSite } from '#test/ingest/worker-site.ts';

type Case = { width: number; height: number; scene: SceneKind; motion: string; sampleFps: number; isGated: boolean };

const SIZES = [
  { width: 640, height: 360 },
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
];
const CASES: Case[] = [
  ...SIZES.map((size) => ({ ...size, scene: 'still-noise' as const, motion: 'none', sampleFps: 5, isGated: true })),
  ...SIZES.map((size) => ({ ...size, scene: 'sparse-motion' as const, motion: 'sparse', sampleFps: 5, isGated: true })),
  ...SIZES.map((size) => ({ ...size, scene: 'moving-box' as const, motion: 'always', sampleFps: 5, isGated: true })),
  { width: 1280, height: 720, scene: 'moving-box', motion: 'always', sampleFps: 2, isGated: true },
  { width: 1280, height: 720, scene: 'moving-box', motion: 'always', sampleFps: 10, isGated: true },
  { width: 1280, height: 720, scene: 'still-noise', motion: 'none, gate off', sampleFps: 5, isGated: false },
];

const FPS = 25;
const CLIP_S = 20;
const SETTLE_MS = 6000;
const MEASURE_MS = 20_000;
const MEMORY_CAMERAS = 6;

/** Seconds of CPU since the process began; /proc counts in hundredths. */
function cpuSeconds({ process }: WorkerProcess): number {
  const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function memoryMb({ process }: WorkerProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8'))?.[1]) / 1024;
}

async function clipOf(
  site: WorkerSite,
  { width, height, scene }: Pick<Case, 'width' | 'height' | 'scene'>,
): Promise<string> {
  const media = resolve(site.config.dataDir, 'media');
  mkdirSync(media, { recursive: true });
  const path = resolve(media, `${scene}-${height}.mp4`);
  await writeClip({ path, codec: 'h264', width, height, fps: FPS, seconds: CLIP_S, gopS: 2, scene, seed: 5 });
  return path;
}

type Cost = { cores: number; lookedPerS: number; dropped: number };

/** Cores that the worker uses over a while, and what its camera did meanwhile. */
async function measure(site: WorkerSite, worker: WorkerProcess, camera?: string): Promise<Cost> {
  const figures = async () => (camera === undefined ? undefined : await site.stateOf(camera));
  await pause(SETTLE_MS);
  const [before, cpu, startedAt] = [await figures(), cpuSeconds(worker), performance.now()];
  await pause(MEASURE_MS);
  const seconds = (performance.now() - startedAt) / 1000;
  const [after, cores] = [await figures(), (cpuSeconds(worker) - cpu) / seconds];
  const looked = (after?.looked ?? 0) - (before?.looked ?? 0);
  // States come every five seconds: the time between the two is what their figures belong to.
  const stateS = ((after?.updatedAtMs ?? 0) - (before?.updatedAtMs ?? 0)) / 1000;
  const dropped = (after?.dropped ?? 0) - (before?.dropped ?? 0);
  return { cores, lookedPerS: stateS > 0 ? looked / stateS : 0, dropped };
}

async function measureCase(site: WorkerSite, worker: WorkerProcess, one: Case): Promise<Cost> {
  const { sampleFps, isGated } = one;
  await site.addCamera('bench', {
    source: { kind: 'file', path: await clipOf(site, one), isLooped: true },
    sampleFps,
    isGated,
  });
  await untilState(site, 'bench', 'live');
  const cost = await measure(site, worker, 'bench');
  await site.registry.cameras.remove('bench');
  return cost;
}

/** Memory of each camera more, from one to several of 720p that move all the time. */
async function measureMemory(site: WorkerSite, worker: WorkerProcess): Promise<number> {
  const path = await clipOf(site, { width: 1280, height: 720, scene: 'moving-box' });
  const add = async (index: number) => {
    const source = { kind: 'file' as const, path, isLooped: true };
    await site.addCamera(`memory-${index}`, { source, sampleFps: 1, isGated: true });
    await untilState(site, `memory-${index}`, 'live');
  };
  await add(0);
  await pause(SETTLE_MS * 2);
  const before = memoryMb(worker);
  for (let index = 1; index < MEMORY_CAMERAS; index++) await add(index);
  await pause(SETTLE_MS * 2);
  return (memoryMb(worker) - before) / (MEMORY_CAMERAS - 1);
}

function row(one: Case, base: Cost, cost: Cost): string {
  const cores = Math.max(0.001, cost.cores - base.cores);
  const size = `${one.width}x${one.height}`.padEnd(10);
  const figures = `${(cores * 100).toFixed(1).padStart(6)} %  ${(1 / cores).toFixed(0).padStart(6)}`;
  const note = cost.dropped > 0 ? `  (${cost.dropped} frames dropped: the machine was too busy for this row)` : '';
  return `${size} ${one.motion.padEnd(15)} ${String(one.sampleFps).padStart(5)}   ${figures}   ${cost.lookedPerS.toFixed(1).padStart(6)}${note}`;
}

if (import.meta.main) {
  const { materialDir, modelsDir } = loadConfig();
  const { manifest } = resolveModel({ name: '', materialDir, modelsDir });
  const [cpu] = cpus();
  console.log(
    `${cpus().length} x ${cpu?.model}, Node ${process.version}, ${manifest.name} ${manifest.input.width}x${manifest.input.height}`,
  );
  await using site = await startWorkerSite({ materialDir, modelsDir });
  const worker = await site.startWorker('bench');
  const base = await measure(site, worker);
  console.log(
    `a worker without cameras: ${(base.cores * 100).toFixed(1)} % of a core, ${memoryMb(worker).toFixed(0)} MiB\n`,
  );
  console.log(`one camera, H.264 at ${FPS} fps, keyframe every 2 s, a full look every 10 s`);
  console.log('size       motion          looks/s  of a core  cameras/core  looked/s');
  for (const one of CASES) console.log(row(one, base, await measureCase(site, worker, one)));
  // A fresh process: the one above still has the memory of its largest pictures.
  await worker.end('SIGTERM');
  const fresh = await site.startWorker('bench-memory');
  console.log(`\nmemory: ${(await measureMemory(site, fresh)).toFixed(1)} MiB for each 720p camera more`);
  console.log(
    'Cost follows motion: what stands still costs its packets and one look in ten seconds, what moves is decoded',
  );
  console.log('whole and looked at; there the size decides the decoding, and the looks per second the rest.');
}
