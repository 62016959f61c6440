/** What sentences claim, counted again from the rows as they lie in the tables, in plain code that shares nothing with the panels' SQL. */
import type { ClickHouseClient } from '@clickhouse/client';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

type Flow = { hourMs: number; camera: string; kind: string; path: string; thereS: number };
type Watched = { hourMs: number; camera: string; path: string; watchedS: number };
type Alert = { atMs: number; camera: string; path: string; severity: string };
export type Rows = { flow: Flow[]; watched: Watched[]; alerts: Alert[] };

export async function readRows(client: ClickHouseClient): Promise<Rows> {
  const ask = async <Row>(query: string) => (await client.query({ query, format: 'JSONEachRow' })).json<Row>();
  return {
    flow: await ask(`SELECT toUnixTimestamp(hour) * 1000. AS hourMs, camera, kind, area_path AS path, presence_us / 1e6 AS thereS
      FROM sharp_eyes.kinds_hour FINAL`),
    watched: await ask(
      `SELECT toUnixTimestamp(hour) * 1000. AS hourMs, camera, area_path AS path, observed_ms / 1e3 AS watchedS FROM sharp_eyes.observed_hour FINAL`,
    ),
    alerts: await ask(
      `SELECT toFloat64(toUnixTimestamp64Milli(at)) AS atMs, camera, area_path AS path, severity FROM sharp_eyes.alerts FINAL`,
    ),
  };
}

type Hours = ReadonlySet<number>;

/** Sums of a list by hour, worked out once. */
const byHour = new WeakMap<object, Map<number, number>>();

function sumOver<Row extends { hourMs: number }>(list: readonly Row[], hours: Hours, of: (row: Row) => number): number {
  const known = byHour.get(list) ?? new Map<number, number>();
  if (!byHour.has(list)) {
    for (const row of list) known.set(row.hourMs, (known.get(row.hourMs) ?? 0) + of(row));
    byHour.set(list, known);
  }
  let total = 0;
  for (const hour of hours) total += known.get(hour) ?? 0;
  return total;
}

export type Asked = {
  type: 'area' | 'camera';
  id: string;
  /** Index of the level of the areas below in a path; absent: none. */
  below?: number;
  fromMs: number;
  toMs: number;
  cameras: readonly string[];
  offsetMs: number;
  holidays: readonly string[];
};

const median = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
};
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function spreadOf(values: readonly number[], { watchedS, unit }: { watchedS: number; unit: number }): number {
  const middle = median(values);
  const mad = median(values.map((value) => Math.abs(value - middle)));
  const presenceS = (middle / unit) * watchedS;
  return Math.max(1.4826 * mad, 0.1 * middle, (Math.sqrt(Math.max(presenceS, 10) * 10) / watchedS) * unit);
}

