/** Is the audit log what was written? Follows its chain from the first line to the sealed end, and names what is not. */
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { AuditVerification } from '#models/schema/audit.ts';
import { linkOfFile } from './chain.ts';
import { openHead, readAnchor } from './head.ts';
import { BEGIN, createSealing, daysOf, fileOf, hashOf, type Link, readLine } from './line.ts';

type Broken = NonNullable<AuditVerification['broken']>;
type Place = { file: string; line: number };
/** What was read last: its place is blamed where the next line does not know it. */
type Followed = Link & Place;

const NOWHERE: Place = { file: '', line: 0 };

/** `key`: the site's own. `from`: the first day that is checked; the line before it is believed. */
export async function verifyAudit(folder: string, key: Buffer, from?: string): Promise<AuditVerification> {
  const sealing = createSealing(key);
  const days = existsSync(folder) ? daysOf(readdirSync(folder)) : [];
  if (days.length === 0 && !existsSync(resolve(folder, 'head.db'))) return told({ lines: 0, unchained: 0, days });
  using head = openHead(folder, sealing);
  // Before the files: what is written meanwhile comes after it.
  const end = head.read();
  const anchor = readAnchor(folder, sealing);
  if (anchor === 'forged')
    return told({
      lines: 0,
      unchained: 0,
      days,
      broken: say('anchor.json', 0, 'the mark of what was removed is not sealed by this site'),
    });
  const kept = days.filter((day) => day > (anchor?.through ?? ''));
  const checked = kept.filter((day) => day >= (from ?? ''));
  const before = kept.filter((day) => day < (checked[0] ?? '')).at(-1);
  const begin = before === undefined ? (anchor ?? BEGIN) : (linkOfFile(resolve(folder, fileOf(before))) ?? BEGIN);

  const walk = createWalk({ ...begin, ...NOWHERE }, end);
  for (const day of checked) {
    const file = fileOf(day);
    let line = 0;
    for await (const text of createInterface({ input: createReadStream(resolve(folder, file)) })) {
      const broken = walk.step(text, { file, line: ++line });
      if (broken !== undefined) return told({ ...walk.counts(), days: checked, broken });
    }
  }
  return told({ ...walk.counts(), days: checked, broken: walk.finish() });
}

type Counts = { lines: number; unchained: number };

function createWalk(begin: Followed, end: Link | 'forged' | undefined) {
  let last = begin;
  let isEndSeen = typeof end === 'object' && end.seq <= begin.seq;
  const counts: Counts = { lines: 0, unchained: 0 };

  function judge(text: string, place: Place): Broken | undefined {
    const read = readLine(text);
    if (read === 'unchained' && last.seq === 0) {
      counts.unchained++;
      return undefined;
    }
    if (typeof read !== 'object') return say(place.file, place.line, 'it is no line of the log');
    const expected = last.seq + 1;
    if (read.seq > expected)
      return say(place.file, place.line, `lines ${expected} to ${read.seq - 1} are missing before it`, read.seq);
    if (read.seq < expected) return say(place.file, place.line, 'it stands where it was not written', read.seq);
    if (read.prev !== last.hash) {
      const { file, line, seq } = last.line === 0 ? { ...place, seq: read.seq } : last;
      return say(
        file,
        line,
        last.line === 0 ? 'what came before it is another' : 'it was changed after it was written',
        seq,
      );
    }
    last = { seq: read.seq, hash: hashOf(text), ...place };
    counts.lines++;
    if (typeof end !== 'object' || end.seq !== read.seq) return undefined;
    isEndSeen = true;
    return end.hash === last.hash
      ? undefined
      : say(place.file, place.line, 'it was changed after it was written', read.seq);
  }

  return {
    step: (text: string, place: Place) => (text === '' ? undefined : judge(text, place)),
    counts: () => counts,
    finish(): Broken | undefined {
      const { file, line } = last;
      if (end === 'forged') return say('head.db', 0, 'the end of the log is not sealed by this site');
      if (end === undefined)
        return last.seq === 0 ? undefined : say('head.db', 0, 'the sealed end of the log is missing');
      if (isEndSeen) return undefined;
      return say(file, line, `lines ${last.seq + 1} to ${end.seq} are missing after it`, last.seq);
    },
  };
}

function say(file: string, line: number, what: string, seq?: number): Broken {
  return { file, line, what, ...(seq === undefined ? {} : { seq }) };
}

function told(found: Counts & { days: readonly string[]; broken?: Broken | undefined }): AuditVerification {
  const { lines, unchained, days, broken } = found;
  const [first, last] = [days[0], days.at(-1)];
  return {
    isIntact: broken === undefined,
    lines,
    unchained,
    ...(first === undefined || last === undefined ? {} : { first, last }),
    ...(broken === undefined ? {} : { broken }),
  };
}
