/** Bicycles, electric scooters and motorcycles, without their riders. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import { boxFacets, type Facet, mirroredFacets, revolvedFacets, rodFacets } from '#demo/picture/shape/facets.ts';
import type { Vec3 } from '#demo/picture/shape/vector.ts';
import { hullFacets, type Section } from './hull.ts';
import { CITY_BICYCLE_FIT, MOTORCYCLE_FIT, SCOOTER_FIT } from './machine-fit.ts';

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

function discWheel(centre: Vec3, radiusM: number, widthM: number): Facet[] {
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

/** Half a soft shell: [y, lower edge, upper edge, half width]. */
function shell(rows: readonly (readonly [number, number, number, number])[], material: number): Facet[] {
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

export const SCOOTER = { lengthM: 1.82, widthM: 0.72, heightM: 1.3, wheelM: 0.25 } as const;

/** An electric scooter; couriers' ones carry a box behind the seat. */
export function scooterFacets(hasBox: boolean): Facet[] {
  const { wheelM } = SCOOTER;
  const [paint, trim, seat, grey] = [numberOf('paint'), numberOf('trim'), numberOf('seat'), numberOf('grey-metal')];
  const [saddle, grip] = [SCOOTER_FIT.saddle, SCOOTER_FIT.grip];
  const facets: Facet[] = [];
  for (const y of [0.62, -0.62]) facets.push(...discWheel([0, y, wheelM], wheelM, 0.1));
  facets.push(
    ...shell(
      [
        [-0.86, 0.56, 0.7, 0.07],
        [-0.74, 0.44, 0.72, 0.15],
        [-0.5, 0.34, 0.7, 0.18],
        [-0.2, 0.3, 0.68, 0.17],
        [-0.08, 0.28, 0.6, 0.15],
      ],
      paint,
    ),
  );
  facets.push(
    ...shell(
      [
        [-0.1, 0.2, 0.29, 0.15],
        [0.1, 0.19, 0.28, 0.16],
        [0.32, 0.2, 0.3, 0.15],
      ],
      trim,
    ),
  );
  facets.push(
    ...shell(
      [
        [0.28, 0.24, 0.5, 0.13],
        [0.34, 0.26, 0.86, 0.2],
        [0.42, 0.34, 0.94, 0.19],
        [0.5, 0.5, 0.9, 0.12],
      ],
      paint,
    ),
  );
  facets.push(
    ...shell(
      [
        [0.4, 0.42, 0.52, 0.04],
        [0.5, 0.48, 0.55, 0.075],
        [0.66, 0.5, 0.545, 0.075],
        [0.82, 0.42, 0.47, 0.05],
      ],
      paint,
    ),
  );
  facets.push(
    ...shell(
      [
        [0.3, 0.93, 1.05, 0.1],
        [0.38, 0.93, 1.1, 0.15],
        [0.48, 0.95, 1.04, 0.1],
      ],
      paint,
    ),
  );
  facets.push(
    ...shell(
      [
        [-0.72, 0.7, 0.76, 0.1],
        [-0.55, 0.69, 0.79, 0.15],
        [-0.3, 0.68, saddle[2], 0.15],
        [-0.08, 0.67, 0.74, 0.1],
      ],
      seat,
    ),
  );
  const half = [
    ...rodFacets([0.08, 0.62, wheelM], [0.06, 0.45, 0.72], 0.026, grey),
    ...rodFacets([0.05, 0.36, 1.02], [grip[0] * 0.6, grip[1] + 0.03, grip[2]], 0.016, trim),
    ...rodFacets([grip[0] * 0.6, grip[1] + 0.03, grip[2]], [grip[0] + 0.04, grip[1] - 0.02, grip[2]], 0.021, trim),
    ...rodFacets([0.2, 0.34, 1.05], [0.28, 0.3, 1.22], 0.008, trim),
    ...boxFacets([0.3, 0.29, 1.26], [0.06, 0.012, 0.045], trim, -0.2),
    ...rodFacets([0.12, -0.62, wheelM], [0.13, -0.5, 0.56], 0.022, grey),
    ...boxFacets([0.13, 0.49, 0.78], [0.03, 0.03, 0.025], numberOf('side-lamp')),
  ];
  facets.push(...half, ...mirroredFacets(half));
  facets.push(...boxFacets([0, 0.475, 1.0], [0.085, 0.02, 0.04], numberOf('head-lamp')));
  facets.push(...boxFacets([0, -0.87, 0.63], [0.07, 0.02, 0.04], numberOf('tail-lamp')));
  facets.push(...boxFacets([0, -0.88, 0.47], [0.09, 0.006, 0.055], numberOf('plate-blank')));
  if (hasBox) {
    facets.push(...boxFacets([0, -0.8, 1.05], [0.24, 0.22, 0.25], numberOf('paint-second')));
    facets.push(...boxFacets([0, -0.8, 1.31], [0.245, 0.225, 0.015], trim));
    facets.push(...boxFacets([0, -0.78, 0.78], [0.16, 0.2, 0.015], grey));
  } else {
    facets.push(
      ...rodFacets([0.1, -0.66, 0.72], [0.1, -0.92, 0.8], 0.012, grey),
      ...rodFacets([-0.1, -0.66, 0.72], [-0.1, -0.92, 0.8], 0.012, grey),
    );
    facets.push(...rodFacets([-0.1, -0.92, 0.8], [0.1, -0.92, 0.8], 0.012, grey));
  }
  return facets;
}

export const MOTORCYCLE = { lengthM: 2.05, widthM: 0.8, heightM: 1.32, wheelM: 0.31 } as const;

/** A small motorcycle with tank, engine and exhaust. */
export function motorcycleFacets(): Facet[] {
  const { wheelM } = MOTORCYCLE;
  const [paint, trim, seat, grey, chrome] = [
    numberOf('paint'),
    numberOf('trim'),
    numberOf('seat'),
    numberOf('grey-metal'),
    numberOf('chrome'),
  ];
  const grip = MOTORCYCLE_FIT.grip;
  const facets: Facet[] = [];
  for (const y of [0.68, -0.66]) facets.push(...discWheel([0, y, wheelM], wheelM, 0.11));
  facets.push(
    ...shell(
      [
        [-0.14, 0.76, 0.86, 0.1],
        [-0.05, 0.74, 0.98, 0.16],
        [0.14, 0.72, 1.02, 0.185],
        [0.3, 0.74, 1.0, 0.16],
        [0.38, 0.78, 0.9, 0.08],
      ],
      paint,
    ),
  );
  facets.push(
    ...shell(
      [
        [-0.95, 0.78, 0.84, 0.07],
        [-0.78, 0.74, 0.86, 0.12],
        [-0.45, 0.66, 0.8, 0.15],
        [-0.15, 0.64, 0.76, 0.12],
      ],
      paint,
    ),
  );
  facets.push(
    ...shell(
      [
        [-0.8, 0.84, 0.89, 0.1],
        [-0.55, 0.8, 0.87, 0.14],
        [-0.28, 0.76, 0.82, 0.14],
        [-0.08, 0.78, 0.88, 0.1],
      ],
      seat,
    ),
  );
  facets.push(
    ...boxFacets([0, 0.08, 0.48], [0.16, 0.22, 0.17], grey),
    ...boxFacets([0, 0.1, 0.68], [0.1, 0.2, 0.08], numberOf('under')),
  );
  for (const height of [0.42, 0.5, 0.58]) facets.push(...boxFacets([0, 0.24, height], [0.13, 0.1, 0.022], chrome));
  const half = [
    ...rodFacets([0.1, 0.68, wheelM], [0.085, 0.42, 1.0], 0.03, chrome),
    ...rodFacets([0.1, -0.66, wheelM], [0.12, -0.1, 0.44], 0.03, grey),
    ...rodFacets([0.12, -0.62, 0.38], [0.12, -0.45, 0.78], 0.03, chrome),
    ...rodFacets([0.04, 0.4, 1.03], [grip[0] * 0.6, grip[1] + 0.05, grip[2]], 0.016, trim),
    ...rodFacets([grip[0] * 0.6, grip[1] + 0.05, grip[2]], [grip[0] + 0.03, grip[1] - 0.03, grip[2]], 0.022, trim),
    ...rodFacets([0.24, 0.36, 1.06], [0.33, 0.34, 1.25], 0.009, trim),
    ...boxFacets([0.36, 0.33, 1.28], [0.07, 0.012, 0.045], trim, -0.2),
    ...boxFacets([0.17, 0.5, 0.9], [0.045, 0.025, 0.025], numberOf('side-lamp')),
    ...boxFacets([0.13, -0.88, 0.74], [0.04, 0.02, 0.022], numberOf('side-lamp')),
    ...rodFacets([0.12, 0.0, 0.34], [0.24, 0.0, 0.34], 0.018, trim),
  ];
  facets.push(...half, ...mirroredFacets(half));
  facets.push(...rodFacets([0.15, 0.1, 0.34], [0.19, -0.82, 0.46], 0.045, chrome, 0.06, 8));
  facets.push(
    ...shell(
      [
        [0.44, 0.58, 0.64, 0.05],
        [0.6, 0.64, 0.67, 0.07],
        [0.78, 0.64, 0.665, 0.07],
        [0.95, 0.5, 0.54, 0.05],
      ],
      paint,
    ),
  );
  facets.push(
    ...revolvedFacets(
      { at: [0, 0.42, 0.93], axis: [0, 1, 0] },
      [
        [0, 0],
        [0, 0.07],
        [0.06, 0.11],
        [0.11, 0.1],
        [0.12, 0],
      ],
      { sides: 12, material: (strip) => (strip === 3 ? numberOf('head-lamp') : trim) },
    ),
  );
  facets.push(...boxFacets([0, 0.42, 1.08], [0.12, 0.05, 0.04], trim));
  facets.push(...boxFacets([0, -0.96, 0.8], [0.08, 0.02, 0.035], numberOf('tail-lamp')));
  facets.push(...boxFacets([0, -0.98, 0.62], [0.11, 0.006, 0.07], numberOf('plate-yellow')));
  facets.push(...boxFacets([0, -0.9, 0.66], [0.08, 0.1, 0.015], trim));
  return facets;
}
