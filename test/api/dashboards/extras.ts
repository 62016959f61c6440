/** What a town has beside its hours: alerts with incidents and marks, states of cameras, single looks and tracks, messages put aside. */
import type { ClickHouseClient } from '@clickhouse/client';
import { picture, ruleOf } from '#test/analytics/rules/scene.ts';
import { HOUR_MS, TOWN } from './weeks.ts';

export const RULE = ruleOf(
  { type: 'line', line: picture([0, 0.5], [1, 0.5]) },
  { id: 'gate', name: 'Gate of dikou', where: { cameras: ['dikou-c1'] } },
);

const paths = `[${TOWN.map(({ path }) => `'${path}'`).join(', ')}]`;
const cameras = `[${TOWN.map(({ id }) => `'${id}'`).join(', ')}]`;
const time = (ms: number) => `toDateTime64(${Math.floor(ms / 1000)}, 3, 'UTC')`;

/** Of the last two days before `toMs`. */
export async function writeExtras(writer: ClickHouseClient, toMs: number): Promise<void> {
  const run = (query: string) => writer.command({ query });
  const id = (what: string) => `lower(substring(hex(MD5(concat('${what}', toString(number)))), 1, 24))`;
  const fromMs = toMs - 48 * HOUR_MS;
  await run(`INSERT INTO sharp_eyes.alerts (at, id, incident, rule, rule_name, severity, condition, area_path, camera, kind, held, raised_at, captured_at, received_at)
    SELECT ${time(fromMs)} + toIntervalMinute(number * 40) AS at, ${id('alert')}, ${id('incident')}, 'gate', 'Gate', if(number % 9 = 0, 'critical', 'minor'),
      if(number % 2 = 0, 'line', 'zone'), ${paths}[1 + number % 2], ${cameras}[1 + number % 2], 'person', number % 3, at, at, at FROM numbers(70)`);
  await run(`INSERT INTO sharp_eyes.incidents (id, revision, family, severity, area_path, first_at, last_at, alerts, cameras, camera_count, rules, text)
    SELECT ${id('incident')}, 1, 'gate', 'minor', ${paths}[1 + number % 2], ${time(fromMs)} + toIntervalMinute(number * 40) AS at, at, 1,
      [${cameras}[1 + number % 2]], 1, ['gate'], 'x' FROM numbers(70)`);
  await run(`INSERT INTO sharp_eyes.incident_work (incident, changed_at, event, changed_by, state, mark, notes, area_path)
    SELECT ${id('incident')}, ${time(toMs)}, toString(number), 'admin', 'closed', if(number % 4 = 0, 'wrong', 'right'), '[]', ${paths}[1 + number % 2] FROM numbers(20)`);
  await run(`INSERT INTO sharp_eyes.camera_states (camera, state_from, state_to, state, reason, message, area_path, worker, reconnects)
    SELECT ${cameras}[1 + number % 4], ${time(fromMs)} + toIntervalHour(intDiv(number, 4) * 2) AS since, since + toIntervalMinute(119),
      if(number % 13 = 0, 'down', 'live'), '', '', ${paths}[1 + number % 4], 'w', 0 FROM numbers(96)`);
  await run(`INSERT INTO sharp_eyes.looks (watched_from, camera, revision, sequence, watched_to, observed_ms, looks, sightings, calibration_version, area_path, model, captured_at, received_at)
    SELECT ${time(toMs)} - toIntervalSecond(1 + intDiv(number, 4) * 10) AS at, ${cameras}[1 + number % 4], 1, number, at, 10000, 5, 1, 1, ${paths}[1 + number % 4], 'test', at, at + toIntervalMillisecond(200)
    FROM numbers(400)`);
  await run(`INSERT INTO sharp_eyes.sightings (captured_at, camera, revision, sequence, ordinal, track, kind, score, x, y, width, height, presence_ms, is_held, lon, lat, cells, weights, area_path, calibration_version, model, received_at)
    SELECT ${time(toMs)} - toIntervalSecond(600 - (number % 5) * 2) AS at, ${cameras}[1 + intDiv(number, 5) % 4], 1, number, 0, toString(intDiv(number, 5)), 'person', 0.9,
      0.1 + (number % 5) * 0.1, 0.5, 0.1, 0.2, 2000, false, 117, 36, [1], [1000], ${paths}[1 + intDiv(number, 5) % 4], 1, 'test', at FROM numbers(400)`);
  await run(`INSERT INTO sharp_eyes.quarantine (reason, id, camera, captured_at, message, payload, quarantined_at)
    SELECT 'clock', toString(number), ${cameras}[1 + number % 4], NULL, 'x', '', ${time(toMs)} - toIntervalMinute(number + 1) FROM numbers(8)`);
}
