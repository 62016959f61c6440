/** Which pixels of a raster the rings of a mask touch, as spans row by row. */
import type { PictureRings } from '#models/schema/mask.ts';

/** Columns from `from` up to, not with, `to`. */
export type Span = { row: number; from: number; to: number };

type Range = [from: number, to: number];

/**
 * Every pixel that a ring touches, be it by a corner: what is private is rather covered too far. What a ring that crosses
 * itself winds around counts as inside, whichever way.
 */
export function spansOf(rings: PictureRings, width: number, height: number): Span[] {
  const scaled = rings.map((ring) => ring.map(([x, y]): [number, number] => [x! * width, y! * height]));
  const spans: Span[] = [];
  for (let row = 0; row < height; row++) {
    const ranges = scaled.flatMap((ring) => rangesIn(ring, row));
    for (const [from, to] of merged(ranges, width)) spans.push({ row, from, to });
  }
  return spans;
}

/** What the middle of the row has inside, and whatever the edges run over within the row. */
function rangesIn(ring: readonly [number, number][], row: number): Range[] {
  const middle = row + 0.5;
  const ranges: Range[] = [];
  const crossings: { x: number; turn: 1 | -1 }[] = [];
  for (const [index, start] of ring.entries()) {
    const end = ring[(index + 1) % ring.length]!;
    const [low, high] = start[1] <= end[1] ? [start, end] : [end, start];
    if (high[1] <= row || low[1] >= row + 1) continue;
    const at = (y: number) =>
      high[1] === low[1] ? low[0] : low[0] + ((y - low[1]) / (high[1] - low[1])) * (high[0] - low[0]);
    const [top, bottom] = [at(Math.max(low[1], row)), at(Math.min(high[1], row + 1))];
    if (high[1] === low[1]) ranges.push([Math.min(low[0], high[0]), Math.max(low[0], high[0])]);
    else ranges.push([Math.min(top, bottom), Math.max(top, bottom)]);
    if (low[1] <= middle && high[1] > middle) crossings.push({ x: at(middle), turn: low === start ? 1 : -1 });
  }
  crossings.sort((a, b) => a.x - b.x);
  let winding = 0;
  for (const [index, { x, turn }] of crossings.entries()) {
    winding += turn;
    const next = crossings[index + 1];
    if (winding !== 0 && next !== undefined) ranges.push([x, next.x]);
  }
  return ranges;
}

/** Whole pixels, in order, none twice. */
function merged(ranges: Range[], width: number): Range[] {
  const whole = ranges
    .map(([from, to]): Range => [Math.max(0, Math.floor(from)), Math.min(width, Math.ceil(to))])
    .filter(([from, to]) => to > from)
    .sort((a, b) => a[0] - b[0]);
  const joined: Range[] = [];
  for (const [from, to] of whole) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
