/** `model add`: takes an ONNX file into the catalog, after it was opened as what it is said to be. */
import { constants, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { fingerprint } from '../detectors/fingerprint.ts';
import { openDetector } from '../detectors/open.ts';
import { openSession, type Port } from '../detectors/session.ts';
import { FaultError } from '../schema/fault.ts';
import { isId } from '../schema/id.ts';
import type { Kind } from '../schema/kind.ts';
import type { ModelManifest } from '../schema/model-manifest.ts';
import { type CatalogModel, formatManifest, readManifest } from './manifest-file.ts';
import { TEMPLATE_NAMES, templateFor } from './templates.ts';

export type AddOptions = {
  /** The ONNX file. */
  file: string;
  /** A known model or a family (yolox, nanodet, yolov5, yolov8, detr, ssd, fastestdet), the path of a manifest, or one. */
  like: string | ModelManifest;
  /** Absent: made from the file's name. */
  name?: string | undefined;
  modelsDir: string;
  licence?: string | undefined;
  source?: string | undefined;
  /** Class index → kind, where the model does not have COCO's 80 classes. */
  classes?: Record<string, Kind> | undefined;
  classCount?: number | undefined;
};

/**
 * Copies the file to `<modelsDir>/<name>.onnx` and writes `<name>.yaml` with its SHA-256. Size and name of the input are
 * read from the file; the rest is as `like`. Throws FaultError: `model-missing`, a mismatch naming the field,
 * `already-exists`, `invalid-value`.
 */
export async function addModel(options: AddOptions): Promise<CatalogModel> {
  const { file, modelsDir } = options;
  const name = options.name ?? nameOf(file);
  if (!isId(name)) throw new FaultError('invalid-value', `"${name}" is no name for a model: use a-z, 0-9 and hyphens`);
  const { path, manifestPath } = checkFree(name, modelsDir);
  const sha256 = await fingerprint(file);
  const manifest = await draft(options, { name, sha256 });
  await using _opened = await openDetector({ manifest, path: file });
  mkdirSync(modelsDir, { recursive: true });
  copyFileSync(file, path, constants.COPYFILE_EXCL);
  try {
    writeFileSync(manifestPath, formatManifest(manifest), { flag: 'wx' });
    return readManifest(manifestPath);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

/** Where a model of this name will lie. Throws FaultError `already-exists` where one does. */
export function checkFree(name: string, modelsDir: string): { path: string; manifestPath: string } {
  const path = resolve(modelsDir, `${name}.onnx`);
  const manifestPath = resolve(modelsDir, `${name}.yaml`);
  if (!existsSync(path) && !existsSync(manifestPath)) return { path, manifestPath };
  throw new FaultError('already-exists', `there is a model "${name}" in ${modelsDir}`, {
    about: { model: name },
    cure: `Choose another --name, or remove ${manifestPath} and ${path}.`,
  });
}

type Drafted = { name: string; sha256: string };

async function draft(options: AddOptions, { name, sha256 }: Drafted): Promise<ModelManifest> {
  const { like, file } = options;
  const template = typeof like === 'string' ? named(like) : like;
  if (template === undefined) {
    throw new FaultError('invalid-value', `--like expects one of ${TEMPLATE_NAMES.join(', ')}, got "${like}"`);
  }
  const { outputs: _outputs, ...rest } = template;
  // What is only fed like a known model has not its licence.
  const isThat = template.sha256 === sha256 || name === template.name;
  // The known outputs are kept where the file has them: their order matters.
  await using session = await openSession(file, { model: name, threads: 1 });
  const hasOutputs = template.outputs?.every((wanted) => session.outputs.some((output) => output.name === wanted));
  return {
    ...rest,
    name,
    file: `${name}.onnx`,
    sha256,
    licence: options.licence ?? (isThat ? template.licence : 'unknown'),
    source: options.source ?? (isThat ? template.source : 'unknown'),
    input: inputOf(session.inputs, template.input),
    ...(hasOutputs === true && template.outputs !== undefined ? { outputs: template.outputs } : {}),
    ...(options.classes === undefined ? {} : { classes: options.classes }),
    ...(options.classCount === undefined ? {} : { classCount: options.classCount }),
  };
}

const named = (like: string) => (like.endsWith('.yaml') ? readManifest(resolve(like)).manifest : templateFor(like));

/** A file with a size of its own has no larger ones. */
function inputOf(inputs: readonly Port[], { larger, ...input }: ModelManifest['input']): ModelManifest['input'] {
  const size = sizeOf(inputs, input.layout);
  const isOpen = size.width === undefined && size.height === undefined;
  return { ...input, ...size, ...(isOpen && larger !== undefined ? { larger } : {}) };
}

/** What a file with one input says of it; nothing where it leaves it open. */
function sizeOf(inputs: readonly Port[], layout: 'nchw' | 'nhwc'): Partial<ModelManifest['input']> {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) return {};
  const [height, width] = layout === 'nchw' ? input.dims.slice(2) : input.dims.slice(1);
  return {
    name: input.name,
    ...(typeof height === 'number' ? { height } : {}),
    ...(typeof width === 'number' ? { width } : {}),
  };
}

const nameOf = (file: string) =>
  basename(file, extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 64);
