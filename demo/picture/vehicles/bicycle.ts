/** A city bicycle without its rider. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import { boxFacets, type Facet, mirroredFacets, revolvedFacets, rodFacets } from '#demo/picture/shape/facets.ts';
import type { Vec3 } from '#demo/picture/shape/vector.ts';
import { CITY_BICYCLE_FIT } from './machine-fit.ts';

/** A tyre of `radiusM` and half thickness `thickM` about an axle, with a rim inside. */
function ringWheel(centre: Vec3, radiusM: number, thickM: number, sides: number): Facet[] {
  const [tyre, rim] = [numberOf('tyre'), numberOf('chrome')];
  const inner = radiusM - thickM * 2;
  const profile = [
    [-thickM * 0.5, inner],
    [-thickM, radiusM - thickM],
    [-thickM * 0.5, radiusM],
    [thickM * 0.5, radiusM],
    [thickM, radiusM - thickM],
    [thickM * 0.5, inner],
    [thickM * 0.4, inner - thickM * 0.7],
    [-thickM * 0.4, inner - thickM * 0.7],
    [-thickM * 0.5, inner],
  ] as const;
  const material = (strip: number) => (strip < 5 ? tyre : rim);
  return revolvedFacets({ at: centre, axis: [1, 0, 0] }, profile, { sides, material });
}

/** Thin spokes, drawn a little thicker than they are so that a distant wheel is not empty. */
function spokes(centre: Vec3, radiusM: number, count: number, turn: number): Facet[] {
  const facets: Facet[] = [];
  for (let i = 0; i < count; i++) {
    const angle = ((i + turn) / count) * 2 * Math.PI;
    const tip: Vec3 = [centre[0], centre[1] + Math.sin(angle) * radiusM, centre[2] + Math.cos(angle) * radiusM];
    const hub: Vec3 = [centre[0] + (i % 2 === 0 ? 0.025 : -0.025), centre[1], centre[2]];
    facets.push(...rodFacets(hub, tip, 0.0035, numberOf('chrome'), 0.0035, 3));
  }
  return facets;
}

export const BICYCLE = { lengthM: 1.76, widthM: 0.6, heightM: 1.08, wheelM: 0.34, crankTurnM: 4.6 } as const;

