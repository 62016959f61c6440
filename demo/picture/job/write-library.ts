/** Writes library.mesh, materials.json and catalogue.json into the folder named on the command line. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildLibrary } from './library.ts';
import { LIBRARY_MATERIALS } from './library-materials.ts';
import { encodeMeshes } from './mesh-file.ts';

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('usage: write-library.ts FOLDER\n');
  process.exit(2);
}
const { meshes, catalogue } = buildLibrary();
mkdirSync(folder, { recursive: true });
write('library.mesh', encodeMeshes(meshes));
write('materials.json', `${JSON.stringify(LIBRARY_MATERIALS, undefined, 1)}\n`);
write('catalogue.json', `${JSON.stringify(catalogue, undefined, 1)}\n`);
process.stdout.write(`${meshes.length} meshes, ${catalogue.length} entries in ${folder}\n`);

/** Whole or not at all: a reader never sees half a file. */
function write(name: string, content: string | Buffer): void {
  const path = join(folder!, name);
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
}
