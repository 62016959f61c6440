/** A city bus: window band, doors on the right, destination display without a word, roof units. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import { boxFacets, type Facet } from '#demo/picture/shape/facets.ts';
import { hullFacets, lineAt, type Section } from './hull.ts';
import { archEdge, archStations, type WheelSize, wheelFacets } from './wheel.ts';

export const BUS = { lengthM: 11.6, widthM: 2.52, heightM: 3.2 } as const;

export const BUS_WHEEL: WheelSize = { radiusM: 0.48, widthM: 0.29, spokes: 5 };

const AXLES = [2.65, 8.45] as const;
const ARCH_M = 0.56;
const DOORS = [
  [0.45, 1.7],
  [5.2, 6.5],
] as const;
const ROW = { floor: 0, skirt: 1, lower: 2, band: 3, window: 4, header: 5, cove: 6, roof: 7 } as const;

const PLAN = [
  [0, 0.88],
  [0.06, 0.94],
  [0.2, 0.985],
  [0.4, 1],
  [BUS.lengthM - 0.4, 1],
  [BUS.lengthM - 0.1, 0.97],
  [BUS.lengthM, 0.93],
] as const;

const TOP = [
  [0, 2.86],
  [0.06, 2.95],
  [0.25, 3.02],
  [0.5, 3.05],
  [BUS.lengthM - 0.3, 3.05],
  [BUS.lengthM, 2.95],
] as const;

export function busFacets(turn: number): Facet[] {
  const { lengthM, widthM } = BUS;
  const sections = busSections();
  const columns = [-1, -0.93, -0.6, -0.2, 0.2, 0.6, 0.93, 1];
  const facets = hullFacets(
    sections,
    { side: sideMaterial(sections), front: frontMaterial, rear: rearMaterial },
    { front: { columns, bulgeM: 0.14 }, rear: { columns, bulgeM: 0.05 } },
  );
  facets.push(...fittings());
  for (const axle of AXLES) {
    for (const side of [-1, 1]) {
      facets.push(...wheelFacets(BUS_WHEEL, { x: side * (widthM / 2 - 0.02), y: lengthM / 2 - axle }, turn));
    }
  }
  return facets;
}

/** Window pillars every 1.35 m, 7 cm wide. */
function pillars(): number[] {
  return Array.from({ length: 8 }, (_, i) => 0.42 + i * 1.38).flatMap((at) => [at, at + 0.08]);
}

function busSections(): Section[] {
  const { lengthM, widthM } = BUS;
  const behind = [
    ...PLAN.map(([at]) => at),
    ...TOP.map(([at]) => at),
    ...pillars(),
    ...DOORS.flat(),
    ...AXLES.flatMap((axle) => archStations(axle, ARCH_M)),
  ];
  const kept = [...new Set(behind.map((at) => Math.round(at * 200) / 200))].filter((at) => at >= 0 && at <= lengthM);
  const arches = AXLES.map((axle) => ({ y: lengthM / 2 - axle, radiusM: BUS_WHEEL.radiusM, archM: ARCH_M }));
  return kept
    .map((at) => lengthM / 2 - at)
    .sort((a, b) => a - b)
    .map((y) => {
      const at = lengthM / 2 - y;
      const half = (widthM / 2) * lineAt(PLAN, at);
      const top = lineAt(TOP, at);
      const edge = archEdge(y, 0.3, arches);
      return {
        y,
        half: [
          [0, edge],
          [half * 0.93, edge],
          [half * 0.99, Math.max(edge + 0.01, 0.42)],
          [half, Math.max(edge + 0.02, 0.98)],
          [half * 0.998, 1.12],
          [half * 0.985, top - 0.62],
          [half * 0.965, top - 0.24],
          [half * 0.86, top - 0.03],
          [0, top + 0.03],
        ],
      };
    });
}

function sideMaterial(sections: readonly Section[]): (station: number, row: number) => number {
  const [paint, second, glass] = [numberOf('paint'), numberOf('paint-second'), numberOf('car-glass')];
  const [trim, under, white] = [numberOf('trim'), numberOf('under'), numberOf('box-wall')];
  const posts = pillars();
  return (station, row) => {
    const at = BUS.lengthM / 2 - (sections[station]!.y + sections[station + 1]!.y) / 2;
    const isPost = posts.some((from, i) => i % 2 === 0 && at > from && at < from + 0.08);
    if (row === ROW.floor) return under;
    if (row === ROW.skirt) return trim;
    if (row === ROW.lower) return paint;
    if (row === ROW.band) return second;
    if (row === ROW.window) return isPost || at < 0.1 || at > BUS.lengthM - 0.7 ? trim : glass;
    if (row === ROW.header) return paint;
    return row === ROW.roof ? white : paint;
  };
}

