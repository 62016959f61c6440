/**
 * Compares published, stored and rolled up, hour by hour. A camera's messages are numbered under each lease without a
 * gap, so a number that is skipped and not in quarantine was lost on the way, whoever lost it; one that stands there
 * twice is doubled. Roll-ups are compared as a reader would read them.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Discrepancy, Reconciliation } from '#models/schema/reconciliation.ts';
import { DATABASE } from '#system/store-client.ts';
import { cutIntoSpans, fromSpans } from './spans.ts';
import { floorTo, HOUR_MS, inRanges, type Range } from './time-ranges.ts';
import { countStored, verifyRollups } from './verify.ts';

type Period = { fromMs: number; toMs: number };

const DISCREPANCIES_MAX = 100;

export type StoreReconciliation = Pick<Reconciliation, 'stored' | 'rolledUp' | 'discrepancies'>;

/** Reads the base of the whole time once or twice: minutes for a day of a city. Whole hours are compared one by one. */
export async function reconcileStore(
  client: ClickHouseClient,
  period: Period,
  { signal, onHour }: { signal?: AbortSignal; onHour?: (hourMs: number) => void } = {},
): Promise<StoreReconciliation> {
  const discrepancies: Discrepancy[] = [];
  const stored = { messages: 0, sightings: 0, observedS: 0, quarantined: 0, lost: 0, doubled: 0 };
  const rolledUp = { sightings: 0, observedS: 0 };
  for (let fromMs = period.fromMs; fromMs < period.toMs; fromMs = floorTo(fromMs, HOUR_MS) + HOUR_MS) {
    signal?.throwIfAborted();
    const hour = { fromMs, toMs: Math.min(period.toMs, floorTo(fromMs, HOUR_MS) + HOUR_MS) };
    onHour?.(fromMs);
    const [counts, rolled, wrong] = [
      await countStored(client, hour),
      await countRolledUp(client, hour),
      await wrongRollUps(client, hour),
    ];
    stored.messages += counts.messages;
    stored.sightings += counts.sightings;
    stored.observedS += counts.observedMs / 1000;
    stored.quarantined = counts.quarantined;
    rolledUp.sightings += rolled.sightings;
    rolledUp.observedS += rolled.observedS;
    discrepancies.push(...wrong, ...(await sightingsPerLook(client, hour)));
  }
  for (const one of [...(await findLost(client, period)), ...(await findDoubled(client, period))]) {
    stored[one.what] += Number(one.count);
    const { hourMs, what, camera: key, count } = one;
    discrepancies.push({ hourMs, what, key, expected: '0', found: String(count) });
  }
  return { stored, rolledUp, discrepancies: discrepancies.slice(0, DISCREPANCIES_MAX) };
}

/** What is being written right now may stand in the base and not in its slice yet: what differs is looked at again. */
async function wrongRollUps(client: ClickHouseClient, hour: Period): Promise<Discrepancy[]> {
  for (let attempt = 0; ; attempt++) {
    const differences = await verifyRollups(client, hour);
    if (differences.length === 0 || attempt === 2)
      return differences.map(({ table, ...rest }) => ({ hourMs: hour.fromMs, what: table, ...rest }));
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
  }
}

const LOOK_AGAIN_MS = 2000;

async function countRolledUp(client: ClickHouseClient, hour: Period) {
  const spans = await cutIntoSpans(client, hour);
  const cells = fromSpans(spans, {
    tables: 'cells',
    hourTable: 'kinds_hour',
    columns: 'sightings_milli',
    filter: 'true',
  });
  const observed = fromSpans(spans, { tables: 'observed', columns: 'observed_ms', filter: 'true' });
  const [row] = await ask<{ sightings: number; observedS: number }>(
    client,
    `SELECT (SELECT toFloat64(sum(sightings_milli)) / 1000 FROM (${cells})) AS sightings,
      (SELECT sum(observed_ms) / 1000 FROM (${observed})) AS observedS`,
  );
  return row ?? { sightings: 0, observedS: 0 };
}

