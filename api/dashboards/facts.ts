/** What is known of subject and period beside the panels: how much was watched, whether the demo filled a part of it. */
import type { SubjectFacts } from '#models/panels/empty.ts';
import { toSql } from '#models/panels/sql.ts';
import { DATABASE } from '#system/store-client.ts';
import type { Context } from '../context.ts';
import { storeFault } from '../figures/store-fault.ts';
import { askRows } from './ask-panel.ts';
import type { Gate } from './lanes.ts';
import type { Question } from './question.ts';

const WEEK_S = 7 * 86_400;

export type Facts = SubjectFacts & { isSimulated: boolean };

type Asking = { context: Context; gate: Gate; signal: AbortSignal };

export async function readFacts(question: Question, { context, gate, signal }: Asking): Promise<Facts> {
  const { subject, values } = question;
  const { fromMs, toMs } = values;
  const ids = subject.cameras.map(({ id }) => id);
  // A rule has no column in the rows of cameras: its cameras are named.
  const watched =
    values.subject.type === 'rule'
      ? `(SELECT hour, observed_ms FROM ${DATABASE}.watched_by_hour WHERE camera IN (${ids.length === 0 ? `''` : ids.map((id) => `'${id}'`).join(', ')}))`
      : '{{presence}}';
  const sql = toSql(
    `SELECT sumIf(observed_ms, hour >= {{from}}) / 1000 AS observed_s,
      uniqExactIf(intDiv(dateDiff('second', hour, {{from}}) - 1, ${WEEK_S}), hour < {{from}} AND observed_ms > 0) AS earlier_weeks,
      (SELECT count() FROM ${DATABASE}.simulated FINAL WHERE simulated_from < {{to}} AND simulated_to > {{from}}) AS simulated
      FROM ${watched} WHERE hour >= {{history}} AND hour < {{to}}`,
    values,
  );
  const { data } = await gate(signal, () => askRows(context.reader, sql, signal)).catch((error) => {
    signal.throwIfAborted();
    throw storeFault(error, { isOurs: true });
  });
  const [observedS, earlierWeeks, simulated] = (data[0] ?? [0, 0, 0]).map(Number) as [number, number, number];
  const elapsedS = (toMs - fromMs) / 1000;
  const cameras = subject.cameras.length;
  return {
    cameras,
    calibrated: subject.calibrated,
    observedS,
    observedShare: cameras === 0 ? null : Math.min(1, observedS / (elapsedS * cameras)),
    rules: rulesOf(question, context),
    hasChildren: subject.below !== null,
    earlierWeeks,
    isSimulated: simulated > 0,
  };
}

/** Rules that may raise something in it. */
function rulesOf({ subject, values }: Question, { alerting, cameras, tree }: Context): number {
  const { type, id } = values.subject;
  if (type === 'rule') return 1;
  const isIn = (camera: string) =>
    type === 'camera' ? camera === id : tree().isWithin(cameras.get(camera)?.area ?? null, id);
  return alerting.rules.list().filter(({ where }) => {
    if (!('area' in where)) return where.cameras.some(isIn);
    const { area } = where;
    return type === 'area'
      ? tree().isWithin(area, id) || tree().isWithin(id, area)
      : subject.told.areaPath.includes(area);
  }).length;
}
