/**
 * A worker's memory over time with a dead camera among eight: node test/soak/worker-memory.ts [minutes, default 30].
 * Seven cameras play over real RTSP, gated; the eighth refuses, and is retried faster than a patient worker would by
 * being switched between refusing, freezing and resetting. Says the memory each minute and the slope of the second half.
 */
import { resolve } from 'node:path';
import { writeClip } from '#demo/rtsp/clip.ts';
import { type Fault, startRtspServer } from '#demo/rtsp/server.ts';
import { loadConfig } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import { startWorkerSite, untilState } from '#test/ingest/worker-site.ts';
import { measure, measureHeap, slope } from './memory.ts';

const LIVE_CAMERAS = 7;
const FAULTS: Fault[] = [{ kind: 'refuse' }, { kind: 'freeze' }, { kind: 'reset' }, { kind: 'not-found' }];

const minutes = Number(process.argv[2] ?? 30);
const { materialDir, modelsDir } = loadConfig();
await using site = await startWorkerSite({ materialDir, modelsDir });
const clip = resolve(site.config.dataDir, 'clip.mp4');
await writeClip({
  path: clip,
  codec: 'h264',
  width: 640,
  height: 360,
  fps: 10,
  seconds: 30,
  gopS: 2,
  scene: 'sparse-motion',
  seed: 3,
});
const names = Array.from({ length: LIVE_CAMERAS + 1 }, (_, index) => (index < LIVE_CAMERAS ? `live-${index}` : 'dead'));
await using rtsp = await startRtspServer({
  port: 0,
  streams: names.map((path, index) => ({ path, file: clip, startAtS: index * 3 })),
});
const worker = await site.startWorker('soak');
for (const name of names) {
  await site.addCamera(name, {
    source: { kind: 'rtsp', url: rtsp.url(name), transport: 'tcp' },
    sampleFps: 2,
    isGated: true,
  });
}
for (const name of names) await untilState(site, name, 'live');

const points: { minute: number; memoryMb: number }[] = [];
for (let minute = 0; minute <= minutes; minute++) {
  await rtsp.fault('dead', FAULTS[minute % FAULTS.length] ?? { kind: 'none' });
  const { memoryMb, threads } = measure(worker);
  const { heapMb, externalMb } = await measureHeap(site);
  const dead = await site.stateOf('dead');
  points.push({ minute, memoryMb });
  console.log(
    `minute ${String(minute).padStart(3)}  ${memoryMb.toFixed(0).padStart(5)} MiB (heap ${heapMb.toFixed(0)}, external ${externalMb.toFixed(0)})  ${threads} threads  dead: ${dead?.state} ${dead?.reason ?? ''}, ${dead?.reconnects} reconnects`,
  );
  if (minute < minutes) await pause(60_000);
}
const half = points.slice(Math.floor(points.length / 2));
console.log(
  `second half: ${slope(half).toFixed(1)} MiB an hour (first ${points[0]?.memoryMb.toFixed(0)}, last ${points.at(-1)?.memoryMb.toFixed(0)} MiB)`,
);
