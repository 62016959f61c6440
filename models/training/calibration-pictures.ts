/**
 * Writes pictures as eyes-nano is fed them, for quantise.py to learn the range of every tensor from:
 * node models/training/calibration-pictures.ts OUT [CLIP …]
 *
 * Absent clips: the nine views of the city that it is trained on, in every light and weather. OUT holds one picture after
 * the other, 3 x 320 x 544 bytes each, planes of blue, green and red.
 */
import { openSync, readdirSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { builtInManifests } from '#models/catalog/built-in.ts';
import { readManifest } from '#models/catalog/manifest-file.ts';
import { clipFrames } from '#models/detectors/evaluate/clip-frames.ts';
import { createFeed } from '#models/detectors/feed.ts';
import { ROOT_DIR } from '#system/config.ts';

/** Of a minute of 15 frames a second: four pictures a clip. */
const EVERY = 240;
/** They judge the model (docs/models.md). */
const HELD_OUT = ['market', 'riverside', 'school'];

function trainedClips(): string[] {
  const folder = resolve(ROOT_DIR, 'demo/clips');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.mp4') && !HELD_OUT.some((view) => name.startsWith(`${view}-`)))
    .map((name) => resolve(folder, name));
}

const [out, ...named] = process.argv.slice(2);
if (out === undefined) throw new Error('node models/training/calibration-pictures.ts OUT [CLIP …]');
const [first = ''] = builtInManifests();
using feed = createFeed(readManifest(first).manifest.input, 1);
const file = openSync(out, 'w');
let pictures = 0;
for (const clip of named.length > 0 ? named : trainedClips()) {
  for await (const { index, av } of clipFrames(clip)) {
    if (index % EVERY !== 0) continue;
    feed.fill(0, av);
    writeSync(file, Uint8Array.from(feed.data));
    pictures += 1;
  }
}
console.log(`${out}: ${pictures} pictures`);