function frontMaterial(row: number, across: number): number {
  const out = Math.abs(across);
  if (row <= ROW.skirt) return numberOf('trim');
  if (row === ROW.lower) return numberOf('paint');
  if (row === ROW.band) return numberOf('paint');
  if (row === ROW.window) return out > 0.93 ? numberOf('trim') : numberOf('car-glass');
  if (row === ROW.header) return out < 0.6 ? numberOf('display') : numberOf('trim');
  return numberOf('paint');
}

function rearMaterial(row: number, across: number): number {
  const out = Math.abs(across);
  if (row <= ROW.skirt) return numberOf('trim');
  if (row === ROW.lower) return out > 0.9 ? numberOf('tail-lamp') : numberOf('paint');
  if (row === ROW.band) return out > 0.9 ? numberOf('tail-lamp') : numberOf('paint-second');
  if (row === ROW.window) return out < 0.6 ? numberOf('car-glass') : numberOf('paint');
  return numberOf('paint');
}

function fittings(): Facet[] {
  const half = BUS.widthM / 2;
  const y = (at: number) => BUS.lengthM / 2 - at;
  const [trim, glass, grey] = [numberOf('trim'), numberOf('car-glass'), numberOf('grey-metal')];
  const facets: Facet[] = [];
  for (const [from, to] of DOORS) {
    const middle = (from + to) / 2;
    facets.push(...boxFacets([half, y(middle), 1.36], [0.012, (to - from) / 2, 1.0], trim));
    for (const leaf of [-1, 1]) {
      const centre = y(middle) + (leaf * (to - from)) / 4;
      facets.push(...boxFacets([half + 0.012, centre, 1.42], [0.01, (to - from) / 4 - 0.05, 0.84], glass));
    }
  }
  for (const side of [-1, 1]) {
    facets.push(...boxFacets([side * (half + 0.02), y(-0.1), 2.72], [0.16, 0.05, 0.03], trim));
    facets.push(...boxFacets([side * (half + 0.17), y(-0.16), 2.42], [0.09, 0.06, 0.24], trim));
    for (const at of [3.4, 5.0, 7.4, 9.6])
      facets.push(...boxFacets([side * (half + 0.002), y(at), 0.62], [0.008, 0.05, 0.03], numberOf('side-lamp')));
  }
  facets.push(...boxFacets([0, y(3.4), 3.13], [0.8, 1.1, 0.11], numberOf('box-wall')));
  facets.push(...boxFacets([0, y(8.4), 3.13], [0.85, 1.5, 0.12], numberOf('box-wall')));
  for (const at of [7.6, 8.4, 9.2]) facets.push(...boxFacets([0, y(at), 3.26], [0.3, 0.25, 0.015], grey));
  facets.push(...boxFacets([0, y(5.9), 3.1], [0.35, 0.35, 0.04], grey));
  facets.push(...boxFacets([0, y(-0.15), 0.56], [0.24, 0.012, 0.075], numberOf('plate-yellow')));
  facets.push(...boxFacets([0, y(BUS.lengthM + 0.06), 0.62], [0.24, 0.012, 0.075], numberOf('plate-yellow')));
  facets.push(...boxFacets([0, y(BUS.lengthM + 0.05), 0.86], [0.85, 0.02, 0.2], grey));
  facets.push(...frontLamps(y(0)));
  for (const side of [-1, 1])
    facets.push(...boxFacets([side * 0.42, y(-0.14), 1.35], [0.36, 0.012, 0.012], trim, side * 0.06));
  return facets;
}

/** Lamps in dark surrounds, an air intake between them and a fold across the front. */
function frontLamps(frontY: number): Facet[] {
  const [trim, lamp, amber] = [numberOf('trim'), numberOf('head-lamp'), numberOf('side-lamp')];
  const facets = boxFacets([0, frontY + 0.13, 0.78], [0.42, 0.02, 0.07], trim);
  for (const side of [-1, 1]) {
    const yaw = -side * 0.2;
    facets.push(...boxFacets([side * 0.84, frontY + 0.07, 0.74], [0.27, 0.02, 0.12], trim, yaw));
    facets.push(...boxFacets([side * 0.76, frontY + 0.095, 0.75], [0.085, 0.02, 0.075], lamp, yaw));
    facets.push(...boxFacets([side * 0.94, frontY + 0.06, 0.75], [0.075, 0.02, 0.075], lamp, yaw));
    facets.push(...boxFacets([side * 1.07, frontY + 0.035, 0.75], [0.035, 0.02, 0.075], amber, yaw));
  }
  return facets;
}