/** Facts by group of claims, as far as there are any; numbers as the claims name them. */
export function recount(rows: Rows, asked: Asked) {
  const isOwn = ({ path, camera }: { path: string; camera: string }) =>
    asked.type === 'area' ? path.split('.').includes(asked.id) : camera === asked.id;
  const flow = rows.flow.filter(isOwn);
  const watched = rows.watched.filter(isOwn);
  const alerts = rows.alerts.filter(isOwn);
  const { fromMs, toMs, offsetMs, holidays } = asked;
  const isHoliday = (atMs: number) => holidays.includes(new Date(atMs + offsetMs).toISOString().slice(0, 10));
  /** Hours of the period so many weeks earlier; holidays are no normal days. */
  const hoursOf = (weeks: number, withHolidays: boolean) => {
    const hours: number[] = [];
    for (let at = fromMs - weeks * WEEK_MS; at < toMs - weeks * WEEK_MS; at += HOUR_MS)
      if (withHolidays || !isHoliday(at)) hours.push(at);
    return new Set(hours);
  };
  const period = hoursOf(0, true);
  const before = hoursOf(1, true);
  const samples = [1, 2, 3, 4, 5, 6, 7, 8].map((weeks) => hoursOf(weeks, false)).filter((hours) => hours.size > 0);
  const there = (list: readonly Flow[], hours: Hours) => sumOver(list, hours, ({ thereS }) => thereS);
  const looked = (list: readonly Watched[], hours: Hours) => sumOver(list, hours, ({ watchedS }) => watchedS);
  const rate = (hours: Hours) => there(flow, hours) / looked(watched, hours);
  const count = asked.cameras.length;
  const known = samples.filter(
    (hours) => looked(watched, hours) > 0 && looked(watched, hours) >= 0.5 * hours.size * 3600 * count,
  );
  const rates = known.map(rate);
  const firedIn = (hours: Hours) => alerts.filter(({ atMs }) => hours.has(Math.floor(atMs / HOUR_MS) * HOUR_MS));
  const parts = {
    camera_h: count * period.size,
    watched_h: looked(watched, period) / 3600,
    at_once: looked(watched, period) > 0 ? rate(period) : null,
    camera_before_h: count * before.size,
    watched_before_h: looked(watched, before) / 3600,
    at_once_before: looked(watched, before) > 0 ? rate(before) : null,
    weeks: rates.length,
    weeks_lower: rates.filter((each) => each < rate(period)).length,
    weeks_higher: rates.filter((each) => each > rate(period)).length,
    alerts: firedIn(period).length,
    critical: firedIn(period).filter(({ severity }) => severity === 'critical').length,
    alerts_before: firedIn(before).length,
    alerts_normal: known.length === 0 ? 0 : median(known.map((hours) => firedIn(hours).length)),
  };

  const single = (at: number) => new Set([at]);
  const goodHour = (at: number) => looked(watched, single(at)) > 0 && looked(watched, single(at)) >= 1800 * count;
  const judged = [...period].filter(goodHour).map((at) => {
    const earlier: number[] = [];
    for (let weeks = 1; weeks <= 16; weeks++) {
      const then = at - weeks * WEEK_MS;
      if (then >= fromMs || then < fromMs - 8 * WEEK_MS || isHoliday(then) || !goodHour(then)) continue;
      earlier.push(rate(single(then)));
    }
    const own = rate(single(at));
    const middle = earlier.length >= 3 ? median(earlier) : 0;
    const sigmas =
      earlier.length >= 3 ? (own - middle) / spreadOf(earlier, { watchedS: looked(watched, single(at)), unit: 1 }) : 0;
    return { at, own, earlier, middle, sigmas };
  });
  const first = <Item>(items: readonly Item[], worth: (item: Item) => number, tie: (a: Item, b: Item) => number) =>
    items.toSorted((a, b) => worth(b) - worth(a) || tie(a, b))[0];
  const earliest = (a: { at: number }, b: { at: number }) => a.at - b.at;
  const busiest = first(judged, ({ own }) => own, earliest);
  const unusual = first(
    judged.filter(({ earlier }) => earlier.length >= 3),
    ({ sigmas }) => Math.abs(sigmas),
    earliest,
  );
  const hours = {
    hours: judged.length,
    busiest_ms: busiest?.at,
    busiest_at_once: busiest?.own,
    ...(unusual === undefined
      ? {}
      : {
          unusual_ms: unusual.at,
          unusual_at_once: unusual.own,
          unusual_normal: unusual.middle,
          unusual_sigmas: unusual.sigmas,
          unusual_weeks: unusual.earlier.length,
          unusual_weeks_lower: unusual.earlier.filter((each) => each < unusual.own).length,
          unusual_weeks_higher: unusual.earlier.filter((each) => each > unusual.own).length,
        }),
  };

  const kindsThere = [...new Set(flow.filter(({ hourMs }) => period.has(hourMs)).map(({ kind }) => kind))].map(
    (kind) => ({
      kind,
      h:
        there(
          flow.filter((row) => row.kind === kind),
          period,
        ) / 3600,
    }),
  );
  const mostKind = first(
    kindsThere,
    ({ h }) => h,
    (a, b) => (a.kind < b.kind ? 1 : -1),
  );
  const kinds = {
    kinds: kindsThere.length,
    most_kind: mostKind?.kind,
    most_h: mostKind?.h,
    all_h: sum(kindsThere.map(({ h }) => h)),
  };

  const watching = asked.cameras.map((camera) => ({
    camera,
    h:
      looked(
        watched.filter((row) => row.camera === camera),
        period,
      ) / 3600,
  }));
  const least = first(
    watching,
    ({ h }) => -h,
    (a, b) => (a.camera < b.camera ? -1 : 1),
  );
  const cameras = { cameras: count, least_camera: least?.camera, least_h: least?.h, all_h: period.size };

  const places = asked.below === undefined ? undefined : placesOf(asked.below);
  return { parts, hours, kinds, cameras, places };

  function placesOf(level: number) {
    const idOf = ({ path }: { path: string }) => path.split('.')[level]!;
    const ids = [...new Set([...flow, ...watched].map(idOf))].filter((id) => id !== '_');
    const all = ids.flatMap((id) => {
      const [own, seen] = [flow.filter((row) => idOf(row) === id), watched.filter((row) => idOf(row) === id)];
      const [ownS, seenS] = [there(own, period), looked(seen, period)];
      if (ownS <= 0 && seenS <= 0) return [];
      const best = Math.max(...[period, before, ...samples].map((hours) => looked(seen, hours) / (hours.size * 3600)));
      const good = samples.filter(
        (hours) => looked(seen, hours) > 0 && looked(seen, hours) >= 0.5 * best * hours.size * 3600,
      );
      const earlier = seenS > 0 ? good.map((hours) => ((there(own, hours) / looked(seen, hours)) * seenS) / 3600) : [];
      const normal = earlier.length >= 3 ? median(earlier) : 0;
      const sigmas =
        earlier.length >= 3 ? (ownS / 3600 - normal) / spreadOf(earlier, { watchedS: seenS, unit: seenS / 3600 }) : 0;
      return [{ id, h: ownS / 3600, weeks: earlier.length, normal, sigmas }];
    });
    const byName = (a: { id: string }, b: { id: string }) => (a.id < b.id ? 1 : -1);
    const most = first(all, ({ h }) => h, byName);
    const departs = first(
      all.filter(({ weeks }) => weeks >= 3),
      ({ sigmas }) => Math.abs(sigmas),
      byName,
    );
    return {
      places: all.length,
      most_area: most?.id,
      most_h: most?.h,
      all_h: sum(all.map(({ h }) => h)),
      ...(departs === undefined
        ? {}
        : {
            departs_area: departs.id,
            departs_h: departs.h,
            departs_normal_h: departs.normal,
            departs_sigmas: departs.sigmas,
            departs_weeks: departs.weeks,
          }),
    };
  }
}
