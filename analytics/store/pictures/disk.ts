/** Pictures of alerts in a folder; only this user may read them. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';
import { demandName, type PictureStore, type StoredName } from './picture-store.ts';

const DRAFT = '.draft';

export function openDiskStore(folder: string): PictureStore {
  const at = (name: string) => resolve(folder, demandName(name));

  /** Folders that emptied go too, up to the root. */
  async function removeEmpty(path: string): Promise<void> {
    for (let above = dirname(path); above !== folder && above.startsWith(folder); above = dirname(above)) {
      if (
        !(await rmdir(above)
          .then(() => true)
          .catch(() => false))
      )
        return;
    }
  }

  async function* walk(path: string): AsyncGenerator<StoredName> {
    const entries = await readdir(path, { withFileTypes: true }).catch(ignoreMissing(() => []));
    for (const entry of entries) {
      const child = resolve(path, entry.name);
      if (entry.isDirectory()) yield* walk(child);
      else if (!entry.name.endsWith(DRAFT)) {
        const found = await stat(child).catch(ignoreMissing(() => undefined));
        if (found !== undefined) yield { name: relative(folder, child), bytes: found.size };
      }
    }
  }

  return {
    async put(name, bytes) {
      const path = at(name);
      const draft = `${path}.${randomBytes(4).toString('hex')}${DRAFT}`;
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFile(draft, bytes, { mode: 0o600 });
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {});
        throw faultOf(error, folder);
      }
    },
    async read(name) {
      try {
        return await readFile(at(name)).catch(ignoreMissing(() => undefined));
      } catch (error) {
        throw faultOf(error, folder);
      }
    },
    async *list(prefix) {
      const whole = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      try {
        for await (const found of walk(resolve(folder, whole))) if (found.name.startsWith(prefix)) yield found;
      } catch (error) {
        throw faultOf(error, folder);
      }
    },
    async remove(name) {
      try {
        await rm(at(name), { force: true });
        await removeEmpty(at(name));
      } catch (error) {
        throw faultOf(error, folder);
      }
    },
    async freeBytes() {
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => {});
      const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: undefined, bsize: 0 }));
      return bavail === undefined ? undefined : bavail * bsize;
    },
    close() {},
  };
}

function ignoreMissing<Instead>(instead: () => Instead) {
  return (error: NodeJS.ErrnoException): Instead => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return instead();
    throw error;
  };
}

function faultOf(error: unknown, folder: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error as Error;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new FaultError(isFull ? 'disk-full' : 'evidence-unreachable', `${folder}: ${message}`, { cause: error });
}
