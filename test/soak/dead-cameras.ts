/**
 * A worker's memory while 100 of its 120 cameras are dead: node test/soak/dead-cameras.ts [minutes, default 30].
 * Of the dead a third refuse the connection, a third take it and never answer, a third say that there is no such stream;
 * the 20 others play over real RTSP, gated. Says the memory each minute and the slope of the second half; exit code 1
 * where that is steeper than 20 MiB an hour, or where a live camera suffered.
 */
import { createServer, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { writeClip } from '#demo/rtsp/clip.ts';
import { startRtspServer } from '#demo/rtsp/server.ts';
import { loadConfig } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import { startWorkerSite, untilState } from '#test/ingest/worker-site.ts';
import { measure, measureHeap, slope } from './memory.ts';

const LIVE = 20;
const DEAD = 100;
const SLOPE_MAX = 20;
/** Until the first retries of all are over and pools have their size. */
const WARM_MS = 60_000;

const minutes = Number(process.argv[2] ?? 30);
const { materialDir, modelsDir } = loadConfig();
await using site = await startWorkerSite({ materialDir, modelsDir, workerCameras: LIVE + DEAD, loginsPerS: 50 });
const clip = resolve(site.config.dataDir, 'clip.mp4');
const shape = { codec: 'h264', width: 320, height: 180, fps: 5, seconds: 30, gopS: 2 } as const;
await writeClip({ path: clip, ...shape, scene: 'sparse-motion', seed: 3 });
const live = Array.from({ length: LIVE }, (_, index) => `live-${index}`);
await using rtsp = await startRtspServer({
  port: 0,
  streams: live.map((path, index) => ({ path, file: clip, startAtS: index })),
});

/** Takes connections and says nothing, as a box does whose system has hung. */
const held = new Set<Socket>();
const silent = createServer((socket) => {
  held.add(socket);
  socket.on('error', () => {}).on('close', () => held.delete(socket));
});
await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
const { port } = silent.address() as { port: number };

/** Each dead one has an address of its own on loopback, so that logins do not wait for each other. */
const urlOf = (index: number) =>
  [
    `rtsp://127.8.0.${index + 1}:9/x`,
    `rtsp://127.0.0.1:${port}/${index}`,
    rtsp.url('live-0').replace('live-0', `nothing-${index}`),
  ][index % 3]!;

const worker = await site.startWorker('soak');
const common = { sampleFps: 1, isGated: true };
for (const name of live)
  await site.addCamera(name, { ...common, source: { kind: 'rtsp', url: rtsp.url(name), transport: 'tcp' } });
for (const name of live) await untilState(site, name, 'live');
for (let index = 0; index < DEAD; index++)
  await site.addCamera(`dead-${index}`, { ...common, source: { kind: 'rtsp', url: urlOf(index), transport: 'tcp' } });
await pause(WARM_MS);

const points: { minute: number; memoryMb: number }[] = [];
let suffered = 0;
for (let minute = 0; minute <= minutes; minute++) {
  const { memoryMb, threads } = measure(worker);
  const { heapMb, externalMb } = await measureHeap(site);
  const states = (await site.registry.states.list()).map(({ value }) => value);
  const isLive = states.filter(({ camera, state }) => camera.startsWith('live') && state !== 'down').length;
  const tries = states
    .filter(({ camera }) => camera.startsWith('dead'))
    .reduce((sum, { reconnects }) => sum + reconnects, 0);
  suffered = Math.max(suffered, LIVE - isLive);
  points.push({ minute, memoryMb });
  console.log(
    `minute ${String(minute).padStart(3)}  ${memoryMb.toFixed(0).padStart(5)} MiB (heap ${heapMb.toFixed(0)}, external ${externalMb.toFixed(0)})  ${threads} threads  ${isLive} live, ${tries} tries of the dead`,
  );
  if (minute < minutes) await pause(60_000);
}
const half = points.slice(Math.floor(points.length / 2));
const growth = slope(half);
console.log(`second half: ${growth.toFixed(1)} MiB an hour; ${suffered} live cameras suffered`);
for (const socket of held) socket.destroy();
silent.close();
process.exitCode = growth > SLOPE_MAX || suffered > 0 ? 1 : 0;
