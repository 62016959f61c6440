/** Pictures with VOC's XML beside them (Everingham et al., IJCV 2015); a name that is no kind of ours is ignored. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Box } from '../../../schema/detection.ts';
import { KINDS, type Kind } from '../../../schema/kind.ts';
import { readPicture } from '../../picture.ts';
import type { LabelledFrame } from '../labelled-frame.ts';

export async function* readVocFolder(folder: string, every: number): AsyncGenerator<LabelledFrame> {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.xml') && existsSync(resolve(folder, name.replace(/\.xml$/, '.jpg'))))
    .sort();
  for (const [index, name] of names.entries()) {
    if (index % every !== 0) continue;
    const boxes = parseVoc(readFileSync(resolve(folder, name), 'utf8'));
    using picture = await readPicture(resolve(folder, name.replace(/\.xml$/, '.jpg')));
    const labels = boxes.flatMap(({ name: kind, box }) => (isKind(kind) ? [{ kind, box }] : []));
    const regions = boxes.filter(({ name: kind }) => !isKind(kind)).map(({ box }) => box);
    yield { name, picture, labels, regions };
  }
}

const isKind = (name: string): name is Kind => (KINDS as readonly string[]).includes(name);

/** Boxes as fractions of the picture. */
export function parseVoc(text: string): { name: string; box: Box }[] {
  const number = (tag: string, within: string) => Number(new RegExp(`<${tag}>([\\d.]+)</${tag}>`).exec(within)?.[1]);
  const [width, height] = [number('width', text), number('height', text)];
  return [...text.matchAll(/<object>[\s\S]*?<\/object>/g)].map(([object]) => {
    const [left, top] = [number('xmin', object) / width, number('ymin', object) / height];
    const box: Box = [left, top, number('xmax', object) / width - left, number('ymax', object) / height - top];
    return { name: /<name>(.*?)<\/name>/.exec(object)?.[1] ?? '', box };
  });
}
