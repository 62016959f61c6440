/** Wheels: tyres, rims with spokes, and the stations of the arch that a body leaves for them. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import { type Facet, revolvedFacets } from '#demo/picture/shape/facets.ts';
import type { Vec3 } from '#demo/picture/shape/vector.ts';

export interface WheelSize {
  readonly radiusM: number;
  readonly widthM: number;
  readonly spokes: number;
}

/** A wheel's picture repeats when it has turned by one spoke. */
export function wheelPeriodM({ radiusM, spokes }: WheelSize): number {
  return (2 * Math.PI * radiusM) / spokes;
}

/** A road wheel whose outer face is at `x`, on the ground; `turn` is 0..1 of a spoke's angle, rolling forward. */
export function wheelFacets(size: WheelSize, { x, y }: { x: number; y: number }, turn: number): Facet[] {
  const { radiusM, widthM, spokes } = size;
  const side = Math.sign(x);
  const sides = spokes * 4;
  const rimM = radiusM * 0.68;
  const [tyre, rim, dark] = [numberOf('tyre'), numberOf('rim'), numberOf('under')];
  const at: Vec3 = [x - side * widthM, y, radiusM];
  const profile = [
    [0, rimM * 0.9],
    [0.02, radiusM * 0.97],
    [widthM * 0.25, radiusM],
    [widthM * 0.75, radiusM],
    [widthM - 0.015, radiusM * 0.97],
    [widthM, rimM * 1.04],
    [widthM - 0.012, rimM],
    [widthM - 0.03, rimM * 0.9],
    [widthM - 0.022, rimM * 0.24],
    [widthM - 0.012, 0],
  ] as const;
  const material = (strip: number, which: number) => {
    if (strip < 5) return tyre;
    if (strip !== 7) return rim;
    return which % 4 < 2 ? rim : dark;
  };
  const start = -side * (turn / spokes) * 2 * Math.PI;
  return revolvedFacets({ at, axis: [side, 0, 0], start }, profile, { sides, material });
}

/** Where sections must stand so that the body can follow the arch over a wheel at `y`. */
export function archStations(y: number, archM: number): number[] {
  return [-1.001, -1, -0.9, -0.68, -0.36, 0, 0.36, 0.68, 0.9, 1, 1.001].map((share) => y + share * archM);
}

/** The lower edge of the body at `y`: `sillM`, or the arch over the nearest wheel. */
export function archEdge(
  y: number,
  sillM: number,
  arches: readonly { y: number; radiusM: number; archM: number }[],
): number {
  let edge = sillM;
  for (const arch of arches) {
    const away = Math.abs(y - arch.y);
    if (away <= arch.archM) edge = Math.max(edge, arch.radiusM + Math.sqrt(arch.archM ** 2 - away ** 2));
  }
  return edge;
}
