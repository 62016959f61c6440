/**
 * Weeks of closed hours for dashboards, written as the roll-ups would be: a town of two streets with grids and cameras,
 * busy by hour of the week, with rising noise, one unusual evening and one camera that is often off. No sightings.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { insertTotals } from '#analytics/store/totals.ts';
import type { AreaLevel } from '#models/schema/area.ts';
import { DATABASE } from '#system/store-client.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export type TownCamera = { id: string; path: string };

/** `jinan` > `lixia` > streets `dikou` and `wenhua`, each with two grids and two cameras. */
export const TOWN: readonly TownCamera[] = ['dikou', 'wenhua'].flatMap((street) =>
  [1, 2].map((number) => ({ id: `${street}-c${number}`, path: `jinan.lixia.${street}._.${street}-g${number}` })),
);

export const TOWN_AREAS: { id: string; level: AreaLevel; parent: string | null }[] = [
  { id: 'jinan', level: 'city', parent: null },
  { id: 'lixia', level: 'district', parent: 'jinan' },
  ...['dikou', 'wenhua'].flatMap((street) => [
    { id: street, level: 'street' as const, parent: 'lixia' },
    ...[1, 2].map((number) => ({ id: `${street}-g${number}`, level: 'grid' as const, parent: street })),
  ]),
];

const list = (texts: readonly string[]) => `[${texts.map((text) => `'${text}'`).join(', ')}]`;

/** Presence of a kind and a camera in an hour (s): a wave by the local hour, less at night, noise by a hash. */
const THERE_S = `(600 + 500 * sin((toHour(toTimeZone(hour, 'Asia/Shanghai')) - 6) / 24 * 2 * pi())) * (1 + (cityHash64(hour, camera, kind) % 1000) / 4000)
  * if(kind = 'person', 3, 1) * if(toDayOfWeek(toTimeZone(hour, 'Asia/Shanghai')) >= 6, 0.6, 1)`;

type Weeks = {
  fromMs: number;
  toMs: number;
  cameras?: readonly TownCamera[];
  kinds?: readonly string[];
  /** SQL over `hour`, `camera`, `kind`: what presence is multiplied with, such as an evening that was unlike others. */
  factor?: string;
  /** SQL over `hour`, `camera`: share of the hour that was watched. */
  watched?: string;
};

export async function writeWeeks(writer: ClickHouseClient, weeks: Weeks): Promise<void> {
  const { fromMs, toMs, cameras = TOWN, kinds = ['person', 'car', 'bicycle'], factor = '1', watched = '1' } = weeks;
  const version = `toUnixTimestamp64Nano(now64(9))`;
  const hours = `SELECT toDateTime(${fromMs / 1000} + number * 3600, 'UTC') AS hour FROM numbers(${(toMs - fromMs) / HOUR_MS})`;
  const rows = `SELECT hour, tupleElement(one, 1) AS camera, tupleElement(one, 2) AS area_path, (${watched}) AS share FROM (${hours})
    ARRAY JOIN arrayZip(${list(cameras.map(({ id }) => id))}, ${list(cameras.map(({ path }) => path))}) AS one`;
  const run = (query: string) => writer.command({ query });
  const [{ v } = { v: '0' }] = await (
    await writer.query({ query: `SELECT toString(${version}) AS v`, format: 'JSONEachRow' })
  ).json<{ v: string }>();
  const flow = `SELECT hour, camera, area_path, kind, toUInt64(${THERE_S} * share * (${factor}) * 1e6) AS us FROM (${rows}) ARRAY JOIN ${list(kinds)} AS kind`;
  const columns = 'presence_us, sightings_milli, moved_mm, timed_ms, error_mm_us';
  const tracks = `uniqCombinedState(12)(toString(cityHash64(hour, camera, kind, number)))`;
  await run(`INSERT INTO ${DATABASE}.kinds_hour (hour, camera, kind, area_path, ${columns}, tracks, version)
    SELECT hour, camera, kind, area_path, any(us), any(us) / 1000, any(us) / 1000, any(us) / 1000, any(us) * 800, ${tracks}, ${v}
    FROM (${flow}) ARRAY JOIN range(toUInt64(greatest(1, us / 2e7))) AS number WHERE us > 0 GROUP BY hour, camera, kind, area_path`);
  await run(`INSERT INTO ${DATABASE}.areas_hour (hour, kind, area_path, ${columns}, version)
    SELECT hour, kind, area_path, sum(us), sum(us) / 1000, sum(us) / 1000, sum(us) / 1000, sum(us) * 800, ${v}
    FROM (${flow}) GROUP BY hour, kind, area_path`);
  await run(`INSERT INTO ${DATABASE}.peaks_hour (hour, kind, scale, place, peak_us, version)
    SELECT hour, '' AS kind, scale, splitByChar('.', area_path)[number] AS place, toUInt64(sum(us) / 30) AS peak, ${v}
    FROM (${flow}) ARRAY JOIN ['city', 'district', 'street', 'village', 'grid'] AS scale, [1, 2, 3, 4, 5] AS number
    GROUP BY hour, scale, place HAVING place != '_'`);
  await run(`INSERT INTO ${DATABASE}.observed_hour
    SELECT hour, camera, 1, area_path, toUInt64(share * 3600000), 3600, 360, 720, ${v} FROM (${rows}) WHERE share > 0`);
  await run(insertTotals([[fromMs, toMs]]));
  await run(
    `INSERT INTO ${DATABASE}.hours (hour, is_closed, version, has_totals) SELECT hour, true, ${v}, true FROM (${hours})`,
  );
}

/** Every hour marked as closed once more, with its totals. */
export const closeAnew = (writer: ClickHouseClient, hasTotals = true) =>
  writer.command({
    query: `INSERT INTO ${DATABASE}.hours (hour, is_closed, version${hasTotals ? ', has_totals' : ''})
      SELECT hour, true, max(version) + 1${hasTotals ? ', true' : ''} FROM ${DATABASE}.hours WHERE is_closed GROUP BY hour`,
  });

/** The same by a process of before totals were kept: there are none, and its marks know of none. */
export async function closeAsOlder(writer: ClickHouseClient): Promise<void> {
  await writer.command({ query: `TRUNCATE TABLE ${DATABASE}.totals_hour` });
  await closeAnew(writer, false);
}
