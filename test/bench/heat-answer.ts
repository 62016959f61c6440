/**
 * What the API itself spends on the rows of a heat map of 5,000 cells, each step against the way that it might take
 * instead, in one run: `node test/bench/heat-answer.ts [times, default 60]` prints CPU milliseconds and ratios, and one line of JSON.
 */
import { gridDisk, latLngToCell } from 'h3-js';
import { heatMapOf } from '#analytics/store/queries.ts';

const CELLS = 5000;
const WARM_UP = 15;

const cells = gridDisk(latLngToCell(36.6758, 117.0009, 13), 41).slice(0, CELLS);
const rows = cells.map((place, index) => ({ place, value: 1000 + index / 7, error: index / 9 }));
const lines = rows.map((row) => JSON.stringify(row)).join('\n');
const columns = JSON.stringify({
  data: { place: cells, value: rows.map(({ value }) => value), error: rows.map(({ error }) => error) },
});
const asked = { fromMs: 1, toMs: 2, kind: null, measure: 'presence', resolution: 13 } as const;
const figuresOf = () =>
  new Map(rows.map(({ place, value, error }) => [place, { value, observedS: 86_340, errorM: error }]));

/** Mean CPU of `work` on what `prepare` gives, which is not counted. */
function cpuMs<Given>(times: number, prepare: () => Given, work: (given: Given) => unknown): number {
  let spentUs = 0;
  for (let turn = -WARM_UP; turn < times; turn++) {
    const given = prepare();
    const before = process.cpuUsage();
    work(given);
    const { user, system } = process.cpuUsage(before);
    if (turn >= 0) spentUs += user + system;
  }
  return spentUs / times / 1000;
}

function main(times: number): void {
  const spans = { ...asked, hours: [], minutes: [], slices: [] };
  const question = { ...asked, where: { resolution: 13 } };
  const nothing = () => undefined;
  const steps = {
    read: [
      cpuMs(times, nothing, () => JSON.parse(columns)),
      cpuMs(times, nothing, () => lines.split('\n').map((line) => JSON.parse(line))),
    ],
    cells: [
      cpuMs(times, figuresOf, (places) => heatMapOf({ spans, places, missingHours: 0, elapsedMs: 1 }, question)),
      cpuMs(times, figuresOf, (places) => [...places].map(([cell, figure]) => ({ cell, ...figure }))),
    ],
  } as const;
  console.log('| step | ours, CPU ms | instead | ratio |\n| --- | --- | --- | --- |');
  for (const [step, [own, other]] of Object.entries(steps))
    console.log(`| ${step} | ${own.toFixed(2)} | ${other.toFixed(2)} | ${(own / other).toFixed(2)} |`);
  console.log(JSON.stringify({ cells: CELLS, times, node: process.version, steps }));
}

main(Number(process.argv[2] ?? 60));
