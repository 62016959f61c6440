/**
 * Which sides of polygons have no partner. Where areas divide a parent without gap and overlap, each side of each area
 * is the reverse of a neighbour's side or the same as one of the parent's: the sum of the areas' borders is the parent's
 * border, so that no gap, no overlap and nothing outside is possible (a chain with the right border is the right chain).
 * Only what is left over has to be looked at by costly geometry. Time grows with the number of corners.
 */
import type { MultiPolygon, Polygon } from '../../schema/area.ts';
import { countPositions } from './crs.ts';

export type Box = [west: number, south: number, east: number, north: number];

/** Sides in the order in which they are walked, outer rings anticlockwise: number + 1, negative where walked back. */
export type Walk = Int32Array;

export type Sides = {
  walks: Walk[];
  /** How often each side was walked, less how often it was walked back. */
  balance: Int32Array;
  boxOf: (side: number) => Box;
};

/** Numbers every side of these shapes once; corners are the same only where their numbers are exactly equal. */
export function numberSides(shapes: readonly (Polygon | MultiPolygon)[]): Sides {
  const count = shapes.reduce((sum, { coordinates }) => sum + countPositions(coordinates), 0);
  const corners = numberPairs(count);
  const sides = numberPairs(count);
  const walks = shapes.map((shape) => {
    const walked: number[] = [];
    for (const rings of shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates) {
      for (const [index, ring] of rings.entries()) {
        const sign = turning(ring) > 0 === (index === 0) ? 1 : -1;
        let before = corners.numberOf(ring[0]![0]!, ring[0]![1]!);
        for (let at = 1; at < ring.length; at++) {
          const corner = corners.numberOf(ring[at]![0]!, ring[at]![1]!);
          const side = sides.numberOf(Math.min(before, corner), Math.max(before, corner)) + 1;
          if (before !== corner) walked.push(before < corner ? sign * side : -sign * side);
          before = corner;
        }
      }
    }
    return Int32Array.from(walked);
  });
  const boxOf = (side: number): Box => {
    const [a, b] = sides.pairOf(side);
    const [[ax, ay], [bx, by]] = [corners.pairOf(a), corners.pairOf(b)];
    return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
  };
  return { walks, balance: new Int32Array(count), boxOf };
}

export function walk({ balance }: Sides, walked: Walk, times: 1 | -1): void {
  for (const side of walked) balance[Math.abs(side) - 1]! += side > 0 ? times : -times;
}

/** Boxes around the sides of this walk that have no partner in the balance as it stands. */
export function looseSides({ balance, boxOf }: Sides, walked: Walk): Box[] {
  const boxes: Box[] = [];
  for (const side of walked) if (balance[Math.abs(side) - 1] !== 0) boxes.push(boxOf(Math.abs(side) - 1));
  return boxes;
}

type Pairs = {
  /** From 0, in the order in which pairs come. */
  numberOf: (x: number, y: number) => number;
  pairOf: (number: number) => [number, number];
};

/**
 * Numbers pairs of numbers by a table of open addresses: a million in a tenth of a second, where nested Maps of numbers
 * took two seconds and most of it in the garbage collector.
 */
function numberPairs(most: number): Pairs {
  const size = 2 ** Math.ceil(Math.log2(Math.max(most, 8) * 2));
  const [xs, ys] = [new Float64Array(Math.max(most, 1)), new Float64Array(Math.max(most, 1))];
  const slots = new Int32Array(size).fill(-1);
  const bits = new Float64Array(2);
  const words = new Uint32Array(bits.buffer);
  let count = 0;
  return {
    pairOf: (number) => [xs[number]!, ys[number]!],
    numberOf(x, y) {
      // Minus nought is nought, but its bits are others.
      bits[0] = x + 0;
      bits[1] = y + 0;
      let hash = Math.imul(words[0]! ^ Math.imul(words[1]!, 0x85ebca6b), 0xc2b2ae35);
      hash = Math.imul(hash ^ (hash >>> 15) ^ words[2]!, 0x27d4eb2f) ^ Math.imul(words[3]!, 0x165667b1);
      let slot = (hash ^ (hash >>> 13)) & (size - 1);
      for (let number = slots[slot]!; number !== -1; number = slots[slot]!) {
        if (xs[number] === x && ys[number] === y) return number;
        slot = (slot + 1) & (size - 1);
      }
      slots[slot] = count;
      xs[count] = x;
      ys[count] = y;
      return count++;
    },
  };
}

/** Twice the signed area, measured from the first corner so that small rings keep their digits. */
function turning(ring: readonly (readonly number[])[]): number {
  const [x0, y0] = [ring[0]![0]!, ring[0]![1]!];
  let sum = 0;
  for (let index = 1; index < ring.length; index++) {
    const [a, b] = [ring[index - 1]!, ring[index]!];
    sum += (a[0]! - x0) * (b[1]! - y0) - (b[0]! - x0) * (a[1]! - y0);
  }
  return sum;
}
