/** Electric scooters without their riders. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import { boxFacets, type Facet, mirroredFacets, rodFacets } from '#demo/picture/shape/facets.ts';
import { SCOOTER_FIT } from './machine-fit.ts';
import { discWheel, shell } from './machine-parts.ts';

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
