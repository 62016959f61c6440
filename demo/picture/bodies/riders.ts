/** Who rides what: figures that are dressed for the saddle, and the machines they fit. */
import { CITY_BICYCLE_FIT, type MachineFit, MOTORCYCLE_FIT, SCOOTER_FIT } from '#demo/picture/vehicles/machine-fit.ts';
import type { Figure } from './figure.ts';
import { figureNamed } from './wardrobe.ts';

export interface Riding {
  readonly pose: 'ride-bicycle' | 'ride-scooter' | 'ride-motorcycle';
  readonly fit: MachineFit;
  readonly machines: readonly string[];
  readonly phases: number;
  readonly riders: readonly Figure[];
}

/** Nothing hangs from the hands of a rider; a helmet replaces a hat. */
function dressed(name: string, hasHelmet = false): Figure {
  const { bag, hat, ...figure } = figureNamed(name);
  const bottom =
    figure.bottom.kind === 'skirt'
      ? { ...figure.bottom, lengthM: Math.min(0.46, figure.bottom.lengthM) }
      : figure.bottom;
  const kept = bag === 'rucksack' ? { bag } : {};
  const head = hasHelmet ? { hat: 'helmet' as const } : hat === undefined ? {} : { hat };
  const hair = hasHelmet && figure.hair !== 'long' && figure.hair !== 'tail' ? 'thin' : figure.hair;
  return { ...figure, ...kept, ...head, hair, bottom, top: { ...figure.top, hemM: Math.min(figure.top.hemM, 0.08) } };
}

export const RIDINGS: readonly Riding[] = [
  {
    pose: 'ride-bicycle',
    fit: CITY_BICYCLE_FIT,
    machines: ['city-bicycle'],
    phases: 8,
    riders: ['man-tee', 'man-jacket', 'man-older', 'woman-tee', 'woman-jacket', 'woman-coat'].map((name) =>
      dressed(name),
    ),
  },
  {
    pose: 'ride-scooter',
    fit: SCOOTER_FIT,
    machines: ['scooter', 'courier-scooter'],
    phases: 1,
    riders: [
      dressed('man-courier', true),
      dressed('man-hoodie', true),
      dressed('woman-padded', true),
      dressed('woman-tee', true),
      dressed('woman-skirt'),
    ],
  },
  {
    pose: 'ride-motorcycle',
    fit: MOTORCYCLE_FIT,
    machines: ['motorcycle'],
    phases: 1,
    riders: [dressed('man-courier', true), dressed('man-jacket', true), dressed('man-heavy', true)],
  },
];
