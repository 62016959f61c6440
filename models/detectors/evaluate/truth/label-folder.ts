/** Pictures with a text file each: a line a box, class, centre x, centre y, width and height as fractions. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { Box } from '../../../schema/detection.ts';
import { KINDS, type Kind } from '../../../schema/kind.ts';
import { COCO_CLASSES } from '../../coco.ts';
import { readPicture } from '../../picture.ts';
import type { LabelledFrame } from '../labelled-frame.ts';

const IGNORE = 9;

type Options = { labels: string; isCoco: boolean; every: number };

export async function* readLabelFolder(folder: string, options: Options): AsyncGenerator<LabelledFrame> {
  const { labels, isCoco, every } = options;
  const pictures = readdirSync(folder)
    .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
    .sort();
  for (const [index, name] of pictures.entries()) {
    const path = resolve(labels, `${basename(name, extname(name))}.txt`);
    if (index % every !== 0 || (!isCoco && !existsSync(path))) continue;
    const rows = existsSync(path) ? parseLabels(readFileSync(path, 'utf8')) : [];
    using picture = await readPicture(resolve(folder, name));
    yield { name, picture, ...sortLabels(rows, isCoco) };
  }
}

type Row = { index: number; box: Box };

export function parseLabels(text: string): Row[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [index = -1, x = 0, y = 0, width = 0, height = 0] = line.trim().split(/\s+/).map(Number);
    return { index, box: [x - width / 2, y - height / 2, width, height] };
  });
}

function sortLabels(rows: readonly Row[], isCoco: boolean): Pick<LabelledFrame, 'labels' | 'regions'> {
  const kindOf = (index: number): Kind | undefined => (isCoco ? COCO_CLASSES[index] : KINDS[index]);
  return {
    labels: rows.flatMap(({ index, box }) => {
      const kind = kindOf(index);
      return kind === undefined ? [] : [{ kind, box }];
    }),
    regions: isCoco ? [] : rows.filter(({ index }) => index === IGNORE).map(({ box }) => box),
  };
}
