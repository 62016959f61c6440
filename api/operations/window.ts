/** What happened between two samples: how much counters grew, process by process, so that one that began anew counts from zero. */
import type { Sample, Series } from './sample.ts';

export type Where = (labels: Record<string, string>) => boolean;

export type Window = {
  seconds: number | null;
  /** Null before there is an earlier sample, and where no process has such a counter. */
  grown: (name: string, where?: Where) => number | null;
  perS: (name: string, where?: Where) => number | null;
  /** Mean of a histogram’s new observations; null where there was none. */
  mean: (histogram: string, where?: Where) => number | null;
  /** Sum of a gauge now. */
  now: (name: string, where?: Where) => number | null;
  least: (name: string, where?: Where) => number | null;
  most: (name: string, where?: Where) => number | null;
};

const everywhere: Where = () => true;

export function openWindow(latest: Sample, earlier: Sample | undefined): Window {
  const seconds = earlier === undefined ? null : (latest.atMs - earlier.atMs) / 1000;
  const found = (name: string, where: Where): [string, Series][] =>
    [...latest.series].filter(([, one]) => one.name === name && where(one.labels));
  const values = (name: string, where: Where) =>
    found(name, where)
      .map(([, { value }]) => value)
      .filter(Number.isFinite);

  function grown(name: string, where: Where = everywhere): number | null {
    if (earlier === undefined) return null;
    const series = found(name, where);
    if (series.length === 0) return null;
    return series.reduce((sum, [key, { value }]) => {
      const before = earlier.series.get(key)?.value ?? 0;
      return sum + (value >= before ? value - before : value);
    }, 0);
  }

  const reduced = (name: string, where: Where, reduce: (values: number[]) => number) => {
    const all = values(name, where);
    return all.length === 0 ? null : reduce(all);
  };

  return {
    seconds,
    grown,
    perS(name, where) {
      const by = grown(name, where);
      return by === null || seconds === null || seconds <= 0 ? null : by / seconds;
    },
    mean(histogram, where) {
      const [sum, count] = [grown(`${histogram}_sum`, where), grown(`${histogram}_count`, where)];
      return sum === null || count === null || count === 0 ? null : sum / count;
    },
    now: (name, where = everywhere) => reduced(name, where, (all) => all.reduce((sum, value) => sum + value, 0)),
    least: (name, where = everywhere) => reduced(name, where, (all) => Math.min(...all)),
    most: (name, where = everywhere) => reduced(name, where, (all) => Math.max(...all)),
  };
}
