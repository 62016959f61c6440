/**
 * Measures variants of eyes-nano with other numbers (models/training/quantise.py makes them) beside the one that comes with
 * us, and writes the section "Variants" of docs/models.md: node test/bench/variants.ts FOLDER
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { resolveModel } from '#models/catalog/resolve.ts';
import type { Detector } from '#models/detectors/detector.ts';
import { evaluateDetector } from '#models/detectors/evaluate/evaluate.ts';
import { readTruth } from '#models/detectors/evaluate/truth/read-truth.ts';
import { openDetector } from '#models/detectors/open.ts';
import { readPicture } from '#models/detectors/picture.ts';
import { loadConfig, ROOT_DIR } from '#system/config.ts';
import { judgeCampus, judgeCars } from './accuracy.ts';
import { replaceSection, VARIANTS } from './judging/models-page.ts';
import { machine, median } from './judging/streams.ts';

const CITY = resolve(ROOT_DIR, 'test/golden/city');
const ROUNDS = 60;
const WARM_UP = 5;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('node test/bench/variants.ts FOLDER');
const places = loadConfig();
const shipped = resolveModel({ ...places, name: 'eyes-nano' });
const { sha256: _sha256, ...manifest } = shipped.manifest;

type Variant = { name: string; bytes: number; detector: Detector };

async function open(name: string, path: string): Promise<Variant> {
  const detector = await openDetector({ manifest: { ...manifest, name }, path });
  return { name, bytes: statSync(path).size, detector };
}

/** CPU time, which other programs disturb less than the clock's. */
async function timeThem(variants: readonly Variant[]): Promise<number[][]> {
  using picture = await readPicture(resolve(CITY, 'market-main-330.jpg'));
  const times = variants.map((): number[] => []);
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const [index, { detector }] of variants.entries()) {
      const began = process.cpuUsage();
      await detector.detect([picture]);
      const { user, system } = process.cpuUsage(began);
      if (round >= WARM_UP) times[index]?.push(user + system);
    }
  }
  return times;
}

async function judgeOne({ detector }: Variant): Promise<(number | undefined)[]> {
  const isThere = (file: string) => existsSync(resolve(places.materialDir, file));
  const people = isThere('footage/campus.mp4') ? await judgeCampus(detector, places.materialDir) : undefined;
  const cars = isThere('images/ipc_a') ? await judgeCars(detector, places.materialDir) : undefined;
  const city = await evaluateDetector(detector, readTruth(CITY));
  const of = (kind: string) => city.kinds.find((report) => report.kind === kind);
  return [
    people?.averagePrecision,
    cars?.averagePrecision,
    of('person')?.ap50,
    of('person')?.ap50BySize.small?.ap50,
    of('car')?.ap50,
  ];
}

const files = readdirSync(folder).filter((name) => name.endsWith('.onnx'));
const variants = [await open('float16 weights (comes with us)', shipped.path)];
for (const file of files) variants.push(await open(basename(file, '.onnx'), resolve(folder, file)));
const times = await timeThem(variants);
const base = { median: median(times[0] ?? []), best: Math.min(...(times[0] ?? [])) };
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const head = [
  'variant',
  'MiB',
  'person on campus',
  'car on ipc_a',
  'city: person',
  'small person',
  'car',
  'CPU time (best)',
];
const rows: string[] = [];
for (const [index, variant] of variants.entries()) {
  const figures = (await judgeOne(variant)).map((value) => value?.toFixed(3) ?? '–');
  const taken = times[index] ?? [];
  const ratio = `${(median(taken) / base.median).toFixed(2)} (${(Math.min(...taken) / base.best).toFixed(2)})`;
  rows.push(line([variant.name, (variant.bytes / 2 ** 20).toFixed(2), ...figures, ratio]));
  console.error(rows.at(-1));
  await variant.detector[Symbol.asyncDispose]();
}
const text = `AP50 of eyes-nano at 544x320 with other numbers, on all of campus and ipc_a and on the 24 pictures of test/golden/city; CPU time a picture beside the one that comes with us, one thread, in turns, median and best of ${ROUNDS} (${machine()}).

${[line(head), line(head.map(() => '---')), ...rows].join('\n')}
`;
const page = resolve(ROOT_DIR, 'docs/models.md');
writeFileSync(page, replaceSection(readFileSync(page, 'utf8'), VARIANTS, text));
