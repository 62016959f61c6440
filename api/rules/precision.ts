/** How people marked what each rule raised in the last 30 days, and which rules are noisy, with what would help. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { RulePrecision } from '#models/schema/rule-view.ts';
import { DATABASE } from '#system/store-client.ts';

const DAYS = 30;
const WITHIN_MS = 3000;
/** So many marks say something; so many alerts a day are loud; so many times the usual rule is far louder. */
const MARKS_MIN = 5;
const LOUD_PER_DAY = 5;
const LOUDER = 10;

type Row = { rule: string; right: number; wrong: number; useless: number; alerts: number };

/** By rule; none where the store does not answer in time: rules are read all the same. */
export async function readPrecision(reader: ClickHouseClient): Promise<ReadonlyMap<string, RulePrecision>> {
  try {
    return judge(await readRows(reader));
  } catch {
    return new Map();
  }
}

async function readRows(reader: ClickHouseClient): Promise<Row[]> {
  const since = `now64(3, 'UTC') - INTERVAL ${DAYS} DAY`;
  const answer = await reader.query({
    query: `WITH marked AS (
        SELECT incident, argMaxIf(mark, changed_at, mark != '') AS said FROM ${DATABASE}.incident_work
        WHERE changed_at >= ${since} GROUP BY incident HAVING said != ''
      ), raised AS (
        SELECT rule, incident, count() AS alerts FROM ${DATABASE}.alerts FINAL WHERE at >= ${since} GROUP BY rule, incident
      )
      SELECT toString(rule) AS rule, toUInt32(countIf(said = 'right')) AS right, toUInt32(countIf(said = 'wrong')) AS wrong,
        toUInt32(countIf(said = 'useless')) AS useless, toUInt32(sum(alerts)) AS alerts
      FROM raised LEFT JOIN marked ON marked.incident = raised.incident GROUP BY rule`,
    format: 'JSONEachRow',
    abort_signal: AbortSignal.timeout(WITHIN_MS),
  });
  return answer.json<Row>();
}

export function judge(rows: readonly Row[]): Map<string, RulePrecision> {
  const loudness = rows.map(({ alerts }) => alerts).sort((a, b) => a - b);
  const usual = loudness[Math.floor(loudness.length / 2)] ?? 0;
  return new Map(
    rows.map(({ rule, ...counts }): [string, RulePrecision] => {
      const { right, wrong, useless, alerts } = counts;
      const isDoubted = right + wrong + useless >= MARKS_MIN && wrong + useless > right;
      const isLoud = rows.length > 2 && alerts > LOUD_PER_DAY * DAYS && alerts > LOUDER * usual;
      if (!isDoubted && !isLoud) return [rule, { ...counts, isNoisy: false }];
      const perDay = Math.max(1, Math.round(alerts / DAYS / (isDoubted ? 3 : 2)));
      const why = isDoubted
        ? `${wrong + useless} of ${right + wrong + useless} marks are wrong or useless`
        : `it is more than ${LOUDER} times as loud as the usual rule`;
      const proposal = `${why}; see which limit gives ${perDay} a day: ./sharp-eyes rule try --at-most ${perDay}/day`;
      return [rule, { ...counts, isNoisy: true, proposal }];
    }),
  );
}
