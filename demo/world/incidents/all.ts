/** Every scripted incident, over all kinds of conditions, by day, by night and in the rain, with decoys beside them. */
import type { Incident, Light } from './incident.ts';
import { troubles } from './scripts/cameras.ts';
import { areaTotals, counts, densities, unlikeNormal } from './scripts/crowds.ts';
import { crossings, flows, nearMisses } from './scripts/lines.ts';
import { type Scene, sceneOf } from './scripts/make.ts';
import { lorries, speeds, stops, wrongWays } from './scripts/vehicles.ts';
import { forbidden, sequences, stays, visits } from './scripts/zones.ts';

const LIGHTS: readonly Light[] = ['day', 'night', 'rain'];

const TROUBLES = [
  ['down', 'yard'],
  ['tampered', 'shops'],
  ['moved', 'square'],
  ['frozen', 'market'],
  ['dark', 'school'],
] as const;

/** The same script before as many cameras as there are lights. */
const under = (views: readonly string[], write: (scene: Scene) => Incident[]): Incident[] =>
  LIGHTS.flatMap((light, index) => write(sceneOf(views[index % views.length]!, light)));

export const INCIDENTS: readonly Incident[] = [
  ...under(['crossing', 'school', 'square'], (scene) => crossings(scene)),
  ...under(['market', 'yard', 'estate'], (scene) => crossings(scene, { isAway: false })),
  ...under(['avenue', 'side-street', 'crossing'], (scene) => crossings(scene, { kind: 'car', isAway: false })),
  ...under(['riverside', 'avenue', 'school'], (scene) => crossings(scene, { kind: 'bicycle' })),
  ...under(['shops', 'estate', 'bus-stop'], nearMisses),
  ...under(['shops', 'bus-stop', 'riverside'], flows),
  ...under(['school', 'yard', 'market'], (scene) => visits(scene, 'picture')),
  ...under(['square', 'parking', 'yard'], (scene) => visits(scene, 'ground')),
  ...under(['shops', 'estate', 'riverside'], stays),
  ...under(['school', 'yard', 'parking'], forbidden),
  ...under(['yard', 'square', 'market'], sequences),
  ...under(['square', 'bus-stop', 'shops'], counts),
  ...under(['square', 'market', 'school'], densities),
  ...under(['bus-stop', 'riverside', 'square'], unlikeNormal),
  ...under(['avenue', 'side-street', 'crossing'], speeds),
  ...under(['side-street', 'avenue', 'parking'], wrongWays),
  ...under(['parking', 'avenue', 'estate'], stops),
  ...under(['yard', 'avenue', 'side-street'], lorries),
  ...LIGHTS.flatMap((light) => areaTotals(sceneOf('bus-stop', light), sceneOf('riverside', light), 'grid-6')),
  ...TROUBLES.flatMap(([trouble, view]) => troubles(sceneOf(view, 'day'), trouble)),
];
