/** From the name of a model to its manifest and file: added models, those that come with us, the public ones we know. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { FaultError } from '../schema/fault.ts';
import { builtInManifests } from './built-in.ts';
import { downloadOf } from './downloads.ts';
import { KNOWN_MODELS } from './known.ts';
import { type CatalogModel, readManifest } from './manifest-file.ts';

/** `modelsDir` holds added models, each with its `<name>.yaml`; `materialDir` may hold public files below `models/`. */
export type CatalogPlaces = {
  modelsDir: string;
  materialDir: string;
  /** Where the models that come with us lie; absent: beside this file. */
  builtInDir?: string | undefined;
};

/**
 * `name` is a name of the catalog, the path of a manifest or of an ONNX file, or '' for the first model that is there.
 * Throws FaultError `model-missing`, saying what is there.
 */
export function resolveModel({ name, ...places }: CatalogPlaces & { name: string }): CatalogModel {
  if (isPath(name)) return resolvePath(resolve(name));
  const own = resolve(places.modelsDir, `${name}.yaml`);
  // Named, a manifest that is not valid is an error and not passed over.
  if (name !== '' && existsSync(own)) return withFile(readManifest(own));
  const present = presentModels(places);
  const model = name === '' ? present[0] : present.find(({ manifest }) => manifest.name === name);
  if (model !== undefined) return model;
  throw nothingFor(name, { ...places, names: present.map(({ manifest }) => manifest.name) });
}

function withFile(model: CatalogModel): CatalogModel {
  if (existsSync(model.path)) return model;
  const { name, source } = model.manifest;
  throw new FaultError('model-missing', `the file ${model.path} of model ${name} is not there`, {
    about: { model: name, path: model.path },
    cure: `Put it there again (it comes from ${source}), or remove the manifest.`,
  });
}

function nothingFor(name: string, { names, ...places }: CatalogPlaces & { names: string[] }): FaultError {
  if (name === '') {
    const looked = `${places.modelsDir} and ${resolve(places.materialDir, 'models')}`;
    return new FaultError('model-missing', `no model is there: looked into ${looked}`, { about: { ...places } });
  }
  const known = KNOWN_MODELS.find((manifest) => manifest.name === name);
  if (known !== undefined) {
    const message = `the file of model ${name} is not there: fetch ${known.file} from ${known.source}`;
    const byHand = `./sharp-eyes model add --file ${known.file} --like ${name} --name ${name}`;
    const cure =
      downloadOf(name) === undefined
        ? `Then: ${byHand}`
        : `./sharp-eyes model add ${name} does; by hand, then: ${byHand}`;
    return new FaultError('model-missing', message, { about: { model: name }, cure });
  }
  const there = names.length === 0 ? 'none is there' : `there are: ${names.join(', ')}`;
  const candidates = names.length === 0 ? KNOWN_MODELS.map((manifest) => manifest.name) : names;
  return new FaultError('model-missing', `there is no model "${name}"; ${there}`, {
    about: { model: name, names },
    ...(names.length === 0 ? {} : { cure: `Did you mean ${closest(name, candidates)}?` }),
  });
}

/**
 * Every model whose file is there: added ones by name, then those that come with us, then known ones in our order; a name
 * counts once. An added manifest that is not valid is passed over here; {@link listModels} tells of it.
 */
export function presentModels({ modelsDir, materialDir, builtInDir }: CatalogPlaces): CatalogModel[] {
  const added = manifestPaths(modelsDir).flatMap((path): CatalogModel[] => {
    try {
      return [readManifest(path)];
    } catch {
      return [];
    }
  });
  const builtIn = builtInManifests(builtInDir).map(readManifest);
  const known = KNOWN_MODELS.map((manifest) => ({ manifest, path: resolve(materialDir, 'models', manifest.file) }));
  const names = new Set<string>();
  return [...added, ...builtIn, ...known].filter(({ manifest, path }) => {
    const isFirst = !names.has(manifest.name);
    names.add(manifest.name);
    return isFirst && existsSync(path);
  });
}

export function manifestPaths(modelsDir: string): string[] {
  if (!existsSync(modelsDir)) return [];
  const files = readdirSync(modelsDir).filter((file) => file.endsWith('.yaml'));
  return files.sort().map((file) => resolve(modelsDir, file));
}

const isPath = (name: string) => name.includes('/') || name.endsWith('.onnx') || name.endsWith('.yaml');

/** An ONNX file needs a manifest beside it, or the file name of a model we know. */
function resolvePath(path: string): CatalogModel {
  if (!existsSync(path)) {
    throw new FaultError('model-missing', `there is no file ${path}`, { about: { path } });
  }
  if (path.endsWith('.yaml')) return readManifest(path);
  const beside = resolve(dirname(path), `${basename(path, extname(path))}.yaml`);
  if (existsSync(beside)) return { ...readManifest(beside), path };
  const known = KNOWN_MODELS.find((manifest) => manifest.file === basename(path));
  if (known !== undefined) return { manifest: known, path };
  throw new FaultError('model-missing', `${path} has no manifest: expected ${beside}`, {
    about: { path },
    cure: `./sharp-eyes model add --file ${path} --like <one of ${KNOWN_MODELS.map(({ name }) => name).join(', ')}>`,
  });
}
