/** From what was asked to what is computed: subject, times, values of the panels' SQL, and the key under which it is shared. */
import { isZone, zoneOf } from '#analytics/store/zones.ts';
import type { PanelValues } from '#models/panels/sql.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { SubjectType } from '#models/schema/panel.ts';
import type { Role } from '#models/schema/user.ts';
import type { Context } from '../context.ts';
import { readPeriod } from '../figures/period.ts';
import type { Principal } from '../rights/authorize.ts';
import { timesOf } from './period.ts';
import { findSubject, type Subject } from './subject.ts';
import type { ReadVersion } from './version.ts';

export type DashboardQuery = {
  from?: string;
  to?: string;
  zone?: string;
  compareFrom?: string;
  compareTo?: string;
  kind?: Kind;
  role?: Role;
};

export type Question = { subject: Subject; values: PanelValues; role: Role; version: string; key: string };

type Wanted = { type: SubjectType; id: string; query: DashboardQuery };
type Asking = {
  context: Context;
  principal: Principal;
  readVersion: ReadVersion;
  signal: AbortSignal;
  panelsVersion: string;
};

const DAY_MS = 86_400_000;
/** Where nothing was said: a week. */
const USUAL_MS = 7 * DAY_MS;
const HISTORY_MS = 60 * DAY_MS;

/** Throws FaultError `not-found` for a subject outside the asker's scope, `invalid-value` for times that make no sense. */
export async function readQuestion({ type, id, query }: Wanted, asking: Asking): Promise<Question> {
  const { context, principal, readVersion, signal, panelsVersion } = asking;
  const subject = findSubject({ type, id }, principal, context);
  const nowMs = Date.now();
  const asked = readPeriod(query, nowMs);
  const period = query.from === undefined ? { ...asked, fromMs: asked.toMs - USUAL_MS } : asked;
  const { compareFrom, compareTo } = query;
  const compare =
    compareFrom === undefined && compareTo === undefined
      ? undefined
      : readPeriod(
          {
            ...(compareFrom === undefined ? {} : { from: compareFrom }),
            ...(compareTo === undefined ? {} : { to: compareTo }),
          },
          nowMs,
          ['compareFrom', 'compareTo'],
        );
  const { zone = context.config.timeZone } = query;
  if (!isZone(zone)) throw new FaultError('invalid-value', `query.zone "${zone}" is not in the time zone database`);
  const earliest = Math.min(period.fromMs - HISTORY_MS, compare?.fromMs ?? Number.POSITIVE_INFINITY);
  const state = await readVersion({ fromMs: earliest, toMs: period.toMs + DAY_MS }, signal);
  const holidays = context.calendar.list().flatMap(({ day, holiday }) => (holiday === undefined ? [] : [day]));
  const times = timesOf({
    ...period,
    compare,
    zone: zoneOf(zone),
    holidays,
    closedUntilMs: state.closedUntilMs,
    nowMs,
  });
  const values: PanelValues = {
    ...times,
    subject: { type, id, level: subject.told.level, below: subject.below },
    scope: subject.scope,
    zone,
    kind: query.kind ?? null,
    cameras: subject.cameras.length,
    holidays: holidays.slice(-HOLIDAYS_MAX),
    hasTotals: state.hasTotals,
  };
  const role = query.role ?? roleOf(principal);
  const { fromMs, toMs } = times;
  const about = [
    type,
    id,
    fromMs,
    toMs,
    times.compare,
    zone,
    values.kind,
    role,
    [...subject.scope].sort(),
    principal.user.scope.length === 0 ? '' : aboveKey(subject),
  ];
  const key = JSON.stringify([about, state.version, panelsVersion]);
  return { subject, values, role, version: state.version, key };
}

const HOLIDAYS_MAX = 400;

/** Two who see different areas above the same one are told different ways to it. */
const aboveKey = ({ told }: Subject) => told.above.map(({ id }) => id).join(' ');

/** Whom it is ranked for where nobody said: the first of these that the asker is. */
const RANKED: readonly Role[] = ['analyst', 'officer', 'engineer', 'operator', 'administrator'];
const roleOf = ({ user }: Principal): Role => RANKED.find((role) => user.roles.includes(role)) ?? 'analyst';