type Found = { hourMs: number; what: 'lost' | 'doubled'; camera: string; count: number };

/** A gap ends with a message of the time and may begin with one of before it; so may what is doubled. */
const LOOK_BACK_MS = 3 * HOUR_MS;

/** Leases begin with revision 1; a simulated past has 0, and steps of its own. */
async function findLost(client: ClickHouseClient, { fromMs, toMs }: Period): Promise<Found[]> {
  const range: Range[] = [[fromMs, toMs]];
  return ask<Found>(
    client,
    `SELECT toFloat64(toUnixTimestamp(toStartOfHour(at, 'UTC'))) * 1000 AS hourMs, 'lost' AS what, camera, toFloat64(sum(skipped)) AS count
     FROM (
       SELECT camera, revision, at, sequence - lagInFrame(sequence, 1, sequence) OVER (PARTITION BY camera, revision ORDER BY sequence) AS step,
         if(step > 1, step - 1, 0) AS skipped
       FROM (
         SELECT camera, revision, sequence, min(at) AS at FROM (
           SELECT camera, revision, sequence, toDateTime(watched_from, 'UTC') AS at FROM ${DATABASE}.looks
           WHERE revision > 0 AND ${inRanges('watched_from', [[fromMs - LOOK_BACK_MS, toMs]])}
           UNION ALL
           SELECT camera, toUInt64OrZero(splitByChar(':', id)[2]), toUInt64OrZero(splitByChar(':', id)[3]), toDateTime(quarantined_at, 'UTC')
           FROM ${DATABASE}.quarantine WHERE camera != ''
         ) GROUP BY camera, revision, sequence
       )
     ) WHERE skipped > 0 AND ${inRanges('at', range)} GROUP BY hourMs, camera ORDER BY hourMs, camera LIMIT ${DISCREPANCIES_MAX}`,
  );
}

async function findDoubled(client: ClickHouseClient, { fromMs, toMs }: Period): Promise<Found[]> {
  return ask<Found>(
    client,
    `SELECT toFloat64(toUnixTimestamp(toStartOfHour(at, 'UTC'))) * 1000 AS hourMs, 'doubled' AS what, camera, toFloat64(sum(times - 1)) AS count
     FROM (
       SELECT camera, revision, sequence, count() AS times, toDateTime(max(watched_from), 'UTC') AS at
       FROM ${DATABASE}.looks FINAL WHERE ${inRanges('watched_from', [[fromMs - LOOK_BACK_MS, toMs]])}
       GROUP BY camera, revision, sequence HAVING times > 1
     ) WHERE ${inRanges('at', [[fromMs, toMs]])} GROUP BY hourMs, camera ORDER BY hourMs, camera LIMIT ${DISCREPANCIES_MAX}`,
  );
}

/** A look says how many sightings it had; so many rows there must be, no more and no less. */
async function sightingsPerLook(client: ClickHouseClient, { fromMs, toMs }: Period): Promise<Discrepancy[]> {
  const rows = await ask<{ camera: string; said: number; there: number }>(
    client,
    `SELECT camera, toFloat64(sum(said)) AS said, toFloat64(sum(there)) AS there FROM (
       SELECT camera, revision, sequence, toUInt64(sightings) AS said, 0 AS there FROM ${DATABASE}.looks FINAL
       WHERE ${inRanges('captured_at', [[fromMs, toMs]])} AND ${inRanges('watched_from', [[fromMs - HOUR_MS, toMs + HOUR_MS]])}
       UNION ALL
       SELECT camera, revision, sequence, 0, 1 FROM ${DATABASE}.sightings FINAL WHERE ${inRanges('captured_at', [[fromMs, toMs]])}
     ) GROUP BY camera HAVING said != there ORDER BY camera`,
  );
  return rows.map(({ camera, said, there }) => ({
    hourMs: fromMs,
    what: 'sightings',
    key: camera,
    expected: String(said),
    found: String(there),
  }));
}

async function ask<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  const result = await client.query({ query, format: 'JSONEachRow' });
  return result.json<Row>();
}
