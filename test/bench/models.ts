/**
 * Writes docs/models.md and the list's figures, every model measured on every judge: node test/bench/models.ts [--street DIR] [--city FILE.jsonl …]
 *
 * `--street` holds the pictures of the held-out street scenes (HELD_OUT in models/training/pack.py) with their labels, `--city`
 * the truth of rendered views that nothing was trained on. Judges that are not there are left out. `--keep-times` takes the
 * times of unchanged files from measured.json: on a busy machine they would say nothing.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listModels } from '#models/catalog/list.ts';
import type { Measured } from '#models/catalog/measured.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import type { Detector } from '#models/detectors/detector.ts';
import { type Evaluation, evaluateDetector } from '#models/detectors/evaluate/evaluate.ts';
import { readTruths } from '#models/detectors/evaluate/truth/read-truth.ts';
import { fingerprint } from '#models/detectors/fingerprint.ts';
import { openDetector } from '#models/detectors/open.ts';
import { KINDS } from '#models/schema/kind.ts';
import { loadConfig, ROOT_DIR } from '#system/config.ts';
import { judgeCampus, judgeCars } from './accuracy.ts';
import { sectionOf, VARIANTS } from './judging/models-page.ts';
import { machine, median } from './judging/streams.ts';

const { values } = parseArgs({
  options: {
    street: { type: 'string' },
    city: { type: 'string', multiple: true },
    out: { type: 'string' },
    'keep-times': { type: 'boolean', default: false },
  },
});
const places = loadConfig();
const present = listModels(places).filter(({ isPresent }) => isPresent);

/** Frames of a clip are alike: one every two seconds is enough. */
const CITY_EVERY = 30;

type Row = { name: string; size: string; mib: string; licence: string; sha256: string } & {
  people: number | undefined;
  cars: number | undefined;
  street: Evaluation | undefined;
  city: Evaluation | undefined;
};

const three = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(3));

async function measure(name: string): Promise<Row> {
  const { manifest, path } = resolveModel({ ...places, name });
  await using detector = await openDetector({ manifest, path });
  const isThere = (file: string) => existsSync(resolve(places.materialDir, file));
  const onTruth = (paths: readonly string[], every = 1) =>
    paths.length === 0 ? undefined : evaluateDetector(detector, readTruths(paths, every));
  const people = isThere('footage/campus.mp4') ? await judgeCampus(detector, places.materialDir) : undefined;
  const cars = isThere('images/ipc_a') ? await judgeCars(detector, places.materialDir) : undefined;
  return {
    name,
    size: `${manifest.input.width}x${manifest.input.height}`,
    mib: (statSync(path).size / 2 ** 20).toFixed(1),
    licence: manifest.licence,
    sha256: await fingerprint(path),
    people: people?.averagePrecision,
    cars: cars?.averagePrecision,
    street: await onTruth(values.street === undefined ? [] : [values.street]),
    city: await onTruth(values.city ?? [], CITY_EVERY),
  };
}

/** All models in turns, so that whatever else the machine does hits all alike. */
async function timeThem(names: readonly string[]): Promise<number[]> {
  const { readPicture } = await import('#models/detectors/picture.ts');
  const { default: sharp } = await import('sharp');
  const path = resolve('/tmp', `sharp-eyes-${process.pid}.png`);
  await sharp({
    create: {
      width: 1280,
      height: 720,
      channels: 3,
      background: '#606060',
      noise: { type: 'gaussian', mean: 120, sigma: 30 },
    },
  })
    .png()
    .toFile(path);
  using picture = await readPicture(path);
  const detectors: Detector[] = [];
  for (const name of names) detectors.push(await openDetector(resolveModel({ ...places, name })));
  const times = names.map((): number[] => []);
  for (let round = 0; round < 45; round++) {
    for (const [index, detector] of detectors.entries()) {
      const beganMs = performance.now();
      await detector.detect([picture]);
      if (round >= 5) times[index]?.push(performance.now() - beganMs);
    }
  }
  for (const detector of detectors) await detector[Symbol.asyncDispose]();
  return times.map(median);
}

