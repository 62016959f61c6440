/**
 * Draws what came true over the score that was told, a line a judge: node models/training/reliability.ts OUT.svg NAME=FILE.json…
 *
 * The files are what `./sharp-eyes model evaluate … --json` prints. All kinds of a judge are counted together, in ten bins of
 * the score; bins of fewer than 10 finds are left out. Prints the same as a table.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Evaluation } from '#models/detectors/evaluate/evaluate.ts';
import { calibrationError, type ReliabilityBin } from '#models/detectors/evaluate/reliability.ts';

const SIZE = 300;
const MARGIN = 46;
const COUNT_LEAST = 10;
const COLOURS = ['#1f74d6', '#d9481c', '#00935a', '#8a4bd0', '#c98f00', '#555'];

/** All kinds together; bins keep their bounds. */
export function pool(kinds: readonly { reliability: readonly ReliabilityBin[] }[]): ReliabilityBin[] {
  const bins = new Map<number, ReliabilityBin>();
  for (const { from, to, count, meanScore, right } of kinds.flatMap(({ reliability }) => reliability)) {
    const before = bins.get(from) ?? { from, to, count: 0, meanScore: 0, right: 0 };
    const total = before.count + count;
    const mean = (a: number, b: number) => (a * before.count + b * count) / total;
    bins.set(from, {
      ...before,
      count: total,
      meanScore: mean(before.meanScore, meanScore),
      right: mean(before.right, right),
    });
  }
  return [...bins.values()].sort((a, b) => a.from - b.from);
}

const x = (value: number) => MARGIN + value * (SIZE - 2 * MARGIN);
const y = (value: number) => SIZE - x(value);

export function reliabilitySvg(judges: readonly { name: string; bins: readonly ReliabilityBin[] }[]): string {
  const lines = judges.map(({ name, bins }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const points = bins.filter(({ count }) => count >= COUNT_LEAST).map((bin) => [x(bin.meanScore), y(bin.right)]);
    const path = points.map((point, at) => `${at === 0 ? 'M' : 'L'}${point.map((part) => part.toFixed(1)).join(' ')}`);
    const dots = points.map(
      ([cx, cy]) => `<circle cx="${cx?.toFixed(1)}" cy="${cy?.toFixed(1)}" r="2.5" fill="${colour}"/>`,
    );
    const words = `<text x="${SIZE}" y="${MARGIN + 4 + index * 18}" fill="${colour}">${name}</text>`;
    return `<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots.join('')}${words}`;
  });
  const axes = [0, 0.5, 1].map(
    (at) =>
      `<text x="${x(at)}" y="${SIZE - MARGIN + 16}" text-anchor="middle">${at}</text><text x="${MARGIN - 6}" y="${y(at) + 4}" text-anchor="end">${at}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE + 150}" height="${SIZE}" font-family="sans-serif" font-size="12">
<title>The share of finds that is right, over the score that they were told with</title>
<rect width="100%" height="100%" fill="#fff"/><path d="M${x(0)} ${y(1)}V${y(0)}H${x(1)}" fill="none" stroke="#444"/>
<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#999" stroke-dasharray="4 4"/>
${axes.join('')}<text x="${SIZE / 2}" y="${SIZE - 4}" text-anchor="middle">score</text><text x="12" y="${SIZE / 2}" text-anchor="middle" transform="rotate(-90 12 ${SIZE / 2})">share that is right</text>
${lines.join('\n')}
</svg>
`;
}

if (import.meta.main) {
  const [out, ...files] = process.argv.slice(2);
  if (out === undefined || files.length === 0)
    throw new Error('node models/training/reliability.ts OUT.svg NAME=FILE.json…');
  const judges = files.map((each) => {
    const [name = '', path = ''] = each.split('=');
    const { kinds } = JSON.parse(readFileSync(path, 'utf8')) as Evaluation;
    return { name, bins: pool(kinds) };
  });
  writeFileSync(out, reliabilitySvg(judges));
  const bounds = Array.from({ length: 10 }, (_, index) => index / 10);
  const head = ['judge', ...bounds.map((from) => `${from}–${(from + 0.1).toFixed(1).replace('.0', '')}`), 'off by'];
  const rows = judges.map(({ name, bins }) => [
    name,
    ...bounds.map((from) => {
      const bin = bins.find((each) => each.from === from);
      return bin === undefined ? '–' : `${bin.right.toFixed(2)} of ${bin.count}`;
    }),
    calibrationError(bins.filter(({ from }) => from >= 0.1)).toFixed(3),
  ]);
  for (const row of [head, head.map(() => '---'), ...rows]) process.stdout.write(`| ${row.join(' | ')} |\n`);
}
