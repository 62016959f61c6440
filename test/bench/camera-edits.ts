/**
 * Prints how long a change of a camera takes until its worker says that it goes by it: 100 edits of a name, 100 of what
 * the pipeline depends on, 20 cameras added, with two workers and 20 cameras: node test/bench/camera-edits.ts
 */
import { resolve } from 'node:path';
import { writeClip } from '#demo/rtsp/clip.ts';
import { startRtspServer } from '#demo/rtsp/server.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { startApi } from '#test/api/api-site.ts';
import { until } from '#test/site/site.ts';
import { startWorker } from '#test/site/worker.ts';

const CAMERAS = 20;
const EDITS = 100;
const WAIT_S = 15;

await using api = await startApi({ materialDir: '/nowhere' });
const path = resolve(api.config.dataDir, 'clip.mp4');
await writeClip({
  path,
  codec: 'h264',
  width: 320,
  height: 240,
  fps: 5,
  seconds: 4,
  gopS: 1,
  seed: 3,
  scene: 'still-noise',
});
await using rtsp = await startRtspServer({ port: 0, streams: [{ path: 'a', file: path }] });
for (const name of ['worker-1', 'worker-2']) await startWorker(api.site, name);

async function change(method: string, where: string, body: Record<string, unknown>): Promise<number> {
  const { body: view, text } = await api.ask(method, `/api/v1/cameras${where}?wait=${WAIT_S}`, { body });
  const { applied } = view as CameraView;
  if (applied?.isApplied !== true || applied.afterMs === undefined) throw new Error(`not applied: ${text}`);
  return applied.afterMs;
}

function report(what: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => `${sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]} ms`;
  console.log(`${what.padEnd(34)} median ${at(0.5)}, 95 % ${at(0.95)}, worst ${at(1)} (${times.length})`);
}

const added: number[] = [];
for (let index = 0; index < CAMERAS; index++) {
  added.push(await change('POST', '', { id: `camera-${index}`, name: `Camera ${index}`, url: rtsp.url('a') }));
}
report('a camera is added', added);
// A worker that has more than its share gives cameras back; that is another measurement.
await until(
  'all cameras to have pictures',
  () => api.context.states.list().every(({ width }) => width !== undefined),
  60_000,
);

const renamed: number[] = [];
const changed: number[] = [];
for (let index = 0; index < EDITS; index++) {
  const where = `/camera-${index % CAMERAS}`;
  renamed.push(await change('PATCH', where, { name: `Name ${index}` }));
  changed.push(await change('PATCH', where, { sampleFps: 1 + (index % 7) + index / 1000 }));
}
report('its name is changed', renamed);
report('its pipeline begins anew', changed);
