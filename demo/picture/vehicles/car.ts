/** Passenger cars: one way to loft them, several outlines. */
import { type LibraryMaterial, numberOf } from '#demo/picture/job/library-materials.ts';
import { boxFacets, type Facet, slabFacets } from '#demo/picture/shape/facets.ts';
import { cross, unit, type Vec3 } from '#demo/picture/shape/vector.ts';
import { hullFacets, lineAt, type Section } from './hull.ts';
import { archEdge, archStations, type WheelSize, wheelFacets } from './wheel.ts';

type Line = readonly (readonly [number, number])[];

/** Places along the car are metres behind its front end; heights are metres above the ground. */
export interface CarOutline {
  readonly name: string;
  readonly lengthM: number;
  readonly widthM: number;
  readonly sillM: number;
  /** Height of the middle line from the front edge of the bonnet to the tail. */
  readonly top: Line;
  /** Lower edge of the side windows. */
  readonly belt: Line;
  /** Half width in shares of the full one: rounded corners seen from above. */
  readonly plan: Line;
  /** Windscreen, rear screen: from and to. */
  readonly screens: readonly (readonly [number, number])[];
  /** Side windows: from and to; what is between them are pillars. */
  readonly windows: readonly (readonly [number, number])[];
  readonly roofShare: number;
  readonly axles: readonly [number, number];
  readonly wheel: WheelSize;
  /** Door gaps and handles. */
  readonly doors: readonly number[];
  readonly plate: LibraryMaterial;
  readonly hasRails?: boolean;
  readonly hasTaxiSign?: boolean;
  /** Cars of two colours carry the second one below the belt. */
  readonly isTwoTone?: boolean;
  readonly grille: 'open' | 'closed';
}

const ROW = { floor: 0, sill: 1, lower: 2, middle: 3, upper: 4, shoulder: 5, window: 6, cantrail: 7, roof: 8 } as const;

export function carFacets(outline: CarOutline, turn: number): Facet[] {
  const sections = sectionsOf(outline);
  const columns = [-1, -0.86, -0.62, -0.3, 0, 0.3, 0.62, 0.86, 1];
  const facets = hullFacets(
    sections,
    { side: sideMaterial(outline, sections), front: frontMaterial(outline), rear: rearMaterial(outline) },
    { front: { columns, bulgeM: 0.07 }, rear: { columns, bulgeM: 0.05 } },
  );
  facets.push(...fittings(outline));
  for (const axle of outline.axles) {
    for (const side of [-1, 1]) {
      const x = side * (outline.widthM / 2 - 0.025);
      facets.push(...wheelFacets(outline.wheel, { x, y: outline.lengthM / 2 - axle }, turn));
    }
  }
  return facets;
}

function stationsOf(outline: CarOutline): number[] {
  const { lengthM, top, plan, screens, windows, axles, wheel } = outline;
  const half = lengthM / 2;
  const behind = [
    ...top.map(([at]) => at),
    ...plan.map(([at]) => at),
    ...screens.flat(),
    ...windows.flat(),
    ...axles.flatMap((axle) => archStations(axle, archOf(wheel))),
  ];
  const kept = [...new Set(behind.map((at) => Math.round(at * 500) / 500))];
  return kept
    .filter((at) => at >= 0 && at <= lengthM)
    .map((at) => half - at)
    .sort((a, b) => a - b);
}

function archOf(wheel: WheelSize): number {
  return wheel.radiusM + 0.055;
}

function sectionsOf(outline: CarOutline): Section[] {
  const { lengthM, widthM, top, belt, plan, axles, wheel, sillM, roofShare } = outline;
  const roofM = Math.max(...top.map(([, height]) => height));
  const arches = axles.map((axle) => ({ y: lengthM / 2 - axle, radiusM: wheel.radiusM, archM: archOf(wheel) }));
  return stationsOf(outline).map((y) => {
    const at = lengthM / 2 - y;
    const half = (widthM / 2) * lineAt(plan, at);
    const height = lineAt(top, at);
    const waist = Math.min(lineAt(belt, at), height - 0.05);
    const end = Math.min(at, lengthM - at);
    const sill = sillM + Math.max(0, 0.25 - end) * 0.25;
    const edge = archEdge(y, sill, arches);
    const depth = waist - sill;
    const lean = Math.max(0, Math.min(1, (height - waist) / (roofM - lineAt(belt, at))));
    const window = half * (0.95 + (roofShare - 0.95) * lean);
    const points: [number, number][] = [
      [0, edge],
      [half * 0.86, edge],
      [half * 0.975, Math.max(edge + 0.004, sill + 0.07)],
      [half, Math.max(edge + 0.012, sill + depth * 0.3)],
      [half * 0.998, Math.max(edge + 0.02, sill + depth * 0.62)],
      [half * 0.985, Math.max(edge + 0.03, waist - 0.075)],
      [half * 0.95, waist],
      [window, height - 0.045 + 0.02 * (1 - lean)],
      [window * (0.86 + 0.04 * lean), height - 0.012],
      [0, height + 0.012],
    ];
    return { y, half: points };
  });
}

function within(at: number, ranges: readonly (readonly [number, number])[]): boolean {
  return ranges.some(([from, to]) => at > from && at < to);
}

