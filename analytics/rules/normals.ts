/** What is normal per camera, kind and hour of the week: median and robust spread of the same hours of earlier weeks. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { NORMAL_WEEKS_MAX, NORMAL_WEEKS_MIN } from '../store/figures/normal.ts';
import type { Normals } from './normal-now.ts';

/** Turns a median absolute deviation into the sigma of a normal distribution. */
const MAD_SIGMA = 1.4826;
const HOUR_MS = 3_600_000;
/** Of an hour so much must have been watched. */
const WATCHED_MIN_MS = HOUR_MS / 2;

type Row = { camera: string; kind: string; how: number; weeks: number; median: number; mad: number };
type Wanted = { zone: string; asOfMs: number; holidays: ReadonlySet<string> };

/** Hours of a kind that a camera never saw are not there; those in which it saw none are zeros. */
export async function readNormals(client: ClickHouseClient, { zone, asOfMs, holidays }: Wanted): Promise<Normals> {
  const toMs = Math.floor(asOfMs / HOUR_MS) * HOUR_MS;
  const fromMs = toMs - NORMAL_WEEKS_MAX * 7 * 24 * HOUR_MS;
  const answer = await client.query({
    query: `
      WITH watched AS (
        SELECT hour, camera, sum(observed_ms) AS ms FROM ${DATABASE}.observed_hour FINAL
        WHERE hour >= toDateTime({from:Int64}) AND hour < toDateTime({to:Int64})
        GROUP BY hour, camera HAVING ms >= ${WATCHED_MIN_MS}
      ), seen AS (
        SELECT hour, camera, kind, sum(presence_us) / 1000 AS ms FROM ${DATABASE}.kinds_hour FINAL
        WHERE hour >= toDateTime({from:Int64}) AND hour < toDateTime({to:Int64})
        GROUP BY hour, camera, kind
      ), samples AS (
        SELECT watched.camera AS camera, kinds.kind AS kind, seen.ms / watched.ms AS concurrency,
          (toDayOfWeek(watched.hour, 0, {zone:String}) - 1) * 24 + toHour(watched.hour, {zone:String}) AS how
        FROM watched
        INNER JOIN (SELECT DISTINCT camera, kind FROM seen) AS kinds ON kinds.camera = watched.camera
        LEFT JOIN seen ON seen.hour = watched.hour AND seen.camera = watched.camera AND seen.kind = kinds.kind
        WHERE NOT has({holidays:Array(String)}, toString(toDate(watched.hour, {zone:String})))
      )
      SELECT camera, kind, how, length(all) AS weeks,
        arrayReduce('quantileExactInclusive(0.5)', all) AS median,
        arrayReduce('quantileExactInclusive(0.5)', arrayMap(one -> abs(one - median), all)) AS mad
      FROM (SELECT camera, kind, how, groupArray(concurrency) AS all FROM samples GROUP BY camera, kind, how)
      WHERE weeks >= ${NORMAL_WEEKS_MIN}`,
    query_params: { from: fromMs / 1000, to: toMs / 1000, zone, holidays: [...holidays] },
    format: 'JSONEachRow',
  });
  const normals = new Map<string, { median: number; spread: number; weeks: number }>();
  for (const { camera, kind, how, weeks, median, mad } of await answer.json<Row>())
    normals.set(`${camera} ${kind} ${how}`, { median, spread: MAD_SIGMA * mad, weeks: Number(weeks) });
  return {
    version: new Date(toMs).toISOString(),
    of: (camera, kind, hourOfWeek) => normals.get(`${camera} ${kind} ${hourOfWeek}`),
  };
}
