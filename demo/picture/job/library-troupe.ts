/** The troupe of a written library: bodies and vehicles chosen by seed, posed by way and time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '#demo/world/random.ts';
import type { VehicleBody } from '#demo/world/traffic/figures.ts';
import type { AgentAt, CastMember } from '#demo/world/traffic/motion.ts';
import { personPalette, vehiclePalette } from '../bodies/palette.ts';
import { type CatalogueEntry, meshAt, meshAtTime, type PersonPose } from './catalogue.ts';
import type { Material } from './material.ts';
import type { Part, Scene, Troupe } from './troupe.ts';

/** Reads what write-library.ts wrote. */
export function readTroupe(folder: string): Troupe {
  const json = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const catalogue = json('catalogue.json') as CatalogueEntry[];
  const wardrobe = makeWardrobe(catalogue);
  return {
    materials: json('materials.json') as Material[],
    library: readFileSync(join(folder, 'library.mesh')),
    show: (member, at, scene) =>
      member.body === 'person' ? [person(wardrobe, member, at, scene)] : vehicle(wardrobe, member, at),
  };
}

type Wardrobe = {
  find: (name: string, pose: string) => CatalogueEntry | undefined;
  posed: (pose: PersonPose) => CatalogueEntry[];
  named: (name: string) => CatalogueEntry;
};

function makeWardrobe(catalogue: readonly CatalogueEntry[]): Wardrobe {
  const byName = new Map(catalogue.map((entry) => [`${entry.name} ${entry.pose}`, entry]));
  return {
    find: (name, pose) => byName.get(`${name} ${pose}`),
    posed: (pose) => catalogue.filter((entry) => entry.pose === pose),
    named(name) {
      const entry = byName.get(`${name} roll`);
      if (entry === undefined) throw new Error(`the library has no "${name}"`);
      return entry;
    },
  };
}

/** Which pose of the library shows which of the world's; the later ones where a figure lacks the first. */
const POSES: Readonly<Record<Exclude<AgentAt['pose'], 'ride' | 'drive'>, readonly PersonPose[]>> = {
  walk: ['walk'],
  stand: ['stand'],
  phone: ['phone', 'stand'],
  talk: ['talk', 'stand'],
  sit: ['sit'],
  carry: ['wait', 'stand'],
  look: ['wait', 'stand'],
};

/** How often a figure is met, 1 where nothing is said. */
function shareOf(name: string, scene: Scene): number {
  if (name.includes('umbrella')) return scene.isRaining ? 6 : 0;
  if (name.startsWith('child')) return scene.view === 'school' ? 3 : 0.5;
  if (name === 'man-courier') return 0.4;
  return 1;
}

/** The origin of someone who sits lies under the bench's front edge, the spot in its middle. */
const SEAT_FORWARD_M = 0.17;

function person(wardrobe: Wardrobe, { seed, way }: CastMember, at: AgentAt, scene: Scene): Part {
  const poses = POSES[at.pose as keyof typeof POSES];
  const isSitting = at.pose === 'sit';
  const figure = chooseFigure(wardrobe.posed(isSitting ? 'sit' : 'walk'), { seed, way, scene });
  const reads = at.pose === 'walk' && seed % 3 === 0 ? wardrobe.find(figure.name, 'walk-phone') : undefined;
  const entry =
    reads ?? poses.map((pose) => wardrobe.find(figure.name, pose)).find((found) => found !== undefined) ?? figure;
  const mesh = entry.periodS === undefined ? meshAt(entry, at.travelledM) : meshAtTime(entry, scene.seconds);
  const place = isSitting ? { forwardM: SEAT_FORWARD_M } : {};
  return { mesh, palette: personPalette(seed, figure.name), isRider: false, ...place };
}

function chooseFigure(
  figures: readonly CatalogueEntry[],
  { seed, way, scene }: { seed: number; way: string; scene: Scene },
): CatalogueEntry {
  const share = ({ name }: CatalogueEntry) =>
    way === 'child' ? (name.startsWith('child') ? 1 : 0) : shareOf(name, scene);
  let left = randomStream(seed, 'figure')() * figures.reduce((sum, figure) => sum + share(figure), 0);
  for (const figure of figures) {
    left -= share(figure);
    if (left < 0) return figure;
  }
  return figures[0]!;
}

const MODELS: Readonly<Record<VehicleBody, readonly string[]>> = {
  car: ['saloon', 'hatchback', 'electric', 'saloon'],
  suv: ['suv'],
  taxi: ['taxi'],
  van: ['minivan'],
  bus: ['city-bus'],
  truck: ['box-truck', 'light-truck', 'box-truck'],
  bicycle: ['city-bicycle'],
  motorcycle: ['scooter', 'courier-scooter', 'scooter', 'motorcycle'],
};

function vehicle(wardrobe: Wardrobe, { body, seed }: CastMember, at: AgentAt): Part[] {
  const models = MODELS[body as VehicleBody];
  const random = randomStream(seed, 'model');
  const entry = wardrobe.named(models[Math.floor(random() * models.length)]!);
  const machine: Part = {
    mesh: meshAt(entry, at.travelledM),
    palette: vehiclePalette(seed, entry.kind, entry.name),
    isRider: false,
  };
  if (at.pose !== 'ride') return [machine];
  const riders = (['ride-bicycle', 'ride-scooter', 'ride-motorcycle'] as const)
    .flatMap((pose) => wardrobe.posed(pose))
    .filter(({ rides }) => rides?.includes(entry.name));
  const rider = riders[Math.floor(random() * riders.length)]!;
  return [machine, { mesh: meshAt(rider, at.travelledM), palette: personPalette(seed + 1, rider.name), isRider: true }];
}
