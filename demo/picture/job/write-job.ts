/** Writes the trace job of views: materials, meshes, and a shot for every variant. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { View } from '#demo/world/view.ts';
import { STREET_MATERIALS } from '../street/paints.ts';
import { buildLights, buildStreet } from '../street/street.ts';
import { encodeInstances } from './instance-file.ts';
import { encodeMeshes, type Mesh } from './mesh-file.ts';
import { writeShot } from './shot.ts';
import { writeStills } from './stills.ts';
import type { Troupe } from './troupe.ts';

/** The library's meshes have smaller numbers. */
const FIRST_STREET = 1_000_000;
const FIRST_LIGHT = 1_900_000;
const STREET_STEP = 16;

export type JobOrder = {
  folder: string;
  views: readonly View[];
  troupe: Troupe;
  variants?: readonly string[];
  stills?: number;
};

export function writeJob({ folder, views, troupe, variants, stills = 0 }: JobOrder): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
  write('materials.json', JSON.stringify([...troupe.materials, ...STREET_MATERIALS]));
  write('library.mesh', troupe.library);
  for (const [index, view] of views.entries()) {
    const street = buildStreet(view.stage, { firstId: FIRST_STREET + index * STREET_STEP, eye: view.camera });
    const meshes = [...street, ...buildLights(FIRST_LIGHT)].map((mesh) => behind(mesh, troupe.materials.length));
    write(`${view.id}.mesh`, encodeMeshes(meshes));
    const statics = street.map(({ id }) => ({ mesh: id, matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }));
    if (stills > 0 && view.isHeldOut !== true) {
      const { header, frames, kinds } = writeStills(view, stills, { troupe, firstLight: FIRST_LIGHT });
      write(`${view.id}-stills.shot.json`, JSON.stringify({ ...header, statics }));
      write(`${view.id}-stills.inst`, encodeInstances(frames));
      write(`${view.id}-stills.kinds.json`, JSON.stringify(kinds));
    }
    for (const variant of view.variants) {
      if (variants !== undefined && !variants.includes(variant.id)) continue;
      const { header, frames } = writeShot(view, variant, { troupe, firstLight: FIRST_LIGHT });
      write(`${view.id}-${variant.id}.shot.json`, JSON.stringify({ ...header, statics }));
      write(`${view.id}-${variant.id}.inst`, encodeInstances(frames));
    }
  }
}

/** Street materials stand behind the library's. */
function behind(mesh: Mesh, count: number): Mesh {
  if (typeof mesh.topology === 'number') return mesh;
  const { indices, materials } = mesh.topology;
  return { ...mesh, topology: { indices, materials: materials.map((number) => number + count) } };
}
