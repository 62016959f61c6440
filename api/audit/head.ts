/** The end of the audit log's chain, in a SQLite file: its lock lets one process write at a time, and ends with the process. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Link, Sealing } from './line.ts';

/** `bytes`: the length of that day's file after the line. */
export type Head = Link & { day: string; bytes: number };

export type HeadFile = Disposable & {
  /** While `work` runs nobody else writes the log. */
  locked: <Result>(work: () => Result) => Result;
  /** undefined: there is none; `'forged'`: not sealed by this site's key. */
  read: () => Head | 'forged' | undefined;
  write: (head: Head) => void;
};

const WAIT_MS = 5000;

export function openHead(folder: string, sealing: Sealing): HeadFile {
  const database = new DatabaseSync(resolve(folder, 'head.db'), { timeout: WAIT_MS });
  // The log's files are the truth, and what they hold beyond the head is found again: no flush to the disk for each line.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(`CREATE TABLE IF NOT EXISTS head
    (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER, hash TEXT, day TEXT, bytes INTEGER, mac TEXT)`);
  const reading = database.prepare('SELECT seq, hash, day, bytes, mac FROM head');
  const writing = database.prepare('INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?, ?, ?)');
  return {
    locked(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    read() {
      const row = reading.get() as (Head & { mac: string }) | undefined;
      if (row === undefined) return undefined;
      const { seq, hash, day, bytes, mac } = row;
      return sealing.isGood(mac, 'head', seq, hash) ? { seq, hash, day, bytes } : 'forged';
    },
    write: ({ seq, hash, day, bytes }) => void writing.run(seq, hash, day, bytes, sealing.seal('head', seq, hash)),
    [Symbol.dispose]: () => database.close(),
  };
}

/** The last line of the files that were removed for their age. */
export type Anchor = Link & { through: string };

const ANCHOR = 'anchor.json';

export function readAnchor(folder: string, sealing: Sealing): Anchor | 'forged' | undefined {
  const path = resolve(folder, ANCHOR);
  if (!existsSync(path)) return undefined;
  try {
    const { seq, hash, through, mac } = JSON.parse(readFileSync(path, 'utf8')) as Anchor & { mac: string };
    return sealing.isGood(mac, 'anchor', seq, hash, through) ? { seq, hash, through } : 'forged';
  } catch {
    return 'forged';
  }
}

export function writeAnchor(folder: string, { seq, hash, through }: Anchor, sealing: Sealing): void {
  const draft = resolve(folder, `${ANCHOR}.draft`);
  const mac = sealing.seal('anchor', seq, hash, through);
  writeFileSync(draft, `${JSON.stringify({ seq, hash, through, mac })}\n`, { mode: 0o600 });
  renameSync(draft, resolve(folder, ANCHOR));
}