/** A city bicycle with basket and mudguards; the right crank stands at `phase` (see ridingPose). */
export function bicycleFacets(phase: number): Facet[] {
  const { wheelM } = BICYCLE;
  const [paint, trim, chrome, seat] = [numberOf('frame-paint'), numberOf('trim'), numberOf('chrome'), numberOf('seat')];
  const axleY = 0.54;
  const crank: Vec3 = [0, CITY_BICYCLE_FIT.feet[1], CITY_BICYCLE_FIT.feet[2]];
  const saddle = CITY_BICYCLE_FIT.saddle;
  const grip = CITY_BICYCLE_FIT.grip;
  const seatTop: Vec3 = [0, saddle[1] + 0.02, saddle[2] - 0.16];
  const head: Vec3 = [0, 0.4, 0.74];
  const facets: Facet[] = [];
  for (const y of [axleY, -axleY]) {
    const centre: Vec3 = [0, y, wheelM];
    facets.push(...ringWheel(centre, wheelM, 0.023, 20), ...spokes(centre, wheelM - 0.05, 12, phase / (2 * Math.PI)));
    facets.push(...rodFacets([-0.06, y, wheelM], [0.06, y, wheelM], 0.022, chrome));
    facets.push(...mudguard(centre, wheelM + 0.028, y > 0 ? -0.2 : -1.1, y > 0 ? 1.9 : 1.4));
  }
  facets.push(...rodFacets(crank, head, 0.024, paint), ...rodFacets(crank, seatTop, 0.021, paint));
  facets.push(...rodFacets([0, saddle[1], 0.46], [0, 0.41, 0.84], 0.02, paint));
  facets.push(...rodFacets(seatTop, [0, saddle[1], saddle[2] - 0.03], 0.015, chrome));
  facets.push(...rodFacets([0, 0.43, 0.68], [0, 0.37, 1.0], 0.019, chrome));
  const half = [
    ...rodFacets([0.05, axleY, wheelM], [0.045, 0.43, 0.7], 0.016, paint),
    ...rodFacets([0.06, -axleY, wheelM], [0.02, crank[1], crank[2]], 0.013, paint),
    ...rodFacets([0.06, -axleY, wheelM], [0.02, saddle[1] + 0.01, 0.72], 0.012, paint),
    ...rodFacets([0, 0.37, 1.0], [grip[0] * 0.7, grip[1] + 0.1, grip[2] + 0.01], 0.013, chrome),
    ...rodFacets([grip[0] * 0.7, grip[1] + 0.1, grip[2] + 0.01], [grip[0], grip[1] - 0.06, grip[2]], 0.018, trim),
    ...rodFacets([0.09, -axleY, wheelM], [0.08, -axleY - 0.1, 0.74], 0.008, trim),
  ];
  facets.push(...half, ...mirroredFacets(half));
  facets.push(...boxFacets([0, saddle[1] - 0.04, saddle[2] - 0.025], [0.085, 0.1, 0.03], seat));
  facets.push(...boxFacets([0, saddle[1] + 0.1, saddle[2] - 0.025], [0.035, 0.08, 0.025], seat));
  facets.push(...boxFacets([0, -0.58, 0.75], [0.08, 0.17, 0.012], trim));
  facets.push(...basket([0, 0.58, 0.86]));
  facets.push(...boxFacets([0, -0.9, 0.62], [0.03, 0.012, 0.035], numberOf('tail-lamp')));
  facets.push(
    ...revolvedFacets(
      { at: [0.055, crank[1], crank[2]], axis: [1, 0, 0] },
      [
        [0, 0],
        [0, 0.09],
        [0.01, 0.09],
        [0.01, 0],
      ],
      { sides: 14, material: chrome },
    ),
  );
  facets.push(...boxFacets([0.07, (crank[1] - axleY) / 2, crank[2] + 0.03], [0.01, 0.24, 0.05], trim));
  for (const side of [1, -1]) {
    const angle = phase + (side > 0 ? 0 : Math.PI);
    const pedal: Vec3 = [
      side * 0.1,
      crank[1] + Math.cos(angle) * CITY_BICYCLE_FIT.crankM,
      crank[2] - Math.sin(angle) * CITY_BICYCLE_FIT.crankM,
    ];
    facets.push(...rodFacets([side * 0.07, crank[1], crank[2]], [side * 0.075, pedal[1], pedal[2]], 0.012, chrome));
    facets.push(...boxFacets(pedal, [0.045, 0.04, 0.012], trim));
  }
  return facets;
}

function basket([x, y, z]: Vec3): Facet[] {
  const material = numberOf('basket');
  const facets = boxFacets([x, y, z - 0.11], [0.15, 0.1, 0.006], material);
  for (const height of [-0.07, -0.02, 0.03, 0.08, 0.12]) {
    const thick = height > 0.1 ? 0.01 : 0.006;
    for (const side of [-1, 1]) {
      facets.push(...boxFacets([x + side * 0.165, y, z + height], [0.005, 0.12, thick], material));
      facets.push(...boxFacets([x, y + side * 0.12, z + height], [0.165, 0.005, thick], material));
    }
  }
  for (const across of [-0.15, -0.05, 0.05, 0.15]) {
    for (const side of [-1, 1])
      facets.push(...boxFacets([x + across, y + side * 0.12, z], [0.006, 0.006, 0.11], material));
  }
  return facets;
}

/** A strip over a wheel, from one angle to another (0 is straight up, growing forward). */
function mudguard([x, y, z]: Vec3, radiusM: number, from: number, span: number): Facet[] {
  const facets: Facet[] = [];
  const steps = 6;
  const place = (i: number, across: number, lift: number): Vec3 => {
    const angle = from - 0.5 + (span * i) / steps;
    return [x + across, y + Math.sin(angle) * (radiusM + lift), z + Math.cos(angle) * (radiusM + lift)];
  };
  for (let i = 0; i < steps; i++) {
    const strip = (lift: number) => [
      place(i, -0.03, lift),
      place(i, 0.03, lift),
      place(i + 1, 0.03, lift),
      place(i + 1, -0.03, lift),
    ];
    facets.push({ corners: strip(0.012).toReversed(), material: numberOf('frame-paint') });
    facets.push({ corners: strip(0), material: numberOf('trim') });
  }
  return facets;
}
