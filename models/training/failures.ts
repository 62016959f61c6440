/**
 * Shows where a model is wrong, on renders of ours alone: node models/training/failures.ts --out FILE.webp [--model NAME] [--kinds a,b] [--every N] [--most N] TRUTH.jsonl…
 *
 * Each picture is what was found with the highest score where nothing is (red), or what is there and was not found
 * (yellow, largest first), with what is labelled there in green; `--most` of each and kind, from as many frames as can be.
 */
import { parseArgs } from 'node:util';
import sharp, { type OverlayOptions } from 'sharp';
import { resolveModel } from '#models/catalog/resolve.ts';
import type { Detector } from '#models/detectors/detector.ts';
import { iou } from '#models/detectors/evaluate/average-precision.ts';
import type { LabelledFrame } from '#models/detectors/evaluate/labelled-frame.ts';
import { readTruths } from '#models/detectors/evaluate/truth/read-truth.ts';
import { openDetector } from '#models/detectors/open.ts';
import { createScaler } from '#models/detectors/scale.ts';
import type { Box, Detection } from '#models/schema/detection.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import { loadConfig } from '#system/config.ts';

const TILE_PX = 168;
const COLUMNS = 6;
const SIZE = { width: 1280, height: 720 };
/** Nearer than this in the picture and of the same clip, it is the same failure again. */
const SAME_PX = 60;

type Failure = {
  kind: Kind;
  clip: string;
  what: 'wrong' | 'missed';
  box: Box;
  /** What sorts failures: the score, or the share of the picture. */
  weight: number;
  tile: Buffer;
};

/** What is wrong in one frame at a threshold, without its picture. */
export function failuresOf(
  found: readonly Detection[],
  { labels, regions }: Pick<LabelledFrame, 'labels' | 'regions'>,
  kind: Kind,
): Pick<Failure, 'what' | 'box' | 'weight'>[] {
  const free = labels.filter((label) => label.kind === kind).map(({ box }) => box);
  const failures: Pick<Failure, 'what' | 'box' | 'weight'>[] = [];
  const mine = found.filter((one) => one.kind === kind).toSorted((a, b) => b.score - a.score);
  for (const { box, score } of mine) {
    const at = free.findIndex((label) => iou(label, box) >= 0.5);
    if (at >= 0) free.splice(at, 1);
    else if (!regions.some((region) => iou(region, box) > 0.3)) failures.push({ what: 'wrong', box, weight: score });
  }
  for (const box of free) failures.push({ what: 'missed', box, weight: box[2] * box[3] });
  return failures;
}

