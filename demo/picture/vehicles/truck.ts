/** Trucks with a cab over the engine: a light one with a dropside bed, a box truck, and a panel van. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import { boxFacets, type Facet } from '#demo/picture/shape/facets.ts';
import { hullFacets, lineAt, type Section } from './hull.ts';
import { type WheelSize, wheelFacets } from './wheel.ts';

export interface TruckOutline {
  readonly name: string;
  readonly lengthM: number;
  readonly widthM: number;
  readonly heightM: number;
  readonly cabM: number;
  readonly cabHeightM: number;
  readonly body: 'box' | 'dropside';
  readonly axles: readonly [number, number];
  readonly wheel: WheelSize;
}

export const TRUCK_OUTLINES: readonly TruckOutline[] = [
  {
    name: 'light-truck',
    lengthM: 5.4,
    widthM: 1.9,
    heightM: 2.15,
    cabM: 1.7,
    cabHeightM: 2.1,
    body: 'dropside',
    axles: [0.95, 3.9],
    wheel: { radiusM: 0.36, widthM: 0.24, spokes: 5 },
  },
  {
    name: 'box-truck',
    lengthM: 6.6,
    widthM: 2.2,
    heightM: 3.15,
    cabM: 1.75,
    cabHeightM: 2.3,
    body: 'box',
    axles: [1.05, 4.9],
    wheel: { radiusM: 0.42, widthM: 0.3, spokes: 5 },
  },
];

const ROW = { floor: 0, bumper: 1, lower: 2, belt: 3, window: 4, cantrail: 5, roof: 6 } as const;

export function truckFacets(outline: TruckOutline, turn: number): Facet[] {
  const { lengthM, widthM, axles, wheel } = outline;
  const facets = [...cab(outline), ...chassis(outline)];
  facets.push(...(outline.body === 'box' ? boxBody(outline) : dropside(outline)));
  for (const axle of axles) {
    for (const side of [-1, 1]) {
      facets.push(...wheelFacets(wheel, { x: side * (widthM / 2 - 0.06), y: lengthM / 2 - axle }, turn));
    }
  }
  return facets;
}

function cabSections({ lengthM, widthM, cabM, cabHeightM, wheel, axles }: TruckOutline): Section[] {
  const plan = [
    [0, 0.9],
    [0.06, 0.95],
    [0.18, 0.985],
    [0.4, 1],
  ] as const;
  const top = [
    [0, cabHeightM - 0.22],
    [0.1, cabHeightM - 0.12],
    [0.3, cabHeightM - 0.03],
    [0.6, cabHeightM],
    [cabM, cabHeightM - 0.02],
  ] as const;
  const stations = [0, 0.06, 0.18, 0.3, 0.42, 0.6, 0.75, cabM - 0.5, cabM - 0.42, cabM - 0.12, cabM];
  return stations.toReversed().map((at) => {
    const half = ((widthM * 0.94) / 2) * lineAt(plan, at);
    const roof = lineAt(top, at);
    const isArch = Math.abs(at - axles[0]) < wheel.radiusM + 0.08;
    const edge = isArch ? wheel.radiusM * 1.95 : 0.42;
    const belt = cabHeightM * 0.53;
    return {
      y: lengthM / 2 - at,
      half: [
        [0, edge],
        [half * 0.96, edge],
        [half, Math.max(edge + 0.02, 0.66)],
        [half, Math.max(edge + 0.04, 0.9)],
        [half * 0.985, belt],
        [half * 0.93, roof - 0.1],
        [half * 0.84, roof - 0.02],
        [0, roof + 0.015],
      ],
    };
  });
}

function cab(outline: TruckOutline): Facet[] {
  const { lengthM, cabM } = outline;
  const sections = cabSections(outline);
  const [paint, glass, trim] = [numberOf('paint'), numberOf('car-glass'), numberOf('trim')];
  const side = (station: number, row: number) => {
    const at = lengthM / 2 - (sections[station]!.y + sections[station + 1]!.y) / 2;
    if (row === ROW.floor) return numberOf('under');
    if (row === ROW.bumper) return trim;
    if (row === ROW.window && at > 0.2 && at < cabM - 0.42) return glass;
    return paint;
  };
  const front = (row: number, across: number) => {
    const out = Math.abs(across);
    if (row <= ROW.bumper) return trim;
    if (row === ROW.lower) return out > 0.93 ? paint : out > 0.6 ? numberOf('head-lamp') : numberOf('under');
    if (row === ROW.window) return out > 0.93 ? paint : glass;
    return paint;
  };
  const columns = [-1, -0.93, -0.6, -0.2, 0.2, 0.6, 0.93, 1];
  return hullFacets(
    sections,
    { side, front, rear: (row) => (row === ROW.window ? glass : paint) },
    { front: { columns, bulgeM: 0.06 }, rear: { columns: [-1, -0.6, 0.6, 1], bulgeM: 0 } },
  );
}

function chassis(outline: TruckOutline): Facet[] {
  const { lengthM, widthM, cabM, cabHeightM, wheel, axles } = outline;
  const y = (at: number) => lengthM / 2 - at;
  const half = widthM / 2;
  const [trim, under, grey] = [numberOf('trim'), numberOf('under'), numberOf('grey-metal')];
  const facets: Facet[] = [];
  for (const side of [-1, 1]) {
    facets.push(...boxFacets([side * 0.38, -0.1, 0.62], [0.05, lengthM / 2 - 0.3, 0.1], under));
    facets.push(...boxFacets([side * (half + 0.06), y(0.1), cabHeightM * 0.74], [0.08, 0.04, 0.17], trim));
    facets.push(...boxFacets([side * (half - 0.02), y(0.16), cabHeightM * 0.83], [0.06, 0.02, 0.015], trim));
    facets.push(...boxFacets([side * half * 0.94, y(cabM - 0.46), cabHeightM * 0.5], [0.02, 0.07, 0.018], trim));
    facets.push(...boxFacets([side * half * 0.8, y(lengthM - 0.06), 0.7], [0.15, 0.04, 0.06], numberOf('tail-lamp')));
    facets.push(
      ...boxFacets(
        [side * half * 0.9, y((axles[0] + axles[1]) / 2 + 0.2), 0.6],
        [0.03, (axles[1] - axles[0]) / 2 - wheel.radiusM - 0.25, 0.14],
        grey,
      ),
    );
    facets.push(
      ...boxFacets([side * half * 0.86, y(axles[1]), wheel.radiusM * 2.1], [0.16, wheel.radiusM + 0.1, 0.015], trim),
    );
  }
  facets.push(...boxFacets([0, y(lengthM - 0.08), 0.52], [half * 0.92, 0.04, 0.06], trim));
  for (const height of [0.72, 0.78, 0.84])
    facets.push(...boxFacets([0, y(-0.055), height], [half * 0.5, 0.012, 0.01], grey));
  for (const side of [-1, 1]) {
    facets.push(...boxFacets([side * half * 0.72, y(-0.03), 0.53], [0.13, 0.02, 0.035], numberOf('side-lamp')));
    facets.push(
      ...boxFacets(
        [side * half * 0.4, y(-0.03), cabHeightM * 0.53 + 0.03],
        [half * 0.34, 0.015, 0.012],
        trim,
        side * 0.05,
      ),
    );
  }
  facets.push(...boxFacets([0, y(-0.03), 0.99], [half * 0.86, 0.03, 0.02], trim));
  facets.push(...boxFacets([0, y(-0.07), 0.5], [0.22, 0.01, 0.07], numberOf('plate-yellow')));
  facets.push(...boxFacets([0, y(lengthM - 0.02), 0.62], [0.22, 0.01, 0.07], numberOf('plate-yellow')));
  facets.push(...boxFacets([0.55, y(2.3), 0.62], [0.2, 0.32, 0.18], grey));
  return facets;
}

function boxBody({ lengthM, widthM, heightM, cabM, cabHeightM }: TruckOutline): Facet[] {
  const from = cabM + 0.08;
  const middleY = lengthM / 2 - (from + lengthM) / 2;
  const [halfX, halfY] = [widthM / 2 + 0.02, (lengthM - from) / 2];
  const [low, wall, grey, trim] = [0.86, numberOf('box-wall'), numberOf('grey-metal'), numberOf('trim')];
  const centre = (low + heightM) / 2;
  const facets = boxFacets([0, middleY, centre], [halfX, halfY, (heightM - low) / 2], wall);
  for (const side of [-1, 1]) {
    for (const height of [low + 0.05, heightM - 0.04]) {
      facets.push(...boxFacets([side * halfX, middleY, height], [0.02, halfY + 0.01, 0.05], grey));
    }
    for (let rib = 0; rib <= 7; rib++) {
      const at = middleY - halfY + (rib / 7) * 2 * halfY;
      facets.push(
        ...boxFacets(
          [side * (halfX + 0.004), at, centre],
          [0.012, 0.022, (heightM - low) / 2],
          rib % 7 === 0 ? grey : wall,
        ),
      );
    }
    facets.push(
      ...boxFacets(
        [side * halfX * 0.5, middleY - halfY - 0.01, centre],
        [halfX * 0.47, 0.01, (heightM - low) / 2 - 0.08],
        wall,
      ),
    );
    facets.push(
      ...boxFacets(
        [side * 0.07, middleY - halfY - 0.03, centre - 0.1],
        [0.015, 0.015, (heightM - low) / 2 - 0.2],
        grey,
      ),
    );
    facets.push(
      ...boxFacets(
        [side * (halfX + 0.014), middleY + 0.2, centre - 0.1],
        [0.004, halfY * 0.62, 0.2],
        numberOf('paint'),
      ),
    );
  }
  for (let rib = 1; rib < 7; rib++) {
    const at = middleY - halfY + (rib / 7) * 2 * halfY;
    facets.push(...boxFacets([0, at, heightM + 0.008], [halfX, 0.025, 0.014], grey));
  }
  facets.push(...boxFacets([0, middleY, heightM + 0.006], [0.03, halfY, 0.012], grey));
  facets.push(...boxFacets([0, middleY - halfY - 0.015, low - 0.06], [halfX, 0.03, 0.06], trim));
  facets.push(...deflector(lengthM / 2 - 0.45, lengthM / 2 - 1.5, halfX * 0.72, [cabHeightM - 0.03, heightM - 0.25]));
  facets.push(...boxFacets([0, middleY + halfY + 0.1, heightM - 0.36], [0.45, 0.14, 0.22], grey));
  return facets;
}

function dropside({ lengthM, widthM, cabM }: TruckOutline): Facet[] {
  const from = cabM + 0.1;
  const middleY = lengthM / 2 - (from + lengthM) / 2;
  const [halfX, halfY] = [widthM / 2, (lengthM - from) / 2];
  const [paint, grey, under] = [numberOf('paint'), numberOf('grey-metal'), numberOf('under')];
  const facets = boxFacets([0, middleY, 0.84], [halfX, halfY, 0.05], under);
  for (const side of [-1, 1]) {
    facets.push(...boxFacets([side * (halfX - 0.02), middleY, 1.08], [0.02, halfY, 0.22], paint));
    for (let post = 0; post <= 4; post++) {
      facets.push(
        ...boxFacets([side * halfX, middleY - halfY + (post / 4) * 2 * halfY, 1.08], [0.025, 0.03, 0.24], grey),
      );
    }
    facets.push(...boxFacets([side * (halfX - 0.1), middleY + halfY - 0.05, 1.5], [0.03, 0.03, 0.62], grey));
  }
  facets.push(...boxFacets([0, middleY - halfY, 1.08], [halfX, 0.02, 0.22], paint));
  facets.push(...boxFacets([0, middleY + halfY - 0.05, 1.08], [halfX, 0.02, 0.22], paint));
  for (const height of [1.45, 1.78, 2.1])
    facets.push(...boxFacets([0, middleY + halfY - 0.05, height], [halfX - 0.1, 0.02, 0.025], grey));
  const cargo = [
    [-0.35, 0.5, 0.42, 0.5, 0.36],
    [0.42, 0.35, 0.38, 0.6, 0.28],
    [0.1, -0.75, 0.55, 0.5, 0.3],
  ] as const;
  for (const [x, y, sizeX, sizeY, sizeZ] of cargo) {
    facets.push(...boxFacets([x, middleY + y, 0.89 + sizeZ], [sizeX * 0.9, sizeY, sizeZ], numberOf('box-wall'), 0.05));
  }
  return facets;
}

/** The wind deflector on a cab's roof: a wedge that rises from the front to the rear. */
function deflector(frontY: number, rearY: number, halfX: number, [lowM, highM]: readonly [number, number]): Facet[] {
  const wall = numberOf('paint');
  const middle = (frontY + rearY) / 2;
  const section = (y: number, top: number, half: number): Section => ({
    y,
    half: [
      [0, lowM],
      [half, lowM],
      [half * 0.94, lowM + (top - lowM) * 0.85],
      [half * 0.8, top],
      [0, top + 0.02],
    ],
  });
  const sections = [
    section(rearY, highM, halfX),
    section(middle, lowM + (highM - lowM) * 0.8, halfX * 0.97),
    section(frontY - 0.12, lowM + 0.12, halfX * 0.85),
    section(frontY, lowM + 0.03, halfX * 0.75),
  ];
  const face = { columns: [-1, 0, 1], bulgeM: 0.02 };
  return hullFacets(
    sections,
    { side: () => wall, front: () => wall, rear: () => wall },
    { front: face, rear: { ...face, bulgeM: 0 } },
  );
}
