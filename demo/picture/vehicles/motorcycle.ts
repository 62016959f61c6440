/** Motorcycles without their riders. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import { boxFacets, type Facet, mirroredFacets, revolvedFacets, rodFacets } from '#demo/picture/shape/facets.ts';
import { MOTORCYCLE_FIT } from './machine-fit.ts';
import { discWheel, shell } from './machine-parts.ts';

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
