/** Pictures of alerts to a backup and back: as they lie in their folder, unblurred ones sealed as they are. */
import { existsSync } from 'node:fs';
import { cp, readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';
import type { Config } from '#system/config.ts';

const FOLDER = 'evidence';
const isWhole = (path: string) => !path.endsWith('.draft');

export type PicturesCopied = { files: number; bytes: number };

/** Throws FaultError `invalid-value` where they are in a bucket: whoever keeps that keeps them. */
export async function writeEvidence(config: Config, folder: string): Promise<PicturesCopied> {
  demandFolder(config);
  return await copyPictures(config.evidenceDir, resolve(folder, FOLDER));
}

/** `undefined` where the backup has none. */
export async function readEvidence(folder: string, config: Config): Promise<PicturesCopied | undefined> {
  if (!existsSync(resolve(folder, FOLDER))) return undefined;
  demandFolder(config);
  return await copyPictures(resolve(folder, FOLDER), config.evidenceDir);
}

function demandFolder({ evidenceS3Url }: Config): void {
  if (evidenceS3Url === '') return;
  throw new FaultError('invalid-value', 'pictures of alerts are in a bucket (evidenceS3Url), not in a folder', {
    cure: 'Copy the bucket with its own tools, and leave --evidence away.',
  });
}

/** What is removed while it is copied is no fault: its time was over. */
async function copyPictures(from: string, to: string): Promise<PicturesCopied> {
  if (!existsSync(from)) return { files: 0, bytes: 0 };
  const filter = (path: string) => isWhole(path) && existsSync(path);
  await cp(from, to, { recursive: true, filter, mode: 0, preserveTimestamps: true });
  const found = await readdir(to, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(resolve(parentPath, name))));
  return { files: files.length, bytes: sizes.reduce((sum, { size }) => sum + size, 0) };
}
