/** A page of alerts or incidents: from the query to what is asked of the store. */
import type { Cursor, PageQuestion } from '#analytics/store/alerts/read.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';
import { readPeriod } from '../figures/period.ts';
import type { Principal } from '../rights/authorize.ts';
import { areasOf } from './scope.ts';

type Query = {
  area?: string;
  rule?: string;
  camera?: string;
  from?: string;
  to?: string;
  cursor?: string;
  limit?: number;
};

const WEEK_MS = 7 * 24 * 3600_000;
const LIMIT = 100;

/** Throws FaultError `not-found` for an area that is not the asker's, `invalid-value` for a cursor that is none of ours. */
export function readPage(
  query: Query,
  { principal, context }: { principal: Principal; context: Context },
): Omit<PageQuestion, 'severities'> {
  const areas = areasOf(query, principal, { action: 'alert.read', context });
  const period = readPeriod(query);
  return {
    areas,
    rule: query.rule,
    camera: query.camera,
    fromMs: query.from === undefined ? period.toMs - WEEK_MS : period.fromMs,
    // What a camera’s clock puts a little ahead is there too.
    toMs: query.to === undefined ? period.toMs + WEEK_MS : period.toMs,
    cursor: query.cursor === undefined ? undefined : readCursor(query.cursor),
    limit: query.limit ?? LIMIT,
  };
}

export function cursorOf<One extends { id: string }>(
  last: One | undefined,
  atMsOf: (one: One) => number,
): string | null {
  return last === undefined ? null : Buffer.from(`${atMsOf(last)}.${last.id}`).toString('base64url');
}

function readCursor(text: string): Cursor {
  const [, at, id] = /^(\d{1,15})\.([a-f0-9]{24})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined) {
    throw new FaultError('invalid-value', 'query.cursor is none that was answered', {
      cure: 'Take `next` of the page before, or leave it out for the first page.',
    });
  }
  return { atMs: Number(at), id };
}
