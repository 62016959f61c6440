/** `model list`: every model we know or were given, whether its file is there, and what it may be used for. */
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Kind } from '../schema/kind.ts';
import type { ModelManifest } from '../schema/model-manifest.ts';
import { builtInManifests } from './built-in.ts';
import { downloadOf } from './downloads.ts';
import { KNOWN_MODELS } from './known.ts';
import { readManifest } from './manifest-file.ts';
import { type Measured, measuredOf } from './measured.ts';
import { type CatalogPlaces, manifestPaths } from './resolve.ts';

export type ModelEntry = {
  name: string;
  origin: 'added' | 'known' | 'built-in';
  /** The file is there. */
  isPresent: boolean;
  /** Of the file; null where it is not there. */
  sizeMib: number | null;
  path: string;
  decoder: string;
  /** `416x416` */
  size: string;
  kinds: Kind[];
  scoreMin: number;
  licence: string;
  source: string;
  /** Where `model add <name>` fetches it; null where it cannot. */
  url: string | null;
  /** Of this very file; null where nobody measured it. */
  measured: Measured | null;
  /** What is wrong with the manifest, in one sentence. */
  problem?: string;
};

export function listModels({ modelsDir, materialDir, builtInDir }: CatalogPlaces): ModelEntry[] {
  const added = manifestPaths(modelsDir).map(readEntry);
  const names = new Set(added.map(({ name }) => name));
  const known = KNOWN_MODELS.filter(({ name }) => !names.has(name)).map((manifest) =>
    entryOf(manifest, { origin: 'known', path: resolve(materialDir, 'models', manifest.file) }),
  );
  const builtIn = builtInManifests(builtInDir)
    .map(readManifest)
    .filter(({ manifest }) => !names.has(manifest.name))
    .map(({ manifest, path }) => entryOf(manifest, { origin: 'built-in', path }));
  return [...added, ...builtIn, ...known];
}

function readEntry(path: string): ModelEntry {
  try {
    const model = readManifest(path);
    return entryOf(model.manifest, { origin: 'added', path: model.path });
  } catch (error) {
    return {
      name: basename(path, '.yaml'),
      origin: 'added',
      isPresent: false,
      sizeMib: null,
      path,
      decoder: '',
      size: '',
      kinds: [],
      scoreMin: 0,
      licence: '',
      source: '',
      url: null,
      measured: null,
      problem: error instanceof Error ? error.message : String(error),
    };
  }
}

function entryOf(manifest: ModelManifest, place: Pick<ModelEntry, 'origin' | 'path'>): ModelEntry {
  const { name, decoder, input, classes, scoreMin, licence, source } = manifest;
  const kinds = [...new Set(Object.values(classes))];
  const bytes = statSync(place.path, { throwIfNoEntry: false })?.size;
  return {
    name,
    ...place,
    isPresent: bytes !== undefined,
    sizeMib: bytes === undefined ? null : bytes / 2 ** 20,
    decoder,
    size: `${input.width}x${input.height}`,
    kinds,
    scoreMin,
    licence,
    source,
    url: downloadOf(name)?.url ?? null,
    measured: measuredOf(manifest),
  };
}
