/**
 * Times models beside each other in one run, picture by picture, from a decoded 1280x720 picture to its detections with one
 * thread: node test/bench/model-speed.ts [NAME|MANIFEST …], the first being what the others are compared with.
 */
import { AV_PIX_FMT_RGB24 } from 'node-av/constants';
import { Frame as AvFrame } from 'node-av/lib';
import { resolveModel } from '#models/catalog/resolve.ts';
import { openDetector } from '#models/detectors/open.ts';
import { loadConfig } from '#system/config.ts';
import { machine, median } from './judging/streams.ts';

const ROUNDS = 60;
const WARM_UP = 5;
const SIZE = { width: 1280, height: 720 };

const names = process.argv.length > 2 ? process.argv.slice(2) : ['yolox-nano', 'nanodet-m-416', 'eyes-nano'];
const places = loadConfig();
const data = Buffer.from(Uint8Array.from({ length: SIZE.width * SIZE.height * 3 }, (_, at) => (at * 7919) % 251));
using picture = AvFrame.fromVideoBuffer(data, { ...SIZE, format: AV_PIX_FMT_RGB24 });
const runners = await Promise.all(
  names.map(async (name) => ({
    detector: await openDetector(resolveModel({ ...places, name })),
    times: [] as number[],
  })),
);
for (let round = 0; round < WARM_UP + ROUNDS; round++) {
  for (const { detector, times } of runners) {
    const beganMs = performance.now();
    await detector.detect([picture]);
    if (round >= WARM_UP) times.push(performance.now() - beganMs);
  }
}
console.log(machine());
const figures = runners.map(({ detector, times }) => {
  const { name, input } = detector.manifest;
  return { label: `${name} at ${input.width}x${input.height}`, median: median(times), best: Math.min(...times) };
});
const base = figures[0] ?? { median: Number.NaN, best: Number.NaN };
for (const { label, median: middle, best } of figures) {
  const ratio = `${(middle / base.median).toFixed(2)} (best ${(best / base.best).toFixed(2)})`;
  console.log(`${label}: median ${middle.toFixed(1)} ms, best ${best.toFixed(1)} ms; ${ratio} of ${names[0]}`);
}
for (const { detector } of runners) await detector[Symbol.asyncDispose]();
