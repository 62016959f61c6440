/** One picture of a clip: blurred where the cover says so, and framed for the still. Planes of YUV 4:2:0. */
import type { Frame as AvFrame } from 'node-av/lib';
import type { Box } from '#models/schema/detection.ts';
import type { Cover } from '../cover.ts';
import { type Part, type Plane, soften } from './soften.ts';

/** A person's box keeps four averages across: less than a head is one. */
const PART = { cells: 4, cellMin: 8 };
const WHOLE = { cells: 16, cellMin: 16 };
const WHITE = 235;
const BLACK = 16;
const EVERYTHING: Box = [0, 0, 1, 1];

export function planesOf({ data, linesize, width, height }: AvFrame): Plane[] {
  return [0, 1, 2].map((index) => ({
    data: data![index]!,
    stride: linesize[index]!,
    width: index === 0 ? width : (width + 1) >> 1,
    height: index === 0 ? height : (height + 1) >> 1,
  }));
}

/** Blurs what must not be seen at that time; says whether it was everything. */
export function coverPicture(planes: readonly Plane[], cover: Cover, atMs: number): 'whole' | 'parts' {
  const isNow = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => fromMs <= atMs && atMs <= toMs;
  if (cover.whole.some(isNow)) {
    blur(planes, EVERYTHING, WHOLE);
    return 'whole';
  }
  for (const { box } of cover.parts.filter(isNow)) blur(planes, box, PART);
  return 'parts';
}

function blur(planes: readonly Plane[], box: Box, { cells, cellMin }: typeof PART): void {
  for (const [index, plane] of planes.entries())
    soften(plane, partOf(box, plane), { cells, cellMin: index === 0 ? cellMin : cellMin / 2 });
}

/** Outwards, so that no sample at the edge is left out. */
function partOf([x, y, width, height]: Box, plane: Pick<Plane, 'width' | 'height'>): Part {
  return {
    left: Math.floor(x * plane.width),
    top: Math.floor(y * plane.height),
    right: Math.ceil((x + width) * plane.width),
    bottom: Math.ceil((y + height) * plane.height),
  };
}

/** A white line with a black one around it, for what the alert is about. */
export function framePicture([luma, ...chroma]: readonly Plane[], boxes: readonly Box[]): void {
  const line = Math.max(2, Math.round(luma!.height / 360));
  for (const box of boxes) {
    const part = partOf(box, luma!);
    const outer = {
      left: part.left - line,
      top: part.top - line,
      right: part.right + line,
      bottom: part.bottom + line,
    };
    outline(luma!, outer, { line, value: BLACK });
    outline(luma!, part, { line, value: WHITE });
    for (const plane of chroma) outline(plane, partOf(box, plane), { line: Math.ceil(line / 2), value: 128 });
  }
}

function outline(
  plane: Plane,
  { left, top, right, bottom }: Part,
  { line, value }: { line: number; value: number },
): void {
  fill(plane, { left, top, right, bottom: top + line }, value);
  fill(plane, { left, top: bottom - line, right, bottom }, value);
  fill(plane, { left, top, right: left + line, bottom }, value);
  fill(plane, { left: right - line, top, right, bottom }, value);
}

function fill({ data, stride, width, height }: Plane, part: Part, value: number): void {
  const [left, right] = [Math.max(0, part.left), Math.min(width, part.right)];
  for (let row = Math.max(0, part.top); row < Math.min(height, part.bottom); row++)
    if (right > left) data.fill(value, row * stride + left, row * stride + right);
}
