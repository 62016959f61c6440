/** Which files may be cameras: those below the configured media folders, wherever links lead. */
import { realpathSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';

type MediaOptions = {
  mediaDirs: readonly string[];
  /** The file is to be read on this machine, so that links can be followed and it can be looked for. */
  isHere: boolean;
};

/**
 * Returns the file with its links followed (as it stands where it is not here). Throws FaultError `file-outside`, also
 * for a file that does not exist, so that nobody learns from the answer what lies elsewhere; then `file-missing`.
 */
export function findMediaFile(path: string, { mediaDirs, isHere }: MediaOptions): string {
  const dirs = mediaDirs.map((dir) => resolve(dir));
  const realDirs = isHere ? dirs.map(followed) : dirs;
  if (!isBelow(resolve(path), [...dirs, ...realDirs])) throw outside(path, mediaDirs);
  if (!isHere) return path;
  const real = followed(path);
  if (!isBelow(real, realDirs)) throw outside(path, mediaDirs);
  const found = statSync(real, { throwIfNoEntry: false });
  if (found === undefined) throw new FaultError('file-missing', `there is no file ${path}`, { about: { path } });
  if (!found.isFile()) {
    throw new FaultError('file-missing', `${path} is no file, but a folder or something else`, { about: { path } });
  }
  return real;
}

const isBelow = (path: string, dirs: readonly string[]) =>
  dirs.some((dir) => path.startsWith(dir.endsWith(sep) ? dir : dir + sep));

/** As it stands where there is nothing. */
function followed(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function outside(path: string, mediaDirs: readonly string[]): FaultError {
  return new FaultError('file-outside', `${path} lies in none of the media folders (${mediaDirs.join(', ')})`, {
    about: { path },
  });
}