const rows: Row[] = [];
for (const { name } of present) {
  console.error(`measuring ${name}`);
  rows.push(await measure(name));
}
/** Of the same file, as the list has it; null where it was never timed. */
function keptTimes(): (number | null)[] {
  const { models } = JSON.parse(readFileSync(resolve(ROOT_DIR, 'models/catalog/measured.json'), 'utf8')) as {
    models: Measured[];
  };
  return rows.map(({ name, sha256 }) => {
    return models.find((one) => one.name === name && one.sha256 === sha256)?.timeOfYoloxNano ?? null;
  });
}

const ms: readonly (number | null)[] = values['keep-times']
  ? keptTimes()
  : await timeThem(rows.map(({ name }) => name));
const timeOf = (index: number) => (ms[index] == null ? undefined : ms[index] / baseMs);
const baseMs = ms[rows.findIndex(({ name }) => name === 'yolox-nano')] ?? ms[0] ?? 1;

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], body: readonly (readonly (string | number)[])[]) =>
  [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
const perKind = (of: 'street' | 'city') =>
  table(
    ['model', 'mean', ...KINDS],
    rows.map(({ name, [of]: evaluation }) => [
      name,
      three(evaluation?.meanAp50),
      ...KINDS.map((kind) => three(evaluation?.kinds.find((report) => report.kind === kind)?.ap50)),
    ]),
  );
const counts = (evaluation: Evaluation | undefined) =>
  evaluation === undefined
    ? ''
    : `${evaluation.pictures} pictures; labels: ${evaluation.kinds.map(({ kind, labels }) => `${kind} ${labels}`).join(', ')}.`;

const parts = [
  '<!-- Generated by test/bench/models.ts; do not edit. -->\n# Models\n',
  `AP50 on judges of which no frame was trained on, and the time from a decoded 1280x720 picture to its detections with one thread, all models in turns (${machine()}).\n`,
  table(
    ['model', 'input', 'MiB', 'licence', 'person on campus', 'car on ipc_a', 'time, of yolox-nano’s'],
    rows.map(({ name, size, mib, licence, people, cars }, index) => [
      name,
      size,
      mib,
      licence,
      three(people),
      three(cars),
      timeOf(index)?.toFixed(2) ?? '–',
    ]),
  ),
];
if (values.street !== undefined) {
  parts.push(
    `\n## Held-out street scenes\n\n${counts(rows[0]?.street)} Labels are the fused answers of four small public detectors, yolox-nano and nanodet-m-416 among them: those two are judged by themselves.\n`,
    perKind('street'),
  );
}
if (values.city !== undefined) {
  const views = values.city.map((file) => basename(file, '.jsonl')).join(', ');
  parts.push(`\n## City views never trained on\n\n${views}: ${counts(rows[0]?.city)}\n`, perKind('city'));
}
const page = values.out ?? 'docs/models.md';
const variants = existsSync(page) ? sectionOf(readFileSync(page, 'utf8'), VARIANTS) : '';
writeFileSync(page, `${parts.join('\n')}\n${variants}`);

if (values.out === undefined) {
  const rounded = (value: number | undefined, digits: number) =>
    value === undefined ? null : Number(value.toFixed(digits));
  const models = rows.map(
    ({ name, sha256, size, people, cars }, index): Measured => ({
      name,
      sha256,
      size,
      personAp50: rounded(people, 3),
      carAp50: rounded(cars, 3),
      timeOfYoloxNano: rounded(timeOf(index), 2),
    }),
  );
  const generatedBy = 'test/bench/models.ts, with docs/models.md; do not edit';
  const path = resolve(ROOT_DIR, 'models/catalog/measured.json');
  writeFileSync(path, `${JSON.stringify({ generatedBy, models }, null, 2)}\n`);
}
