/** A line of the audit log: an entry with its number and the SHA-256 of the line before it; days follow each other. */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

export type Link = { seq: number; hash: string };

/** Before the very first line. */
export const BEGIN: Link = { seq: 0, hash: '0'.repeat(64) };

export const hashOf = (line: string) => createHash('sha256').update(line).digest('hex');

export function chainLine(entry: object, last: Link): { line: string; link: Link } {
  const seq = last.seq + 1;
  const line = JSON.stringify({ seq, prev: last.hash, ...entry });
  return { line, link: { seq, hash: hashOf(line) } };
}

export type ReadLine = { seq: number; prev: string; entry: Record<string, unknown> };

/** `'unchained'`: of before the log was chained; undefined: no line of ours. */
export function readLine(line: string): ReadLine | 'unchained' | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  const { seq, prev } = entry as { seq?: unknown; prev?: unknown };
  if (seq === undefined && prev === undefined) return 'unchained';
  if (!Number.isSafeInteger(seq) || typeof prev !== 'string') return undefined;
  return { seq: seq as number, prev, entry: entry as Record<string, unknown> };
}

/** Seals what must not be made up: the end of the chain, and where it begins after old files went. */
export type Sealing = {
  seal: (...facts: readonly (string | number)[]) => string;
  isGood: (mac: string, ...facts: readonly (string | number)[]) => boolean;
};

export function createSealing(key: Buffer): Sealing {
  const own = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'sharp-eyes audit log', 32));
  const seal: Sealing['seal'] = (...facts) => createHmac('sha256', own).update(facts.join('\n')).digest('hex');
  return {
    seal,
    isGood(mac, ...facts) {
      const [given, expected] = [Buffer.from(mac), Buffer.from(seal(...facts))];
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

const FILE = /^(\d{4}-\d{2}-\d{2})\.jsonl$/;

/** The days that have a file, in order. */
export const daysOf = (files: readonly string[]) => files.flatMap((file) => FILE.exec(file)?.[1] ?? []).sort();

export const fileOf = (day: string) => `${day}.jsonl`;
