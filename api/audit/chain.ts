/** The audit log's writer: any number of processes on one data folder, one line after the other. */
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { type Head, openHead, readAnchor, writeAnchor } from './head.ts';
import { BEGIN, chainLine, createSealing, daysOf, fileOf, hashOf, type Link, readLine } from './line.ts';

export type Chain = Disposable & {
  /** Throws where the line could not be written. `day`: YYYY-MM-DD. */
  append: (entry: object, day: string) => void;
  /** Removes files of days before that; their end stays, sealed, so that the rest can still be checked. */
  forget: (before: string) => void;
};

/** `key`: the site's own. */
export function openChain(folder: string, key: Buffer): Chain {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sealing = createSealing(key);
  const head = openHead(folder, sealing);

  /** Where the chain ends: as the head says, and what a process wrote that was killed before it could say so. */
  function end(): Head {
    const known = head.read();
    if (known !== undefined && known !== 'forged') return catchUp(folder, known);
    const last = lastLink(folder);
    if (last === undefined) {
      const anchor = readAnchor(folder, sealing);
      const from = anchor === undefined || anchor === 'forged' ? BEGIN : anchor;
      return { seq: from.seq, hash: from.hash, day: '', bytes: 0 };
    }
    // It is told in the log itself: nobody can say what stood after this line.
    return write(folder, { action: 'audit.head-lost', at: new Date().toISOString(), after: last.seq }, last);
  }

  return {
    append: (entry, day) =>
      head.locked(() => {
        const last = end();
        // Somebody else's midnight may have come before: the log does not go back a day.
        head.write(write(folder, entry, { ...last, day: later(day, last.day) }));
      }),
    forget: (before) =>
      head.locked(() => {
        const old = daysOf(readdirSync(folder)).filter((day) => day < before);
        const through = old.at(-1);
        if (through === undefined) return;
        const link = old.map((day) => linkOfFile(resolve(folder, fileOf(day)))).findLast((one) => one !== undefined);
        if (link !== undefined) writeAnchor(folder, { ...link, through }, sealing);
        for (const day of old) rmSync(resolve(folder, fileOf(day)));
      }),
    [Symbol.dispose]: () => head[Symbol.dispose](),
  };
}

const later = (a: string, b: string) => (a.localeCompare(b) < 0 ? b : a);

function write(folder: string, entry: object, last: Link & { day: string }): Head {
  const { line, link } = chainLine(entry, last);
  const descriptor = openSync(resolve(folder, fileOf(last.day)), 'a', 0o600);
  try {
    writeSync(descriptor, `${line}\n`);
    return { ...link, day: last.day, bytes: fstatSync(descriptor).size };
  } finally {
    closeSync(descriptor);
  }
}

/** Lines after the head that follow it count; a torn one, of which nobody was told that it stands, goes. */
function catchUp(folder: string, known: Head): Head {
  const days = daysOf(readdirSync(folder)).filter((day) => day >= known.day);
  let at = known;
  for (const day of days) {
    const from = day === known.day ? known.bytes : 0;
    at = followFile(resolve(folder, fileOf(day)), { ...at, day }, from);
  }
  return at;
}

function followFile(path: string, last: Head, from: number): Head {
  const size = statSync(path).size;
  if (size <= from) return { ...last, bytes: size };
  const descriptor = openSync(path, 'r+');
  try {
    const bytes = Buffer.alloc(size - from);
    readSync(descriptor, bytes, 0, bytes.length, from);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    let link: Link = last;
    for (const line of bytes.toString('utf8', 0, whole).split('\n')) {
      const read = line === '' ? undefined : readLine(line);
      if (typeof read === 'object' && read.seq === link.seq + 1 && read.prev === link.hash)
        link = { seq: read.seq, hash: hashOf(line) };
    }
    if (whole < bytes.length) ftruncateSync(descriptor, from + whole);
    return { ...link, day: last.day, bytes: from + whole };
  } finally {
    closeSync(descriptor);
  }
}

/** The last chained line there is, in whichever file. */
function lastLink(folder: string): (Link & { day: string }) | undefined {
  for (const day of daysOf(readdirSync(folder)).reverse()) {
    const link = linkOfFile(resolve(folder, fileOf(day)));
    if (link !== undefined) return { ...link, day };
  }
  return undefined;
}

export function linkOfFile(path: string): Link | undefined {
  const line = readFileSync(path, 'utf8')
    .split('\n')
    .findLast((one) => typeof readLine(one) === 'object');
  const read = line === undefined ? undefined : readLine(line);
  return line === undefined || typeof read !== 'object' ? undefined : { seq: read.seq, hash: hashOf(line) };
}
