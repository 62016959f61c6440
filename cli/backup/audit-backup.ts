/** The audit log to a backup and back: its days, its sealed end and its mark of what went, so that `audit verify` still holds. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const FOLDER = 'audit';
const HEAD = 'head.db';
const ANCHOR = 'anchor.json';
const DAY = /^\d{4}-\d{2}-\d{2}\.jsonl$/;

/** While it is written: the sealed end is taken first, so that the days hold at least all that it vouches for. */
export function writeAudit(dataDir: string, folder: string): number {
  const [from, to] = [resolve(dataDir, FOLDER), resolve(folder, FOLDER)];
  if (!existsSync(from)) return 0;
  mkdirSync(to, { recursive: true, mode: 0o700 });
  if (existsSync(resolve(from, HEAD))) {
    using database = new DatabaseSync(resolve(from, HEAD), { readOnly: true, timeout: 5000 });
    database.prepare('VACUUM INTO ?').run(resolve(to, HEAD));
  }
  if (existsSync(resolve(from, ANCHOR))) copyFileSync(resolve(from, ANCHOR), resolve(to, ANCHOR));
  const days = readdirSync(from).filter((name) => DAY.test(name));
  return days.reduce((lines, name) => lines + copyWholeLines(resolve(from, name), resolve(to, name)), 0);
}

/** A line that is being written is left out: nobody was told yet that it stands. */
function copyWholeLines(from: string, to: string): number {
  const bytes = readFileSync(from);
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  writeFileSync(to, whole, { mode: 0o600 });
  return whole.reduce((lines, byte) => lines + Number(byte === 0x0a), 0);
}

/** Into a data folder that has no log; a backup of an earlier version has none. Returns how many lines. */
export function readAudit(folder: string, dataDir: string): number {
  return existsSync(resolve(folder, FOLDER)) ? writeAudit(folder, dataDir) : 0;
}
