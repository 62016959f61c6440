/** Writes the trace job of views: materials, meshes, a shot for every variant, and stills to train on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BICYCLE_PAINTS, type NumberedBicycle, parkedIn } from '#demo/world/stages/parked-bicycles.ts';
import { FPS } from '#demo/world/traffic/motion.ts';
import type { View } from '#demo/world/view.ts';
import { STREET_MATERIALS } from '../street/paints.ts';
import { buildExtra, buildLights, buildParked, buildStreet } from '../street/street.ts';
import { encodeInstances } from './instance-file.ts';
import { encodeMeshes, type Mesh } from './mesh-file.ts';
import { type Shot, type ShotSources, writeShot } from './shot.ts';
import { writeStills } from './stills.ts';
import type { Troupe } from './troupe.ts';

/** The library's meshes have smaller numbers. */
const FIRST_STREET = 1_000_000;
const FIRST_PARKED = 1_500_000;
const FIRST_STANDING = 1_800_000;
const FIRST_LIGHT = 1_900_000;
const STREET_STEP = 32;
const PARKED_STEP = 1000;
/** A view's own meshes come first, then those of single variants. */
const FIRST_EXTRA = 8;
const HERE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** `stills`: how many of each view that is not held out. */
export type JobOrder = {
  folder: string;
  views: readonly View[];
  troupe: Troupe;
  variants?: readonly string[];
  stills?: number;
};

export function writeJob({ folder, views, troupe, variants, stills = 0 }: JobOrder): void {
  mkdirSync(folder, { recursive: true });
  const write: Write = (name, content) => writeFileSync(join(folder, name), content);
  write('materials.json', JSON.stringify([...troupe.materials, ...STREET_MATERIALS]));
  write('library.mesh', troupe.library);
  write('shots.txt', shotList(views, stills));
  for (const [index, view] of views.entries()) {
    const { street, extras } = writeStreet(view, {
      firstId: FIRST_STREET + index * STREET_STEP,
      firstParked: FIRST_PARKED + index * PARKED_STEP,
      troupe,
      write,
    });
    const sources: ShotSources = { troupe, firstLight: FIRST_LIGHT };
    if (stills > 0 && view.isHeldOut !== true) {
      writeFiles(write, writeStills(view, stills, { ...sources, firstStanding: FIRST_STANDING }), street);
    }
    for (const [number, variant] of view.variants.entries()) {
      if (variants !== undefined && !variants.includes(variant.id)) continue;
      writeFiles(write, writeShot(view, variant, sources), [...street, ...extras[number]!]);
    }
  }
}

/** The order in which shots are worth rendering: `view variant frames` a line. */
function shotList(views: readonly View[], stills: number): string {
  const ranks = ['main', 'night', 'busy', 'rain', 'fog', 'glare', 'dusk', 'incident'];
  const variants = views.flatMap((view) =>
    view.variants.map(({ id, seconds }) => ({ view: view.id, id, frames: seconds * FPS })),
  );
  variants.sort((a, b) => ranks.indexOf(a.id) - ranks.indexOf(b.id));
  const trained = stills === 0 ? [] : views.filter(({ isHeldOut }) => isHeldOut !== true);
  const lines = [
    ...variants.map(({ view, id, frames }) => `${view} ${id} ${frames}`),
    ...trained.map(({ id }) => `${id} stills ${stills}`),
  ];
  return `${lines.join('\n')}\n`;
}

type Write = (name: string, content: string | Buffer) => void;
type StreetOrder = { firstId: number; firstParked: number; troupe: Troupe; write: Write };
/** A mesh where it lies; `agent`: the number under which its truth is wanted. */
type Placed = Mesh & { agent?: number };

function writeStreet(view: View, order: StreetOrder): { street: Placed[]; extras: Placed[][] } {
  const { firstId, firstParked, troupe, write } = order;
  const { always, only } = parkedIn(view);
  let parked = firstParked;
  const stand = (bicycles: readonly NumberedBicycle[]): Placed[] => {
    const meshes = buildParked(bicycles, parked);
    parked += meshes.length;
    return meshes.map((mesh, index) => ({ ...mesh, agent: bicycles[index]!.id }));
  };
  const street = [...buildStreet(view.stage, { firstId, eye: view.camera }), ...stand(always)];
  const extras = view.variants.map(({ id, extra }, number): Placed[] => [
    ...buildExtra(view.stage, extra?.props ?? [], firstId + FIRST_EXTRA + number * 2),
    ...stand(only.get(id) ?? []),
  ]);
  const standing = BICYCLE_PAINTS.map((paint, id) => ({ id, paint, x: 0, y: 0, z: 0, heading: 0 }));
  const meshes = [...street, ...extras.flat(), ...buildParked(standing, FIRST_STANDING), ...buildLights(FIRST_LIGHT)];
  write(`${view.id}.mesh`, encodeMeshes(meshes.map((mesh) => behind(mesh, troupe.materials.length))));
  return { street, extras };
}

function writeFiles(write: Write, { name, header, frames, agents: moving }: Shot, placed: readonly Placed[]): void {
  const statics = placed.map(({ id, agent }) => ({
    mesh: id,
    matrix: HERE,
    ...(agent === undefined ? {} : { agent }),
  }));
  const parked = placed.flatMap(({ agent }) => (agent === undefined ? [] : [{ id: agent, kind: 'bicycle' }]));
  const agents = [...moving, ...parked];
  write(`${name}.shot.json`, JSON.stringify({ ...header, statics, instances: `${name}.inst` }));
  write(`${name}.inst`, encodeInstances(frames));
  write(`${name}.agents.json`, JSON.stringify({ agents }));
}

/** Street materials stand behind the library's. */
function behind(mesh: Mesh, count: number): Mesh {
  if (typeof mesh.topology === 'number') return mesh;
  const { indices, materials } = mesh.topology;
  return { ...mesh, topology: { indices, materials: materials.map((number) => number + count) } };
}
