/** A folder that one process of this machine owns: a lock file with host, pid and the start time of the process. */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';

export type FolderLock = Disposable & { path: string };

type Holder = { host: string; pid: number; startedAt: string };

const lockPath = (folder: string) => resolve(folder, 'lock');

/** Clock ticks since boot at which the process began: a pid that came round again has another. Linux; else ''. */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(holder: Holder): boolean {
  // Another host's processes cannot be seen from here: its folders are left alone.
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.startedAt === '' || processStart(holder.pid) === holder.startedAt;
}

function read(path: string): { text: string; holder: Holder | undefined } | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return { text, holder: parse(text) };
  } catch {
    return undefined;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.host === 'string'
      ? { host: value.host, pid: value.pid, startedAt: value.startedAt ?? '' }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the folder (made where it is absent), also from a process that is gone; undefined while another lives in it. */
export function lockFolder(folder: string): FolderLock | undefined {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = lockPath(folder);
  const holder: Holder = { host: hostname(), pid: process.pid, startedAt: processStart(process.pid) };
  const text = JSON.stringify({ ...holder, nonce: randomUUID() });
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
      return {
        path,
        [Symbol.dispose]: () => {
          if (read(path)?.text === text) rmSync(path, { force: true });
        },
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const found = read(path);
    if (found?.holder !== undefined && isAlive(found.holder)) return undefined;
    if (found !== undefined && !removeStale(path, found.text)) return undefined;
  }
  return undefined;
}

/** Moves the lock away and looks at what was moved: where another took it meanwhile, it is put back. */
function removeStale(path: string, expected: string): boolean {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return true;
  }
  const isStale = read(aside)?.text === expected;
  if (!isStale) {
    try {
      linkSync(aside, path);
    } catch {
      // A third has it now: it is theirs.
    }
  }
  rmSync(aside, { force: true });
  return isStale;
}
