/**
 * A clip's truth as a small file: one row of differences per thing and number, JSON, gzipped. Boxes are whole pixels,
 * what is seen whole per cent, places 1e-7 degrees as second differences, because most things keep their speed.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import Type, { type Static } from 'typebox';
import { checker, InvalidValueError } from '#models/schema/check.ts';
import type { Box } from '#models/schema/detection.ts';
import { Kind } from '#models/schema/kind.ts';
import { PICTURE } from '../camera.ts';
import { CITY_ORIGIN } from '../origin.ts';
import type { ClipTruth, TruthAgent } from './clip-truth.ts';

const Row = Type.Array(Type.Integer());

const PackedThing = Type.Object(
  {
    id: Type.Integer({ minimum: 1 }),
    kind: Kind,
    part: Type.Enum(['whole', 'rider', 'machine', 'both', 'parked']),
    stays: Type.Boolean(),
    /** First frame and number of frames, again and again. */
    spans: Type.Array(Type.Integer({ minimum: 0 })),
    left: Row,
    top: Row,
    width: Row,
    height: Row,
    visible: Row,
    lon: Row,
    lat: Row,
  },
  { additionalProperties: false },
);

const PackedTruth = Type.Object(
  {
    version: Type.Literal(1),
    view: Type.String(),
    variant: Type.Enum(['main', 'night', 'busy', 'rain', 'fog', 'dusk', 'glare', 'incident']),
    fps: Type.Integer({ minimum: 1 }),
    frames: Type.Integer({ minimum: 1 }),
    widthPx: Type.Integer({ minimum: 1 }),
    heightPx: Type.Integer({ minimum: 1 }),
    things: Type.Array(PackedThing),
  },
  { additionalProperties: false },
);
type PackedTruth = Static<typeof PackedTruth>;
type PackedThing = Static<typeof PackedThing>;

const check = checker('the truth of a clip', PackedTruth);
const TICKS_PER_DEGREE = 1e7;

export function packTruth({ view, variant, fps, frames }: ClipTruth): Buffer {
  const rows = new Map<string, { agent: TruthAgent; frame: number }[]>();
  for (const [frame, agents] of frames.entries()) {
    for (const agent of agents) {
      const key = `${agent.id} ${agent.part}`;
      const row = rows.get(key) ?? [];
      row.push({ agent, frame });
      rows.set(key, row);
    }
  }
  const packed: PackedTruth = {
    version: 1,
    view,
    variant,
    fps,
    frames: frames.length,
    ...PICTURE,
    things: [...rows.values()].map(packThing),
  };
  return gzipSync(JSON.stringify(packed), { level: 9 });
}

function packThing(row: readonly { agent: TruthAgent; frame: number }[]): PackedThing {
  const { id, kind, part, stays } = row[0]!.agent;
  const { widthPx, heightPx } = PICTURE;
  const column = (value: (agent: TruthAgent) => number) =>
    differences(row.map(({ agent }) => Math.round(value(agent))));
  return {
    id,
    kind,
    part,
    stays,
    spans: spansOf(row.map(({ frame }) => frame)),
    left: column(({ box }) => box[0] * widthPx),
    top: column(({ box }) => box[1] * heightPx),
    width: column(({ box }) => box[2] * widthPx),
    height: column(({ box }) => box[3] * heightPx),
    visible: column(({ visible }) => visible * 100),
    lon: differences(column(({ lon }) => (lon - CITY_ORIGIN.lon) * TICKS_PER_DEGREE)),
    lat: differences(column(({ lat }) => (lat - CITY_ORIGIN.lat) * TICKS_PER_DEGREE)),
  };
}

/** Throws InvalidValueError where the file is no truth of a clip, or one of its rows is too short or too long. */
export function unpackTruth(file: Buffer, name = 'the truth of a clip'): ClipTruth {
  const packed = check(readJson(file, name));
  const frames: TruthAgent[][] = Array.from({ length: packed.frames }, () => []);
  for (const thing of packed.things) unpackThing(thing, { packed, frames, name });
  return { view: packed.view, variant: packed.variant, fps: packed.fps, frames };
}

function readJson(file: Buffer, name: string): unknown {
  try {
    return JSON.parse(gunzipSync(file).toString('utf8')) as unknown;
  } catch (error) {
    throw new InvalidValueError(name, [`it is no gzipped JSON: ${(error as Error).message}`]);
  }
}

type Into = { packed: PackedTruth; frames: TruthAgent[][]; name: string };

function unpackThing(thing: PackedThing, { packed, frames, name }: Into): void {
  const { id, kind, part, stays } = thing;
  const at = framesOf(thing.spans);
  const columns = [thing.left, thing.top, thing.width, thing.height, thing.visible, thing.lon, thing.lat];
  if (columns.some((column) => column.length !== at.length) || (at.at(-1) ?? 0) >= packed.frames)
    throw new InvalidValueError(name, [`thing ${id} has rows of another length than its ${at.length} frames`]);
  const [left, top, width, height, visible] = columns.slice(0, 5).map(sums) as [number[], ...number[][]];
  const [lon, lat] = [sums(sums(thing.lon)), sums(sums(thing.lat))];
  for (const [index, frame] of at.entries()) {
    const box: Box = [
      left[index]! / packed.widthPx,
      top![index]! / packed.heightPx,
      width![index]! / packed.widthPx,
      height![index]! / packed.heightPx,
    ];
    frames[frame]!.push({
      id,
      kind,
      part,
      stays,
      box,
      visible: visible![index]! / 100,
      lon: CITY_ORIGIN.lon + lon[index]! / TICKS_PER_DEGREE,
      lat: CITY_ORIGIN.lat + lat[index]! / TICKS_PER_DEGREE,
    });
  }
}

const differences = (values: readonly number[]) => values.map((value, index) => value - (values[index - 1] ?? 0));

function sums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

function spansOf(frames: readonly number[]): number[] {
  const spans: number[] = [];
  for (const [index, frame] of frames.entries()) {
    if (index > 0 && frame === frames[index - 1]! + 1) spans[spans.length - 1]! += 1;
    else spans.push(frame, 1);
  }
  return spans;
}

function framesOf(spans: readonly number[]): number[] {
  const frames: number[] = [];
  for (let at = 0; at + 1 < spans.length; at += 2)
    for (let step = 0; step < spans[at + 1]!; step++) frames.push(spans[at]! + step);
  return frames;
}
