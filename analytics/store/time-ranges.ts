/** Buckets of time, and conditions that hold for some of them. */
export const SLICE_MS = 10_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

export type Range = readonly [fromMs: number, toMs: number];

export const floorTo = (atMs: number, sizeMs: number) => Math.floor(atMs / sizeMs) * sizeMs;

/** The buckets that begin at the given times as ranges, neighbours joined. */
export function rangesOf(begins: Iterable<number>, sizeMs: number): Range[] {
  const ranges: [number, number][] = [];
  for (const begin of [...new Set(begins)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === begin) last[1] = begin + sizeMs;
    else ranges.push([begin, begin + sizeMs]);
  }
  return ranges;
}

/** As many lists as it takes, none longer than `size`. */
export function chunksOf<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** What is left of a range when others (sorted, within it) are taken out. */
export function without([from, to]: Range, taken: readonly Range[]): Range[] {
  const edges = [from, ...taken.flat(), to];
  const left: Range[] = [];
  for (let index = 0; index < edges.length; index += 2)
    if (edges[index]! < edges[index + 1]!) left.push([edges[index]!, edges[index + 1]!]);
  return left;
}

/** What of others (sorted) lies within a range. */
export function overlap([from, to]: Range, others: readonly Range[]): Range[] {
  return others.flatMap(([begin, end]): Range[] => {
    const [first, last] = [Math.max(from, begin), Math.min(to, end)];
    return first < last ? [[first, last]] : [];
  });
}

/** Beyond this, single hours are listed: half the text. */
const RANGES_WRITTEN_OUT = 32;

function inHours(ranges: readonly Range[]): string {
  const hours: number[] = [];
  for (const [from, to] of ranges)
    for (let at = Math.ceil(from / HOUR_MS) * HOUR_MS; at < to; at += HOUR_MS) hours.push(at / 1000);
  return `hour IN (${hours.join(',')})`;
}

/**
 * `(column >= a AND column < b) OR …`; `false` for no range. Times are cut to whole seconds. They are written as
 * DateTime64: against a plain DateTime, ClickHouse 26.7 reads `captured_at < 12:00:10` of a DateTime64 key as
 * `<= 12:00:09` when it picks granules, and leaves out those that begin within the second between.
 */
export function inRanges(column: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return 'false';
  if (column === 'hour' && ranges.length > RANGES_WRITTEN_OUT) return inHours(ranges);
  const at = (ms: number) => `toDateTime64(${Math.floor(ms / 1000)}, 3, 'UTC')`;
  return `(${ranges.map(([from, to]) => `(${column} >= ${at(from)} AND ${column} < ${at(to)})`).join(' OR ')})`;
}
