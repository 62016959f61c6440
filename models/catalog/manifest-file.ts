/** Reads and writes a manifest: `<name>.yaml` beside its ONNX file. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { checker, InvalidValueError } from '../schema/check.ts';
import { FaultError } from '../schema/fault.ts';
import { ModelManifest } from '../schema/model-manifest.ts';

/** A manifest with the place of its file. */
export type CatalogModel = { manifest: ModelManifest; path: string };

const checkManifest = checker('the manifest', ModelManifest);

/** Throws FaultError `model-missing` where the file cannot be read, `invalid-value` naming the field where it is wrong. */
export function readManifest(path: string): CatalogModel {
  const manifest = parseManifest(path);
  const beyond = Object.keys(manifest.classes).find((index) => Number(index) >= manifest.classCount);
  if (beyond !== undefined) {
    throw invalid(path, `/classes/${beyond} is beyond classCount ${manifest.classCount}`);
  }
  return { manifest, path: resolve(dirname(path), manifest.file) };
}

function parseManifest(path: string): ModelManifest {
  const text = readText(path);
  try {
    return checkManifest({ maxBatch: 1, ...(parse(text) as object) });
  } catch (error) {
    if (error instanceof InvalidValueError) throw invalid(path, error.faults.join('; '), error);
    throw invalid(path, error instanceof Error ? error.message : String(error), error);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new FaultError('model-missing', `the manifest ${path} cannot be read`, { cause: error, about: { path } });
  }
}

function invalid(path: string, reason: string, cause?: unknown): FaultError {
  return new FaultError('invalid-value', `the manifest ${path} is not valid: ${reason}`, {
    about: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

export function formatManifest(manifest: ModelManifest): string {
  return stringify(manifest, { lineWidth: 0 });
}
