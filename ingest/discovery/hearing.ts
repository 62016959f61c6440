/** Turns datagrams into sightings, within bounds: how many one host may send, how many all, and which questions were ours. */
import { openBook } from './book.ts';
import { ANSWER_BYTES_MAX, type Announcement, readAnswer } from './envelope.ts';
import { ownAddresses, readNeighbours } from './own-network.ts';
import { makeQuestion, QUESTION_KINDS, type Question, type QuestionKind } from './question.ts';
import { makeSighting, type Sighting, withoutZone } from './sighting.ts';

/**
 * Behind one address may be a hundred devices, each of which answers three questions several times: what is refused of
 * them comes again. Reading an answer costs a third of a millisecond, refusing it next to nothing.
 */
const BURST_PER_HOST = 500;
const ANSWERS_PER_HOST_AND_S = 200;
const ANSWERS_MAX = 60_000;
/** When all together have used up theirs, a host that was quiet is heard all the same. */
const ANSWERS_OF_QUIET = 8;
const HOSTS_MAX = 100_000;
const NEIGHBOURS_AGE_MS = 1000;

export type Heard =
  | { type: 'sighting'; sighting: Sighting; entry: ReturnType<ReturnType<typeof openBook>['take']> }
  | { type: 'bye'; announcement: Announcement; host: string };

export type Hearing = {
  book: ReturnType<typeof openBook>;
  questions: readonly Question[];
  /** A new round: questions with new ids, those before stay known; every host may answer anew. */
  renew: () => readonly Question[];
  hear: (bytes: Uint8Array, host: string) => Heard[];
  take: (sighting: Sighting) => Heard;
  answeredBy: (host: string) => ReadonlySet<string>;
  counts: { answers: number; unreadable: number; refused: number };
};

/** A host that answers: how many answers it may still send at once, and which questions it has answered. */
type Talker = { answers: number; room: number; atMs: number; kinds: Set<string> };

const QUESTIONS_KEPT = 30;

export function openHearing(): Hearing {
  const own = ownAddresses();
  const isOwn = (host: string) => own.has(withoutZone(host));
  const isSameHost = (a: string, b: string) => withoutZone(a) === withoutZone(b) || (isOwn(a) && isOwn(b));
  const book = openBook({ isSameHost, macOf: rememberNeighbours() });
  const asked = new Map<string, QuestionKind>();
  const perHost = new Map<string, Talker>();
  const counts = { answers: 0, unreadable: 0, refused: 0 };
  let inRound = 0;
  let questions: readonly Question[] = [];

  const renew = () => {
    questions = QUESTION_KINDS.map(makeQuestion);
    perHost.clear();
    inRound = 0;
    for (const { id, kind } of questions) asked.set(id, kind);
    for (const id of [...asked.keys()].slice(0, -QUESTIONS_KEPT)) asked.delete(id);
    return questions;
  };
  renew();

  const letIn = (host: string): Talker | undefined => {
    const nowMs = performance.now();
    const known = perHost.get(host) ?? { answers: 0, room: BURST_PER_HOST, atMs: nowMs, kinds: new Set() };
    if (known.answers === 0 && perHost.size >= HOSTS_MAX) return undefined;
    perHost.set(host, known);
    known.room = Math.min(BURST_PER_HOST, known.room + ((nowMs - known.atMs) * ANSWERS_PER_HOST_AND_S) / 1000);
    known.atMs = nowMs;
    const isLoud = inRound >= ANSWERS_MAX && known.answers >= ANSWERS_OF_QUIET;
    if (known.room < 1 || isLoud) return undefined;
    known.room--;
    known.answers++;
    inRound++;
    return known;
  };
  const take = (sighting: Sighting): Heard => {
    const entry = book.take(sighting);
    if (entry === undefined) counts.refused++;
    return { type: 'sighting', sighting, entry };
  };

  return {
    book,
    get questions() {
      return questions;
    },
    renew,
    counts,
    take,
    answeredBy: (host) => perHost.get(host)?.kinds ?? new Set(),
    hear(bytes, host) {
      const known = letIn(host);
      if (known === undefined) {
        counts.refused++;
        return [];
      }
      const announcements = bytes.length > ANSWER_BYTES_MAX ? [] : readAnswer(bytes);
      if (announcements.length === 0) counts.unreadable++;
      else counts.answers++;
      return announcements.map((announcement) => {
        if (announcement.kind === 'bye') return { type: 'bye', announcement, host };
        const kind = announcement.kind === 'hello' ? 'hello' : asked.get(announcement.relatesTo ?? '');
        known.kinds.add(kind ?? 'unknown');
        const isAsked = kind !== undefined;
        return take(makeSighting(announcement, { host, isSameHost, answeredTo: kind ?? 'nothing', isAsked }));
      });
    },
  };
}

function rememberNeighbours(): (host: string) => string | undefined {
  let table: ReadonlyMap<string, string> = new Map();
  let readAtMs = Number.NEGATIVE_INFINITY;
  return (host) => {
    if (performance.now() - readAtMs > NEIGHBOURS_AGE_MS) {
      table = readNeighbours();
      readAtMs = performance.now();
    }
    return table.get(host);
  };
}
