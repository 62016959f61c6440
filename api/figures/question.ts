/** From the texts of a query to the question that the store is asked: period, hours of the week, what to compare with. */
import { NORMAL_DAYS_MAX } from '#analytics/store/figures/normal.ts';
import type { FiguresQuestion } from '#analytics/store/figures/read.ts';
import { isZone, type Zone, zoneOf } from '#analytics/store/zones.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { FigureExportQuery, HeatMapQuery } from '#models/schema/figure-query.ts';
import type { Context } from '../context.ts';
import { type Period, readPeriod } from './period.ts';

/** Everything but where; the zone is the configured one unless another was named. */
export type Question = Omit<FiguresQuestion, 'where'> & { zone: Zone };

export type Asked = Omit<HeatMapQuery & Partial<FigureExportQuery>, 'resolution' | 'bbox'>;

const HOURS_OF_WEEK = 168;
const DAY_MS = 86_400_000;

export function readQuestion(query: Asked, context: Context, scope: readonly string[]): Question {
  const period = readPeriod(query);
  const zoneName = readZone(query, context);
  const isNormal = query.versus === 'normal';
  if (isNormal && period.toMs - period.fromMs > NORMAL_DAYS_MAX * DAY_MS) {
    throw new FaultError('invalid-value', `versus=normal is for at most ${NORMAL_DAYS_MAX} days`, {
      cure: 'Ask for a shorter time.',
    });
  }
  return {
    ...period,
    kind: query.kind ?? null,
    measure: query.measure ?? 'presence',
    scope,
    weekHours: readWeekHours(query.weekHours),
    zone: zoneOf(zoneName),
    compare: readCompared(query),
    versusNormal: isNormal ? { holidays: holidaysOf(context) } : undefined,
  };
}

const holidaysOf = ({ calendar }: Context) =>
  calendar
    .list()
    .filter(({ holiday }) => holiday !== undefined)
    .map(({ day }) => day);

export function readZone({ zone }: Pick<Asked, 'zone'>, { config }: Context): string {
  if (zone === undefined || isZone(zone)) return zone ?? config.timeZone;
  throw new FaultError('invalid-value', `query.zone: there is no time zone "${zone}"`, {
    cure: 'Write for example Asia/Shanghai, Europe/Berlin or UTC.',
  });
}

/** `7-9,31`: sorted, each once. */
export function readWeekHours(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined;
  const hours = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?\s*$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || from > to || to >= HOURS_OF_WEEK) {
      throw new FaultError('invalid-value', `query.weekHours: "${part.trim()}" is no hour or range from 0 to 167`, {
        cure: '0 is Monday from 00:00 to 01:00, 167 Sunday from 23:00; write for example 7-9,31-33.',
      });
    }
    for (let hour = from; hour <= to; hour++) hours.add(hour);
  }
  return [...hours].sort((a, b) => a - b);
}

function readCompared({ compareFrom, compareTo }: Asked): Period | undefined {
  if (compareFrom === undefined && compareTo === undefined) return undefined;
  if (compareFrom === undefined || compareTo === undefined) {
    throw new FaultError('invalid-value', 'a second period needs both query.compareFrom and query.compareTo');
  }
  return readPeriod({ from: compareFrom, to: compareTo }, Date.now(), ['compareFrom', 'compareTo']);
}
