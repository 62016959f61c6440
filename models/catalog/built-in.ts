/** Models that come with Sharp Eyes: a folder each, with one manifest a way of feeding the same weights. */
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = import.meta.dirname;

/** Paths of their manifests; the first is the one to take when nobody names one. */
export function builtInManifests(folder = FOLDER): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(resolve(folder, name))
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => resolve(folder, name, file)),
    )
    .sort((a, b) => a.length - b.length || a.localeCompare(b));
}
