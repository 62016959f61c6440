/**
 * A panel's SQL for Grafana's ClickHouse source: times are its macros `$__fromTime` and `$__toTime`, the rest its dashboard
 * variables `subject` (id of the area or camera), `zone` and `kind` (a kind, or `all`).
 */
import { AREA_LEVELS, type AreaLevel } from '#models/schema/area.ts';
import type { SubjectType } from '#models/schema/panel.ts';
import { bucketSql, sourcesOf } from './sql.ts';

export const GRAFANA_VARIABLES = ['subject', 'zone', 'kind'] as const;

type Wish = { type: SubjectType; level: AreaLevel | null; below: AreaLevel | null; stepS: number };

/** As many earlier weeks as ours looks at, of a period of up to a week; of a longer one as many times so many weeks. */
const SAMPLES = 8;

/** Holidays are not known to it, and the period is cut to whole hours by the rows alone: both differ from ours a little. */
export function toGrafanaSql(sql: string, { type, level, below, stepS }: Wish): string {
  const zone = `'\${zone}'`;
  const subject = `'\${subject}'`;
  const [from, to] = ['toStartOfHour($__fromTime)', '$__toTime'];
  const weeks = `greatest(1, toInt64(ceil(dateDiff('second', ${from}, ${to}) / 604800)))`;
  const local = (time: string) => `(toUnixTimestamp(${time}) + timeZoneOffset(toTimeZone(${time}, ${zone})))`;
  // Samples are numbered by how many times so many weeks ago they are, from 1.
  const ago = `toInt64(ceil((${local(from)} - ${local('hour')}) / (604800 * ${weeks})))`;
  const isSample = `(hour < ${from} AND ${ago} <= ${SAMPLES} AND ${local('hour')} + ${ago} * 604800 * ${weeks} < ${local(to)})`;
  const [compareFrom, compareTo] = [`subtractWeeks(${from}, ${weeks})`, `subtractWeeks(${to}, ${weeks})`];
  const history = `subtractWeeks(${from}, ${SAMPLES})`;
  const earliest = `subtractWeeks(${from}, ${SAMPLES} * ${weeks})`;
  const within = (begin: string, end: string) => `(hour >= ${begin} AND hour < ${end})`;
  const place = type === 'area' ? `has(splitByChar('.', area_path), ${subject})` : `${type} = ${subject}`;
  const values: Record<string, string> = {
    place,
    kind: `('\${kind}' IN ('', 'all') OR kind = '\${kind}')`,
    from,
    to,
    compare_from: compareFrom,
    compare_to: compareTo,
    history,
    zone,
    step: `${stepS}`,
    bucket: bucketSql(stepS, zone),
    hour_of_week: `((toDayOfWeek(toTimeZone(hour, ${zone})) - 1) * 24 + toHour(toTimeZone(hour, ${zone})))`,
    subject,
    level: `'${level ?? ''}'`,
    below: below ?? AREA_LEVELS.at(-1)!,
    cameras: `(SELECT count() FROM (SELECT id AS camera, area_path FROM sharp_eyes.cameras WHERE is_enabled) WHERE ${
      type === 'area' ? `has(splitByChar('.', area_path), ${subject})` : `camera = ${subject}`
    })`,
    holidays: `CAST([], 'Array(String)')`,
    in_parts: `(hour >= ${earliest} AND hour < ${to} AND (${within(from, to)} OR ${within(compareFrom, compareTo)} OR ${isSample}))`,
    parts: `arrayConcat(if(${within(from, to)}, [toInt64(0)], []), if(${within(compareFrom, compareTo)}, [toInt64(-1)], []), if(${isSample}, [${ago}], []))`,
    elapsed: `toFloat64(dateDiff('second', ${from}, ${to}))`,
    ...sourcesOf({ type, subject, place, below }),
  };
  const filled = sql.replaceAll(/\{\{([a-z_]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`{{${name}}} is not known, though the panel was read`);
    return value;
  });
  return filled.trim();
}
