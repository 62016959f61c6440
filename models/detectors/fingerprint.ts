/** The SHA-256 of a model file, against that of its manifest. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { FaultError } from '../schema/fault.ts';
import type { ModelManifest } from '../schema/model-manifest.ts';

/** Throws FaultError `model-missing` where the file cannot be read. */
export async function fingerprint(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw new FaultError('model-missing', `the model file ${path} cannot be read`, { cause: error, about: { path } });
  }
  return hash.digest('hex');
}

/** Throws FaultError `model-checksum` where the manifest has a `sha256` and the file another. */
export async function checkFingerprint(manifest: ModelManifest, path: string): Promise<void> {
  const found = await fingerprint(path);
  if (manifest.sha256 === undefined || manifest.sha256 === found) return;
  const message = `model ${manifest.name}: \`sha256\` expects ${manifest.sha256}, ${path} has ${found}`;
  throw new FaultError('model-checksum', message, { about: { model: manifest.name, path, found } });
}
