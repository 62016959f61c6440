/** A vehicle's skin, lofted along its length through mirrored half sections and closed by a face at either end. */
import type { Facet } from '#demo/picture/shape/facets.ts';
import type { Vec3 } from '#demo/picture/shape/vector.ts';

/** Half a cross section at `y`: [half width, height] points from the middle of the floor to the middle of the roof. */
export interface Section {
  readonly y: number;
  readonly half: readonly (readonly [number, number])[];
}

export interface HullMaterials {
  /** The material between sections `station` and `station` + 1, between points `row` and `row` + 1. */
  readonly side: (station: number, row: number) => number;
  /** The material of a face between points `row` and `row` + 1; `across` is -1 (left edge) to 1, at the cell's middle. */
  readonly front: (row: number, across: number) => number;
  readonly rear: (row: number, across: number) => number;
}

export interface FaceShape {
  /** Where a face is divided from its left edge (-1) to its right edge (1). */
  readonly columns: readonly number[];
  /** How far the middle of the face stands out beyond its edges, metres. */
  readonly bulgeM: number;
}

/** Sections run from the rear to the front. */
export function hullFacets(
  sections: readonly Section[],
  materials: HullMaterials,
  faces: { front: FaceShape; rear: FaceShape },
): Facet[] {
  const facets: Facet[] = [];
  for (let station = 0; station + 1 < sections.length; station++) {
    const [behind, ahead] = [sections[station]!, sections[station + 1]!];
    for (let row = 0; row + 1 < behind.half.length; row++) {
      const corners = [placeOf(behind, row), placeOf(ahead, row), placeOf(ahead, row + 1), placeOf(behind, row + 1)];
      const material = materials.side(station, row);
      facets.push({ corners, material });
      facets.push({ corners: corners.map(([x, y, z]): Vec3 => [-x, y, z]).toReversed(), material });
    }
  }
  facets.push(...faceFacets(sections.at(-1)!, faces.front, 1, materials.front));
  facets.push(...faceFacets(sections[0]!, faces.rear, -1, materials.rear));
  return facets;
}

function placeOf(section: Section, row: number): Vec3 {
  const [x, z] = section.half[row]!;
  return [x, section.y, z];
}

function faceFacets(
  section: Section,
  { columns, bulgeM }: FaceShape,
  sign: 1 | -1,
  materialAt: (row: number, across: number) => number,
): Facet[] {
  const place = (row: number, across: number): Vec3 => {
    const [x, z] = section.half[row]!;
    return [x * across, section.y + sign * bulgeM * (1 - across ** 2), z];
  };
  const facets: Facet[] = [];
  for (let row = 0; row + 1 < section.half.length; row++) {
    for (let column = 0; column + 1 < columns.length; column++) {
      const [left, right] = [columns[column]!, columns[column + 1]!];
      const corners = [place(row, left), place(row + 1, left), place(row + 1, right), place(row, right)];
      const material = materialAt(row, (left + right) / 2);
      facets.push({ corners: sign > 0 ? corners : corners.toReversed(), material });
    }
  }
  return facets;
}

/** A value between points of a line, clamped at its ends; the points stand in rising order of their first number. */
export function lineAt(points: readonly (readonly [number, number])[], at: number): number {
  if (at <= points[0]![0]) return points[0]![1];
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1]!, points[i]!];
    if (at <= to[0]) return from[1] + ((to[1] - from[1]) * (at - from[0])) / (to[0] - from[0]);
  }
  return points.at(-1)![1];
}