/** A square round the box, with labels in green and the box itself in the failure's colour. */
async function drawTile(
  picture: Buffer,
  { box, what, weight }: Pick<Failure, 'box' | 'what' | 'weight'>,
  labels: readonly Box[],
) {
  const [x, y, width, height] = pixels(box);
  const side = Math.min(SIZE.height, Math.max(96, 2 * Math.max(width, height)));
  const left = Math.round(Math.min(SIZE.width - side, Math.max(0, x + width / 2 - side / 2)));
  const top = Math.round(Math.min(SIZE.height - side, Math.max(0, y + height / 2 - side / 2)));
  const scale = TILE_PX / side;
  const rect = (of: Box, colour: string) => {
    const [a, b, wide, high] = pixels(of);
    return `<rect x="${(a - left) * scale}" y="${(b - top) * scale}" width="${wide * scale}" height="${high * scale}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
  };
  const words = what === 'wrong' ? weight.toFixed(2) : `${Math.round(height)} px`;
  const colour = what === 'wrong' ? '#ff2a2a' : '#ffd400';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${TILE_PX}" height="${TILE_PX}">${labels.map((label) => rect(label, '#25e05c')).join('')}${rect(box, colour)}<text x="4" y="14" font-size="13" font-family="sans-serif" fill="${colour}" stroke="#000" stroke-width="3" paint-order="stroke">${words}</text></svg>`;
  return sharp(picture, { raw: { ...SIZE, channels: 3 } })
    .extract({ left, top, width: Math.round(side), height: Math.round(side) })
    .resize(TILE_PX, TILE_PX)
    .composite([{ input: Buffer.from(svg) }])
    .png()
    .toBuffer();
}

const pixels = ([x, y, width, height]: Box): Box => [
  x * SIZE.width,
  y * SIZE.height,
  width * SIZE.width,
  height * SIZE.height,
];

const isSame = (a: Pick<Failure, 'box' | 'clip' | 'what'>, b: Pick<Failure, 'box' | 'clip' | 'what'>) => {
  const [ax, ay, aw, ah] = pixels(a.box);
  const [bx, by, bw, bh] = pixels(b.box);
  return (
    a.clip === b.clip && a.what === b.what && Math.hypot(ax + aw / 2 - bx - bw / 2, ay + ah / 2 - by - bh / 2) < SAME_PX
  );
};

function toRgb(scaler: ReturnType<typeof createScaler>, frame: LabelledFrame['picture']): Buffer {
  const { red, green, blue, stride } = scaler.scale(frame, SIZE);
  const data = Buffer.alloc(SIZE.width * SIZE.height * 3);
  for (let row = 0, to = 0; row < SIZE.height; row++) {
    for (let at = row * stride; at < row * stride + SIZE.width; at++) {
      data[to++] = red[at] as number;
      data[to++] = green[at] as number;
      data[to++] = blue[at] as number;
    }
  }
  return data;
}

type Wanted = { kinds: readonly Kind[]; most: number };

/** The worst failures of each kind and sort so far, each place of a clip once. */
function keepWorst(most: number) {
  const kept = new Map<string, Failure[]>();
  const listOf = ({ kind, what }: Pick<Failure, 'kind' | 'what'>) => {
    const list = kept.get(`${kind} ${what}`) ?? [];
    kept.set(`${kind} ${what}`, list);
    return list;
  };
  return {
    listOf,
    async offer(failure: Omit<Failure, 'tile'>, draw: () => Promise<Buffer>) {
      const list = listOf(failure);
      const same = list.find((one) => isSame(one, failure));
      const rival = same ?? (list.length < most ? undefined : list.at(-1));
      if (rival !== undefined && rival.weight >= failure.weight) return;
      const tile = await draw();
      if (rival !== undefined) list.splice(list.indexOf(rival), 1);
      list.push({ ...failure, tile });
      list.sort((a, b) => b.weight - a.weight);
    },
  };
}

async function collect(
  detector: Detector,
  frames: AsyncIterable<LabelledFrame>,
  { kinds, most }: Wanted,
): Promise<Failure[]> {
  using scaler = createScaler();
  const worst = keepWorst(most);
  for await (const frame of frames) {
    const [found = []] = await detector.detect([frame.picture]);
    const clip = frame.name.split(' ')[0] ?? '';
    let picture: Buffer | undefined;
    for (const kind of kinds) {
      const labels = frame.labels.filter((label) => label.kind === kind).map(({ box }) => box);
      for (const failure of failuresOf(found, frame, kind)) {
        await worst.offer({ ...failure, kind, clip }, () => {
          picture ??= toRgb(scaler, frame.picture);
          return drawTile(picture, failure, labels);
        });
      }
    }
  }
  return kinds.flatMap((kind) => (['wrong', 'missed'] as const).flatMap((what) => worst.listOf({ kind, what })));
}

async function writeSheet(path: string, tiles: readonly Buffer[], columns: number): Promise<void> {
  const rows = Math.ceil(tiles.length / columns);
  const placed = tiles.map(
    (input, index): OverlayOptions => ({
      input,
      left: (index % columns) * TILE_PX,
      top: Math.floor(index / columns) * TILE_PX,
    }),
  );
  await sharp({ create: { width: columns * TILE_PX, height: rows * TILE_PX, channels: 3, background: '#fff' } })
    .composite(placed)
    .toFile(path);
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string', default: 'failures.webp' },
      model: { type: 'string', default: 'eyes-nano' },
      kinds: { type: 'string', default: KINDS.join(',') },
      every: { type: 'string', default: '30' },
      most: { type: 'string', default: '6' },
    },
  });
  const isKind = (kind: string): kind is Kind => (KINDS as readonly string[]).includes(kind);
  await using detector = await openDetector(resolveModel({ name: values.model, ...loadConfig() }));
  const failures = await collect(detector, readTruths(positionals, Number(values.every)), {
    kinds: values.kinds.split(',').filter(isKind),
    most: Number(values.most),
  });
  await writeSheet(
    values.out,
    failures.map(({ tile }) => tile),
    COLUMNS,
  );
  for (const { kind, what, clip, weight, box } of failures)
    process.stdout.write(`${kind} ${what} ${clip} ${weight.toFixed(4)} ${pixels(box).map(Math.round).join(' ')}\n`);
}
