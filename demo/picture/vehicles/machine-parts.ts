/** What scooters and motorcycles are put together from: cast wheels and soft shells. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import { type Facet, revolvedFacets } from '#demo/picture/shape/facets.ts';
import type { Vec3 } from '#demo/picture/shape/vector.ts';
import { hullFacets, type Section } from './hull.ts';

/** A cast wheel about an axle. */
export function discWheel(centre: Vec3, radiusM: number, widthM: number): Facet[] {
  const [tyre, rim, dark] = [numberOf('tyre'), numberOf('rim'), numberOf('under')];
  const w = widthM / 2;
  const profile = [
    [-w * 0.4, 0],
    [-w * 0.5, radiusM * 0.25],
    [-w * 0.7, radiusM * 0.55],
    [-w, radiusM * 0.66],
    [-w, radiusM * 0.86],
    [-w * 0.5, radiusM],
    [w * 0.5, radiusM],
    [w, radiusM * 0.86],
    [w, radiusM * 0.66],
    [w * 0.7, radiusM * 0.55],
    [w * 0.5, radiusM * 0.25],
    [w * 0.4, 0],
  ] as const;
  const material = (strip: number, side: number) => {
    if (strip >= 3 && strip <= 7) return tyre;
    return (strip === 1 || strip === 9) && side % 4 > 1 ? dark : rim;
  };
  return revolvedFacets({ at: centre, axis: [1, 0, 0] }, profile, { sides: 20, material });
}

/** A soft shell from the rear to the front: [y, lower edge, upper edge, half width]. */
export function shell(rows: readonly (readonly [number, number, number, number])[], material: number): Facet[] {
  const sections: Section[] = rows.map(([y, low, high, half]) => ({
    y,
    half: [
      [0, low],
      [half * 0.8, low],
      [half, low + (high - low) * 0.35],
      [half * 0.94, low + (high - low) * 0.75],
      [half * 0.62, high],
      [0, high + 0.01],
    ],
  }));
  const face = { columns: [-1, -0.4, 0.4, 1], bulgeM: 0.015 };
  return hullFacets(
    sections,
    { side: () => material, front: () => material, rear: () => material },
    { front: face, rear: face },
  );
}
