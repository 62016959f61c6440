/** The section of docs/accuracy.md on the ground: where things are placed, how sure that is, counts and heat map fed truth. */
import type { Correlation } from './correlation.ts';
import { DISTANCES, type PositionFigures, type PositionRow } from './positions.ts';
import { countsOf, markdownOf, percent, type Table, two } from './report.ts';
import type { CameraRow, Score } from './score.ts';

const FIGURES = ['boxes', 'error, median m', 'p90 m', 'in the 90 % ellipse', 'by the head', 'right grid'];

const figures = (row: PositionFigures) => [
  row.boxes,
  two(row.medianM),
  two(row.p90M),
  percent(row.inEllipseShare),
  percent(row.byHeadShare),
  percent(row.rightGridShare),
];

export function groundTables(score: Score): Table[] {
  const rowsOf = (rows: readonly PositionRow[]) => rows.map((row) => [row.what, row.where, ...figures(row)]);
  const truth = score.truePositions.byDistance.filter(({ where }) => where === 'all' || where in near);
  return [
    wantedTable(score),
    {
      title: 'Where what was found is placed, by kind and distance from the camera',
      columns: ['kind', 'distance', ...FIGURES],
      rows: rowsOf(score.positions.byDistance),
    },
    {
      title: 'The same by camera',
      columns: ['camera', 'kind', ...FIGURES],
      rows: rowsOf(score.positions.byView),
    },
    {
      title:
        'The same with the boxes of the truth for detections: the ellipses are made for those of the detector, so they hold more',
      columns: ['kind', 'distance', ...FIGURES],
      rows: rowsOf(truth),
    },
    countsOf(score.trueCameras, 'Counts fed with the boxes of the truth: what tracker and ledger make of them'),
    heatTable(score),
    coveredTable(score),
  ];
}

/** What is known of the figures that are missed: found out thing by thing in what is counted and placed. */
const WHY = `Where a figure is missed:

- *Tracks against comings.* On market, two people stand one behind the other, far away, and show in turn: a track that stood
  still waits in its place, and whoever shows there takes it up. No look is compared with any other, so no tracker of ours can
  know. On crossing, some leave by the picture's edge in the fifth of a second in which others enter there. Both happen once
  in a loop and are counted in each of its rounds. At school, cars that are parked in one loop are gone in the next: whoever
  passes their place within half a minute takes up their track. At the bus stop, cars pass behind standing buses for half a
  second to two and come out where the guess does not reach: they are counted twice.
- *Held-out bicycles.* Nearly all stand in school's row at 30 m and more. In a row boxes end too high, by 3 to 10 % from row
  to row; five rows are in the training views. Where none of a bicycle's neighbours is found it counts as one alone, whose
  ellipse is half as wide: of those 4 in 10 are held.
- *Held-out buses* are 42 boxes of one view, and trucks nearly all one parked one: their ellipses are wide for others.
`;

const near = Object.fromEntries(Object.keys(DISTANCES).map((distance) => [`${distance} m`, true]));

/** Present at a time, by kind and camera: the worst of those of which there is at least one hundredth. */
function worstCount(cameras: readonly CameraRow[]): { off: number; row: CameraRow | undefined } {
  let [off, worst]: [number, CameraRow | undefined] = [0, undefined];
  for (const row of cameras) {
    if (row.present < PRESENT_MIN) continue;
    const own = row.counted / row.present - 1;
    if (Math.abs(own) > Math.abs(off)) [off, worst] = [own, row];
  }
  return { off, row: worst };
}

/** Of fewer a single one is more than 5 %. */
const THINGS_MIN = 20;

function areThingsRight(cameras: readonly CameraRow[]): boolean {
  return cameras
    .filter(({ comings }) => comings >= THINGS_MIN)
    .every(({ tracks, comings }) => Math.abs(tracks / comings - 1) <= 0.05);
}

function comingsOff(cameras: readonly CameraRow[]): string {
  const offs = cameras
    .filter(({ comings }) => comings >= THINGS_MIN)
    .map(({ camera, kind, tracks, comings }) => ({ camera, kind, off: tracks / comings - 1 }))
    .sort((a, b) => Math.abs(a.off) - Math.abs(b.off));
  const worst = offs.at(-1);
  const named = worst === undefined ? '' : ` (${worst.camera}, ${worst.kind})`;
  const beyond = offs.filter(({ off }) => Math.abs(off) > 0.05).length;
  return `${percent(offs[offs.length >> 1]?.off ?? Number.NaN)}, ${percent(worst?.off ?? Number.NaN)}${named}; ${beyond} of ${offs.length} beyond`;
}

/** Half a minute of one thing in an hour. */
const PRESENT_MIN = 0.01;

