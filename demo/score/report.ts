/** A score for people: tables for the terminal, and the page docs/accuracy.md. */
import { VIEWS } from '#demo/world/views.ts';
import { PATIENCE } from '#ingest/track/tracker.ts';
import type { AccuracyRow } from './accuracy.ts';
import { groundSection } from './ground-report.ts';
import type { CameraRow, Score } from './score.ts';

export type Table = { title: string; columns: string[]; rows: (string | number)[][] };

export const two = (value: number) => (Number.isFinite(value) ? value.toFixed(2) : '–');
export const percent = (value: number) => (Number.isFinite(value) ? `${(value * 100).toFixed(1)} %` : '–');

/** Without those of the ground. */
export function scoreTables(score: Score): Table[] {
  return [accuracyTable(score), heldOutTable(score), lightTable(score), floorTable(score), countTable(score)];
}

const accuracyCells = (row: AccuracyRow) => [
  row.labels,
  two(row.recall),
  row.clearLabels,
  two(row.clearRecall),
  two(row.precision),
];
const ACCURACY = ['boxes', 'recall', 'in the clear', 'recall in the clear', 'precision'];

function accuracyTable({ accuracy }: Score): Table {
  const rows = accuracy.filter(({ light }) => light === 'all');
  return {
    title: 'What the detector finds, by kind and height in the picture (px of 720)',
    columns: ['kind', 'height', ...ACCURACY],
    rows: rows.map((row) => [row.kind, row.height, ...accuracyCells(row)]),
  };
}

function heldOutTable({ heldOut }: Score): Table {
  const isShown = ({ light, height }: AccuracyRow) => light === 'all' && (height === '≥ 100' || height === 'all');
  return {
    title: 'The same on the views that no model of ours was trained on',
    columns: ['kind', 'height', ...ACCURACY],
    rows: heldOut.filter(isShown).map((row) => [row.kind, row.height, ...accuracyCells(row)]),
  };
}

function lightTable({ accuracy }: Score): Table {
  const isShown = ({ kind, height, light }: AccuracyRow) =>
    light !== 'all' && (kind === 'person' ? height === '≥ 100' || height === 'all' : height === 'all');
  return {
    title: 'All views by light and weather',
    columns: ['kind', 'light', 'height', ...ACCURACY],
    rows: accuracy.filter(isShown).map((row) => [row.kind, row.light, row.height, ...accuracyCells(row)]),
  };
}

function floorTable({ floors }: Score): Table {
  return {
    title: 'Things in the clear, at the score that finds most of them with a precision of 0.85',
    columns: ['views', 'what', 'light', 'boxes', 'wanted', 'recall', 'precision', 'at score', 'reached'],
    rows: floors.map(({ views, what, light, labels, wanted, recall, precision, scoreMin }) => [
      views,
      what,
      light,
      labels,
      two(wanted),
      two(recall),
      two(precision),
      two(scoreMin),
      recall >= wanted ? 'yes' : 'no',
    ]),
  };
}

const off = (counted: number, truth: number) => (truth === 0 ? '–' : percent(counted / truth - 1));

function countTable({ cameras }: Score): Table {
  return countsOf(cameras, 'Counts by camera: how many came over the time, and how many are there at a time');
}

export function countsOf(cameras: readonly CameraRow[], title: string): Table {
  const cells = ({ camera, kind, things, comings, tracks, present, counted }: CameraRow) => [
    camera,
    kind,
    things,
    comings,
    tracks,
    off(tracks, comings),
    two(present),
    two(counted),
    off(counted, present),
  ];
  return {
    title,
    columns: ['camera', 'kind', 'things', 'comings', 'tracks', 'off', 'present', 'counted', 'off'],
    rows: cameras.filter(({ things, present }) => things > 0 && present >= 0.005).map(cells),
  };
}

/** Median over cameras of how far a count is off, for people and cars. */
function summary({ cameras }: Score): string[] {
  return (['person', 'car'] as const).flatMap((kind) => {
    const rows = cameras.filter((row) => row.kind === kind && row.comings > 0 && row.present >= 0.005);
    if (rows.length === 0) return [];
    const offs = (counted: (row: CameraRow) => number, truth: (row: CameraRow) => number) =>
      rows.map((row) => Math.abs(counted(row) / truth(row) - 1)).sort((a, b) => a - b)[rows.length >> 1]!;
    const things = offs(
      ({ tracks }) => tracks,
      ({ comings }) => comings,
    );
    const present = offs(
      ({ counted }) => counted,
      ({ present }) => present,
    );
    return [
      `${kind}: the count of those who came is ${percent(things)} off (median camera), the number present ${percent(present)}.`,
    ];
  });
}

const heldOutNames = () =>
  VIEWS.filter(({ isHeldOut }) => isHeldOut === true)
    .map(({ id }) => id)
    .join(', ');

/** Without the marks of a heading. */
export function markdownOf({ title, columns, rows }: Table): string {
  return `${title}\n\n${[columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
}

export function accuracyPage(score: Score, writtenAtMs: number): string {
  const { frames, fromMs, toMs } = score;
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
  const tables = scoreTables(score).map((table) => `## ${markdownOf(table)}`);
  return `<!-- Generated by \`./sharp-eyes demo score\`; do not edit. -->
# Accuracy in the city of the demo

Written ${time(writtenAtMs).slice(0, 10)}. Model **${score.model}** at its score of ${score.scoreMin}, whole frames, ${score.looksPerS} looks a second.
${frames.distinct} distinct frames of ${score.clips.length} loops were looked at once; from them ${frames.composed} frames of the time from
${time(fromMs)} to ${time(toMs)} UTC were composed, loop after loop as the city's rhythm plays them, and went through
the real tracker and the real placer.

${summary(score)
  .map((line) => `- ${line}`)
  .join('\n')}

The pictures are rendered: what is measured here says how the parts work together and where they fail, not how well a
model sees a real street. Models of ours have seen other pictures of most of these views in training; ${heldOutNames()} are held
out from it, and have rows of their own.

${tables.join('\n')}
${groundSection(score)}
## How it is counted

- A box is found where a detection of its kind overlaps it by half. Recall counts things of which half is in sight; *in
  the clear* is what is seen to 80 % and lies to 80 % inside the picture. What is less in sight counts neither way.
- A rider is a person, and its machine is found alone or with the rider.
- *Things* are people and vehicles of which a quarter was in sight at some moment, however small and far away; *comings*
  count a thing anew when it comes back after more than ${PATIENCE.lostMs / 1000} s out of sight at every look, or after more than ${PATIENCE.stillMs / 1000} s
  where it stood: there a track ends, and nobody asks whether who comes back is the one who went. *Tracks* are what the
  tracker told; they are held against the comings. *Present* is how many are in sight at a time, on average, and
  *counted* how many tracks.
- The city plays its loops again and again: what goes wrong once in a loop of 15 s goes wrong in every one of them.
  Where another loop begins everybody is exchanged between two looks, as in no street; only what is parked is tracked on.
- A place is the middle of a thing on the ground, in the truth and for the placer. The ellipse is that of 90 % of a Gauss; its
  constants were fitted on the other views than the held-out ones (\`demo/score/fit-foot.ts\`), with this detector's family.
- The heat map compares seconds of presence in the cells that the cameras observe, empty ones included, each by its weight.
- Bicycles that stand parked in rows are things like any other. What is found of them has rows of its own; the counts have
  them among the bicycles.
- The gate is left out: every sampled frame is looked at.

Clips: ${score.clipsFingerprint}
`;
}
