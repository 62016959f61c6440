/** Which state of the data an answer rests on: it changes when an hour of it is closed (again), an alert comes or is worked on. */
import { createHash } from 'node:crypto';
import { HOUR_MS } from '#analytics/store/time-ranges.ts';
import { LACKING_HOURS } from '#analytics/store/totals.ts';
import { DATABASE } from '#system/store-client.ts';
import type { Context } from '../context.ts';
import { storeFault } from '../figures/store-fault.ts';

export type DataVersion = {
  version: string;
  closedUntilMs: number | null;
  /** No closed hour lacks its totals of areas. Answers are the same with and without. */
  hasTotals: boolean;
};

/** Asked at most so often for one period. */
const FRESH_MS = 1000;
const REMEMBERED_MAX = 500;

type Range = { fromMs: number; toMs: number };
export type ReadVersion = (range: Range, signal: AbortSignal) => Promise<DataVersion>;

type Row = { closed: string; newest_s: number; alerts: string; work: string; simulated: string; lacking: number };

const MIRRORED = ['areas', 'cameras', 'calibrations', 'calendar'] as const;

/** `range` is all that is read: with the weeks before the period. */
export function openVersions(context: Context): ReadVersion {
  const remembered = new Map<string, { atMs: number; row: Promise<Row> }>();
  let changes = 0;
  const onChange = () => {
    changes++;
  };
  for (const name of MIRRORED) context[name].onChange(onChange);
  context.alerting.rules.onChange(onChange);

  return async (range, signal) => {
    const key = `${range.fromMs} ${range.toMs}`;
    const nowMs = performance.now();
    const known = remembered.get(key);
    const fresh =
      known !== undefined && nowMs - known.atMs < FRESH_MS ? known : { atMs: nowMs, row: askVersion(context, range) };
    if (fresh !== known) remember(remembered, key, fresh);
    fresh.row.catch(() => remembered.delete(key));
    const { lacking, ...row } = await unlessAborted(fresh.row, signal).catch((error) => {
      signal.throwIfAborted();
      throw storeFault(error, { isOurs: true });
    });
    const hash = createHash('sha256')
      .update(JSON.stringify([row, changes]))
      .digest('hex');
    return {
      version: hash.slice(0, 24),
      closedUntilMs: row.newest_s === 0 ? null : row.newest_s * 1000 + HOUR_MS,
      hasTotals: lacking === 0,
    };
  };
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > REMEMBERED_MAX ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}

function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const left = Promise.withResolvers<never>();
  const onAbort = () => left.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([promise, left.promise]).finally(() => signal.removeEventListener('abort', onAbort));
}

/** One small row, shared by all who look at the period. */
async function askVersion({ reader }: Context, { fromMs, toMs }: Range): Promise<Row> {
  const [from, to] = [fromMs, toMs].map((ms) => `toDateTime64(${Math.floor(ms / 1000)}, 3, 'UTC')`);
  const result = await reader.query({
    query: `SELECT
      (SELECT toString(max(version)) FROM ${DATABASE}.hours WHERE is_closed AND hour >= ${from} AND hour < ${to}) AS closed,
      (SELECT toUnixTimestamp(max(hour)) FROM ${DATABASE}.hours WHERE is_closed) AS newest_s,
      (SELECT toString((count(), max(stored_at))) FROM ${DATABASE}.alerts WHERE at >= ${from} AND at < ${to}) AS alerts,
      (SELECT toString((count(), max(stored_at))) FROM ${DATABASE}.incident_work) AS work,
      (SELECT toString((count(), max(written_at))) FROM ${DATABASE}.simulated) AS simulated,
      (SELECT toUInt32(count()) FROM (${LACKING_HOURS})) AS lacking`,
    format: 'JSONEachRow',
  });
  return (await result.json<Row>())[0]!;
}
