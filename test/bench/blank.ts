/**
 * What privacy masks cost: `node test/bench/blank.ts [seconds]`. CPU of decoding every picture of a 1080p25 clip, with
 * and without masks over a third of it, in one run, alternately; medians of five rounds.
 */
import { resolve } from 'node:path';
import { readSource } from '#ingest/read/read-source.ts';
import type { PictureRings } from '#models/schema/mask.ts';
import { makeClips } from '#test/ingest/clips.ts';

const SECONDS = Number(process.argv[2] ?? 8);
const ROUNDS = 5;
const MASKS: PictureRings = [
  [
    [0, 0],
    [0.5, 0],
    [0.4, 0.5],
    [0.05, 0.6],
  ],
  [
    [0.7, 0.6],
    [1, 0.5],
    [1, 1],
    [0.65, 1],
  ],
];

async function cpuMs(path: string, privacyMasks: PictureRings): Promise<{ ms: number; pictures: number }> {
  const before = process.cpuUsage();
  let pictures = 0;
  const signal = new AbortController().signal;
  for await (const sight of readSource({ kind: 'file', path, isLooped: false }, { signal, privacyMasks })) {
    if (sight.type !== 'frame') continue;
    pictures++;
    sight.frame[Symbol.dispose]();
  }
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, pictures };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

using clips = makeClips();
const path = resolve(await clips.write('street.mp4', { width: 1920, height: 1080, fps: 25, seconds: SECONDS }));
const [plain, masked]: [number[], number[]] = [[], []];
let pictures = 0;
await cpuMs(path, MASKS);
for (let round = 0; round < ROUNDS; round++) {
  ({ pictures } = await cpuMs(path, []));
  plain.push((await cpuMs(path, [])).ms);
  masked.push((await cpuMs(path, MASKS)).ms);
}
const [without, with_] = [median(plain) / pictures, median(masked) / pictures];
console.log(`${pictures} pictures of 1920x1080, every one decoded and handed on`);
console.log(
  `without masks ${without.toFixed(2)} ms a picture, with ${with_.toFixed(2)} ms: ${(with_ / without).toFixed(2)} times`,
);
