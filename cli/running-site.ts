/** Where the site of this machine runs: `up` and `demo` leave a note in their data folder for the other commands. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';
import type { Config } from '#system/config.ts';

export type RunningSite = { pid: number; url: string; dataDir: string; natsPort: number; storePort: number };

const notePath = (dataDir: string) => resolve(dataDir, 'run', 'site.json');

/** The demo keeps its invented city apart from a real one. */
export function demoDataDir(config: Config): string {
  return resolve(config.dataDir, 'demo');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readNote(dataDir: string): RunningSite | undefined {
  const path = notePath(dataDir);
  if (!existsSync(path)) return undefined;
  try {
    const note = JSON.parse(readFileSync(path, 'utf8')) as RunningSite;
    return isAlive(note.pid) ? note : undefined;
  } catch {
    // Half written by a process that was killed: nobody runs.
    return undefined;
  }
}

/** The running site of the configured data folder, or of the demo below it. */
export function findRunningSite(config: Config): RunningSite | undefined {
  return readNote(config.dataDir) ?? readNote(demoDataDir(config));
}

/** Leaves the note; throws FaultError `data-locked` where another site runs on the same folder. Returns its removal. */
export function claimDataDir(site: RunningSite): () => void {
  const other = readNote(site.dataDir);
  if (other !== undefined && other.pid !== process.pid) {
    throw new FaultError('data-locked', `${site.dataDir} is in use by process ${other.pid}, which serves ${other.url}`);
  }
  const path = notePath(site.dataDir);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(site)}\n`);
  return () => rmSync(path, { force: true });
}
