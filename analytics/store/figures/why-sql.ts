/** The SQL that computes one figure from single sightings: plain, to be read and run by whoever doubts it. */
import { AREA_LEVELS } from '#models/schema/area.ts';
import { DATABASE } from '#system/store-client.ts';
import type { Spans } from '../spans.ts';
import { inScope, isCells } from './question.ts';
import type { WhyQuestion } from './why.ts';

/** `place` is a condition on `cell`, `rows` one on the row. */
export function conditionsOf({ where, kind, scope, place }: WhyQuestion): { place: string; rows: string } {
  const rows = [...(kind === null ? [] : [`kind = '${kind}'`]), ...(scope?.length ? [inScope(scope)] : [])];
  if (isCells(where)) {
    const cell = where.resolution === 13 ? 'cell' : `h3ToParent(cell, ${where.resolution})`;
    return { place: `cell != 0 AND ${cell} = stringToH3('${place}')`, rows: rows.join(' AND ') || 'true' };
  }
  const { level, division } = where;
  const index = AREA_LEVELS.indexOf(level) + 1;
  if (division === 'then') {
    rows.push(`splitByChar('.', area_path)[${index}] = '${place}'`);
    return { place: 'cell != 0', rows: rows.join(' AND ') };
  }
  const cells = `SELECT cell FROM ${DATABASE}.cell_areas FINAL WHERE division = ${division} AND splitByChar('.', area_path)[${index}] = '${place}'`;
  return { place: `cell IN (${cells})`, rows: rows.join(' AND ') || 'true' };
}

type Parts = {
  place: string;
  rows: string;
  /** Sightings, a row per cell, with `us`. */
  cells: string;
  /** Condition on a time. */
  when: (column: string) => string;
};

/** Runs as it is, with the columns of `docs/sql.md`; an analyst who is limited to areas has them written in. */
export function whySql(question: WhyQuestion, spans: Pick<Spans, 'fromMs' | 'toMs'>): string {
  const { place, rows } = conditionsOf(question);
  const when = (column: string) => whenOf(question, spans, column);
  const cells = `${DATABASE}.sightings FINAL ARRAY JOIN cells AS cell, weights AS weight
WHERE ${when('captured_at')}
  AND ${rows} AND ${place}`;
  const areas = `[${(question.scope ?? []).map((id) => `'${id}'`).join(', ')}]`;
  return WRITTEN[question.measure]({ place, rows, cells, when }, question).replaceAll('{scope:Array(String)}', areas);
}

const PRESENCE_S = 'sum(toUInt64(presence_ms) * weight) / 1e6';

const WRITTEN: Record<WhyQuestion['measure'], (parts: Parts, question: WhyQuestion) => string> = {
  presence: ({ cells }) => `SELECT ${PRESENCE_S} AS seconds\nFROM ${cells}`,
  tracks: ({ cells }) => `SELECT uniqExact(track) AS tracks\nFROM ${cells}`,
  dwell: ({ cells }) => `SELECT ${PRESENCE_S} / uniqExact(track) AS seconds\nFROM ${cells}`,
  concurrency: concurrencyWritten,
  peak: ({ cells }) => `SELECT max(us) / 6e7 AS at_once FROM (
SELECT minute, sum(us) AS us FROM (
SELECT minute, cell, area_path, max(us) AS us FROM (
SELECT toStartOfMinute(captured_at) AS minute, cell, camera, area_path, sum(toUInt64(presence_ms) * weight) AS us
FROM ${cells}
GROUP BY minute, cell, camera, area_path)
GROUP BY minute, cell, area_path)
GROUP BY minute)`,
  speed: ({
    place,
    rows,
    when,
  }) => `SELECT sum(moved * us / all_us) / sum(timed * us / all_us) AS metres_per_second FROM (
SELECT geoDistance(argMin(lon, captured_at), argMin(lat, captured_at), argMax(lon, captured_at), argMax(lat, captured_at)) AS moved,
  (toUnixTimestamp64Milli(max(captured_at)) - toUnixTimestamp64Milli(min(captured_at))) / 1000 AS timed,
  sum(presence_ms) * 1000 AS all_us, sum(toUInt64(presence_ms) * inside) AS us
FROM (
SELECT toStartOfInterval(toDateTime(captured_at, 'UTC'), INTERVAL 10 SECOND) AS slice, camera, track, captured_at, presence_ms,
  assumeNotNull(lon) AS lon, assumeNotNull(lat) AS lat,
  if(${rows}, arraySum(arrayMap((cell, weight) -> if(${place}, weight, 0), cells, weights)), 0) AS inside
FROM ${DATABASE}.sightings FINAL
WHERE ${when('captured_at')} AND cells[1] != 0)
GROUP BY slice, camera, track HAVING all_us > 0)`,
};

function concurrencyWritten({ cells, place, when }: Parts, { where, scope }: WhyQuestion): string {
  // An area's ground is of all its cells; those that nothing was in add nothing.
  const limits = `${isCells(where) ? place : 'true'}${scope?.length ? ` AND ${inScope(scope)}` : ''}`;
  return `SELECT sum(us / ms) / 1000 AS at_once FROM (
SELECT cell, sum(toUInt64(presence_ms) * weight) AS us
FROM ${cells}
GROUP BY cell) AS present INNER JOIN (
SELECT cell, sum(ms) AS ms FROM (
SELECT camera, calibration_version, cell FROM ${DATABASE}.coverage FINAL WHERE ${limits}) AS seen INNER JOIN (
SELECT camera, calibration_version, sum(observed_ms) AS ms FROM ${DATABASE}.looks FINAL
WHERE ${when('watched_from')} AND calibration_version > 0
GROUP BY camera, calibration_version) AS watched USING (camera, calibration_version)
GROUP BY cell) AS watched USING (cell)`;
}

function whenOf(
  { weekHours, zoneName }: WhyQuestion,
  { fromMs, toMs }: Pick<Spans, 'fromMs' | 'toMs'>,
  column: string,
) {
  const at = (ms: number) => `toDateTime64('${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}', 3, 'UTC')`;
  const range = `${column} >= ${at(fromMs)} AND ${column} < ${at(toMs)}`;
  if (weekHours === undefined || zoneName === undefined) return range;
  const hour = `(toDayOfWeek(${column}, 0, '${zoneName}') - 1) * 24 + toHour(${column}, '${zoneName}')`;
  return `${range}\n  AND ${hour} IN (${weekHours.join(', ')})`;
}