function sideMaterial(outline: CarOutline, sections: readonly Section[]): (station: number, row: number) => number {
  const { lengthM, screens, windows } = outline;
  const paint = numberOf('paint');
  const lower = numberOf(outline.isTwoTone ? 'paint-second' : 'paint');
  const [glass, trim, under] = [numberOf('car-glass'), numberOf('trim'), numberOf('under')];
  const [head, tail] = [numberOf('head-lamp'), numberOf('tail-lamp')];
  return (station, row) => {
    const at = lengthM / 2 - (sections[station]!.y + sections[station + 1]!.y) / 2;
    if (row === ROW.floor) return under;
    if (row === ROW.sill) return trim;
    if (row === ROW.upper && at < 0.3) return head;
    if (row === ROW.upper && at > lengthM - 0.22) return tail;
    if (row < ROW.shoulder) return lower;
    if (row === ROW.window) {
      if (within(at, windows)) return glass;
      return at > windows[0]![0] && at < windows.at(-1)![1] ? trim : paint;
    }
    return row === ROW.roof && within(at, screens) ? glass : paint;
  };
}

function frontMaterial(outline: CarOutline): (row: number, across: number) => number {
  const paint = numberOf('paint');
  const [trim, head, dark] = [numberOf('trim'), numberOf('head-lamp'), numberOf('under')];
  return (row, across) => {
    const out = Math.abs(across);
    if (row <= ROW.sill) return trim;
    if (row === ROW.lower) return out < 0.6 ? dark : paint;
    if (row === ROW.middle) return out < 0.6 && outline.grille === 'open' ? dark : paint;
    if (row === ROW.upper) return out > 0.6 ? head : outline.grille === 'open' ? dark : paint;
    return paint;
  };
}

function rearMaterial(outline: CarOutline): (row: number, across: number) => number {
  const paint = numberOf('paint');
  const lower = numberOf(outline.isTwoTone ? 'paint-second' : 'paint');
  const [trim, tail] = [numberOf('trim'), numberOf('tail-lamp')];
  return (row, across) => {
    if (row <= ROW.lower) return trim;
    if (row === ROW.middle) return lower;
    if (row === ROW.upper) return Math.abs(across) > 0.6 ? tail : paint;
    return paint;
  };
}

/** Mirrors, handles, door gaps, plates, rails, taxi sign. */
function fittings(outline: CarOutline): Facet[] {
  const { lengthM, widthM, belt, sillM, windows, doors, top } = outline;
  const half = widthM / 2;
  const y = (at: number) => lengthM / 2 - at;
  const [trim, paint, under, chrome] = [numberOf('trim'), numberOf('paint'), numberOf('under'), numberOf('chrome')];
  const facets: Facet[] = [];
  for (const side of [-1, 1]) {
    const mirror = windows[0]![0] + 0.1;
    const waist = lineAt(belt, mirror);
    facets.push(...boxFacets([side * (half - 0.01), y(mirror), waist + 0.02], [0.06, 0.03, 0.02], trim));
    facets.push(
      ...boxFacets([side * (half + 0.1), y(mirror) - 0.01, waist + 0.075], [0.085, 0.045, 0.065], paint, side * 0.15),
    );
    facets.push(
      ...boxFacets([side * (half + 0.1), y(mirror) - 0.06, waist + 0.075], [0.07, 0.006, 0.05], numberOf('car-glass')),
    );
    for (const door of doors) {
      const low = sillM + 0.1;
      const high = lineAt(belt, door) - 0.02;
      const lean = Math.atan2(half * 0.03, high - low);
      const up: Vec3 = unit([-side * Math.tan(lean), 0, 1]);
      const front: Vec3 = [0, 1, 0];
      const size: Vec3 = [0.004, 0.006, (high - low) / 2];
      facets.push(
        ...slabFacets(
          [side * half * 0.992, y(door), (low + high) / 2],
          { right: cross(front, up), front, up },
          size,
          under,
        ),
      );
      const handle: Vec3 = [side * half * 0.993, y(door - 0.12), lineAt(belt, door) - 0.13];
      facets.push(...boxFacets(handle, [0.018, 0.085, 0.016], outline.isTwoTone ? chrome : trim));
    }
    if (outline.hasRails) {
      const [from, to] = [windows[0]![1], windows.at(-1)![1]];
      const height = lineAt(top, (from + to) / 2);
      facets.push(
        ...boxFacets(
          [side * half * outline.roofShare * 0.9, y((from + to) / 2), height + 0.03],
          [0.02, (to - from) / 2, 0.018],
          trim,
        ),
      );
    }
  }
  const plate = numberOf(outline.plate);
  facets.push(...boxFacets([0, y(-0.085), sillM + 0.24], [0.22, 0.008, 0.07], plate));
  const tailHeight = Math.min(lineAt(belt, lengthM) - 0.3, sillM + 0.52);
  facets.push(...boxFacets([0, y(lengthM + 0.052), tailHeight], [0.22, 0.008, 0.07], plate));
  facets.push(...boxFacets([0, y(lengthM + 0.04), lineAt(belt, lengthM) - 0.16], [half * 0.45, 0.015, 0.014], chrome));
  if (outline.grille === 'open') {
    const brow = sillM + (lineAt(belt, 0) - sillM) * 0.86;
    for (const drop of [0, 0.075, 0.15]) {
      facets.push(...boxFacets([0, y(-0.068), brow - drop], [half * 0.36, 0.008, 0.008], chrome));
    }
  }
  const fin = lineAt(top, windows.at(-1)![1]);
  facets.push(...boxFacets([0, y(windows.at(-1)![1]), fin + 0.03], [0.014, 0.06, 0.025], trim));
  if (outline.hasTaxiSign) {
    const at = (windows[0]![0] + windows[0]![1]) / 2 + 0.3;
    facets.push(...boxFacets([0, y(at), lineAt(top, at) + 0.08], [0.3, 0.09, 0.075], numberOf('taxi-sign')));
  }
  return facets;
}