function wantedTable(score: Score): Table {
  const { positions, truePositions, heatMap, trueHeatMap, unplacedShare, campus } = score;
  const worst = worstCount(score.trueCameras);
  const named = worst.row === undefined ? '' : ` (${worst.row.camera}, ${worst.row.kind})`;
  const yes = (is: boolean) => (is ? 'yes' : 'no');
  const within = ({ inEllipseShare }: PositionFigures) => yes(inEllipseShare >= 0.85 && inEllipseShare <= 0.95);
  const heldOut = positions.byDistance.filter(({ where }) => where.includes('held-out'));
  const shares = heldOut.map(({ inEllipseShare }) => inEllipseShare);
  const covered = score.halfCovered.map((row) => Math.abs(row.covered / row.seen - 1));
  const rows: (string | number)[][] = [
    ['position inside 30 m, median', '≤ 1 m', `${two(positions.near.medianM)} m`, yes(positions.near.medianM <= 1)],
    ['in the 90 % ellipse, all', '85–95 %', percent(positions.all.inEllipseShare), within(positions.all)],
    [
      'the same, worst and best kind on the held-out views',
      '85–95 %',
      `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`,
      yes(heldOut.every((row) => within(row) === 'yes')),
    ],
    [
      'right grid where the ellipse is clear of borders',
      '≥ 98 %',
      `${percent(positions.all.rightGridShare)} of ${positions.all.clearOfBorders}`,
      yes(positions.all.rightGridShare >= 0.98),
    ],
    [
      'the same fed truth',
      '≥ 98 %',
      `${percent(truePositions.all.rightGridShare)} of ${truePositions.all.clearOfBorders}`,
      yes(truePositions.all.rightGridShare >= 0.98),
    ],
    [
      'number present fed truth, worst kind and camera',
      '≤ 5 % off',
      `${percent(worst.off)}${named}`,
      yes(Math.abs(worst.off) <= 0.05),
    ],
    [
      `tracks against comings fed truth, kinds and cameras with at least ${THINGS_MIN}: median, worst`,
      '≤ 5 % off',
      comingsOff(score.trueCameras),
      yes(areThingsRight(score.trueCameras)),
    ],
    [
      'heat map fed truth against the true one, resolution 11',
      '≥ 0.95',
      two(trueHeatMap.observed.pearson),
      yes(trueHeatMap.observed.pearson >= 0.95),
    ],
    ['the same with the detector', 'stated', two(heatMap.observed.pearson), '–'],
    [
      'rate of an hour that is half covered, against that of the half that was seen, worst camera',
      'its share',
      percent(Math.max(...covered)),
      yes(Math.max(...covered) <= 0.01),
    ],
    [
      'seen, not placed, of presence: detector; fed truth',
      'stated',
      `${percent(unplacedShare.found)}; ${percent(unplacedShare.fedTruth)}`,
      '–',
    ],
  ];
  if (campus !== undefined)
    rows.push([
      'position of people on real footage (campus), median; in the 90 % ellipse',
      '≤ 1 m; 85–95 %',
      `${two(campus.medianM)} m (p90 ${two(campus.p90M)} m); ${percent(campus.inEllipseShare)} of ${campus.boxes}`,
      yes(campus.medianM <= 1 && campus.inEllipseShare >= 0.85 && campus.inEllipseShare <= 0.95),
    ]);
  return {
    title: 'What is wanted of the ground, and what is reached',
    columns: ['what', 'wanted', 'reached', 'so'],
    rows,
  };
}

function heatTable({ heatMap, trueHeatMap }: Score): Table {
  const row = (cells: string, found: Correlation, fedTruth: Correlation) => [
    ...[cells, found.cells],
    ...[two(found.pearson), two(found.spearman), two(fedTruth.pearson), two(fedTruth.spearman)],
  ];
  return {
    title: 'Heat map against the true one: person presence by H3 cell',
    columns: ['cells', 'number', 'Pearson', 'Spearman', 'Pearson fed truth', 'Spearman fed truth'],
    rows: [
      row('resolution 11, all observed', heatMap.observed, trueHeatMap.observed),
      row('those with anybody', heatMap.busy, trueHeatMap.busy),
      row('held-out views together, all observed', heatMap.heldOut, trueHeatMap.heldOut),
      ...Object.entries(heatMap.views).map(([view, correlation]) =>
        row(`${view}, held out, all observed`, correlation, trueHeatMap.views[view]!),
      ),
      row('resolution 13 (cells of 7 m), all observed', heatMap.fine, trueHeatMap.fine),
    ],
  };
}

function coveredTable({ halfCovered }: Score): Table {
  return {
    title: 'A camera that is covered for half of the hour: people present at a time, fed truth',
    columns: ['camera', 'the hour as it was', 'the half that was seen', 'told with half covered', 'off'],
    rows: halfCovered.map(({ camera, seen, covered, whole }) => [
      ...[camera, two(whole), two(seen), two(covered)],
      percent(covered / seen - 1),
    ]),
  };
}

export function groundSection(score: Score): string {
  const [wanted, ...tables] = groundTables(score).map((table) => `### ${markdownOf(table)}`);
  return `## The ground

${[wanted, WHY, ...tables].join('\n')}`;
}
