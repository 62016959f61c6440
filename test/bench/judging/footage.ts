/** Shared footage for benches and tests: decoded frames of a clip, and the truth that comes with it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Decoder, Demuxer } from 'node-av/api';
import type { Frame as AvFrame } from 'node-av/lib';
import type { Box } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';

/** Decodes with one thread; `index` counts from 1 as MOT files do. The frame is freed when the loop goes on. */
export async function* clipFrames(path: string): AsyncGenerator<{ index: number; atMs: number; av: AvFrame }> {
  await using demuxer = await Demuxer.open(path);
  const stream = demuxer.video();
  if (stream === undefined) throw new Error(`${path} has no video`);
  using decoder = await Decoder.create(stream, { threadCount: 1 });
  let index = 0;
  for await (using av of decoder.frames(demuxer.packets(stream.index))) {
    if (av === null) continue;
    index += 1;
    yield { index, atMs: (Number(av.pts) * 1000 * stream.timeBase.num) / stream.timeBase.den, av };
  }
}

export type TruthBox = { frame: number; id: number; box: Box };

/** MOT format (frame, id, left, top, width, height, …) as fractions of a picture of `size`. */
export function readMotTruth(path: string, size: { width: number; height: number }): TruthBox[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [frame, id, left, top, width, height] = line.split(',').map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return { frame, id, box: [left / size.width, top / size.height, width / size.width, height / size.height] };
  });
}

export const CAMPUS_SIZE = { width: 480, height: 360 };

export type VocPicture = { path: string; boxes: { name: string; box: Box }[] };

/** A folder of pictures with VOC boxes beside them; boxes as fractions. */
export function readVocFolder(folder: string): VocPicture[] {
  const names = readdirSync(folder).filter((file) => file.endsWith('.xml'));
  return names.sort().flatMap((file) => {
    const path = resolve(folder, file.replace(/\.xml$/, '.jpg'));
    if (!existsSync(path)) return [];
    const text = readFileSync(resolve(folder, file), 'utf8');
    const number = (tag: string, within: string) => Number(new RegExp(`<${tag}>([\\d.]+)</${tag}>`).exec(within)?.[1]);
    const [width, height] = [number('width', text), number('height', text)];
    const boxes = [...text.matchAll(/<object>[\s\S]*?<\/object>/g)].map(([object]) => {
      const [left, top] = [number('xmin', object) / width, number('ymin', object) / height];
      const box: Box = [left, top, number('xmax', object) / width - left, number('ymax', object) / height - top];
      return { name: /<name>(.*?)<\/name>/.exec(object)?.[1] ?? '', box };
    });
    return [{ path, boxes }];
  });
}

export const isKind = (kind: Kind) => (thing: { kind: Kind }) => thing.kind === kind;
