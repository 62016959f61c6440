/**
 * Fits the constants of `analytics/place/foot-error.ts` to the truth of the nine training views, and says how they hold on
 * the held-out ones: node demo/score/fit-foot.ts [--judge] [kind…] (takes the looks that `demo score` remembers, or looks anew).
 */
import { resolve } from 'node:path';
import { CLEAR, CUT, type FootError, HEAD, HIDDEN, ROW } from '#analytics/place/foot-error.ts';
import { type FootErrors, footFinder, type Sight, type Stand, sightsOf } from '#analytics/place/foot-finder.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Detection } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import { loadConfig } from '#system/config.ts';
import { matchClip } from './accuracy.ts';
import { calibrated } from './calibrated.ts';
import { findScoredClips, type ScoredClip } from './clips.ts';
import { lookAtClips } from './looks.ts';
import { minimise } from './minimise.ts';

type Sample = {
  view: string;
  isHeldOut: boolean;
  detection: Detection;
  sight: Sight;
  /** Where the thing is, metres of the view's calibration. */
  east: number;
  north: number;
  /** Less the more often the same thing comes, and its view has any: a parked car is looked at a thousand times. */
  weight: number;
};

const NAMES = ['alongShare', 'acrossShare', 'doubt', 'alongM', 'acrossM'] as const satisfies (keyof FootError)[];
/** What only some have. */
const MORE = ['askew', 'riseShare'] as const satisfies (keyof FootError)[];

const namesOf = (error: FootError) => [...NAMES, ...MORE.filter((name) => error[name] !== undefined)];
/** 90 % of a Gauss of two dimensions lies within this squared distance. */
const WITHIN_90 = 4.605;

/** Where scores say nothing their weight runs away; it may not. */
const DOUBT_MAX = 5;
const WILD = 0.1;

/** Bends outliers down, as a t distribution with four degrees of freedom does: a few wrong pairs must not rule. */
function surprise(squared: number, determinant: number): number {
  return 0.5 * Math.log(determinant) + 3 * Math.log(1 + squared / 4);
}

function judge(stand: Stand, { east, north }: Sample): { squared: number; determinant: number } {
  const { ee, en, nn, eastM, northM } = stand;
  const determinant = ee * nn - en * en;
  const [e, n] = [east - eastM, north - northM];
  return { squared: (nn * e * e - 2 * en * e * n + ee * n * n) / determinant, determinant };
}

type Finders = (constants: FootErrors) => Map<string, ReturnType<typeof footFinder>>;

type Fit = { samples: readonly Sample[]; finders: Finders; change: (error: FootError) => Parameters<Finders>[0] };

function standsOf({ samples, finders, change }: Fit, error: FootError): { sample: Sample; stand: Stand }[] {
  const found = finders(change(error));
  return samples.flatMap((sample) => {
    const stand = found.get(sample.view)!(sample.detection, sample.sight);
    return stand === undefined ? [] : [{ sample, stand }];
  });
}

function settle(what: Fit, start: FootError): FootError {
  const cost = (error: FootError) => {
    let [sum, weights] = [0, 0];
    for (const { sample, stand } of standsOf(what, error)) {
      const { squared, determinant } = judge(stand, sample);
      sum += surprise(squared, determinant) * sample.weight;
      weights += sample.weight;
    }
    return sum / weights + WILD * Math.max(0, Math.log(error.doubt / DOUBT_MAX));
  };
  const names = namesOf(start);
  const errorOf = (logs: readonly number[]) =>
    Object.fromEntries(names.map((name, index) => [name, Math.exp(logs[index]!)])) as FootError;
  const best = minimise(
    (numbers) => cost(errorOf(numbers)),
    names.map((name) => Math.log(Math.max(start[name] ?? 0, 0.01))),
  );
  return widened(what, errorOf(best));
}

/** So that 90 % lie within the ellipse of 90 %. */
function widened(what: Fit, error: FootError): FootError {
  let wide = error;
  for (let step = 0; step < 6; step++) {
    const squares = standsOf(what, wide)
      .map(({ sample, stand }) => ({ squared: judge(stand, sample).squared, weight: sample.weight }))
      .sort((a, b) => a.squared - b.squared);
    const half = squares.reduce((sum, { weight }) => sum + weight, 0) * 0.9;
    let sum = 0;
    let squared = WITHIN_90;
    for (const one of squares) {
      if (sum >= half) break;
      sum += one.weight;
      squared = one.squared;
    }
    const scale = Math.sqrt(squared / WITHIN_90);
    const { doubt, riseShare, ...rest } = wide;
    const grown = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value * scale]));
    wide = { ...grown, doubt, ...(riseShare === undefined ? {} : { riseShare }) } as FootError;
  }
  return wide;
}

function coverage(what: Fit, error: FootError): string {
  const found = standsOf(what, error);
  const held = found.filter(({ sample, stand }) => judge(stand, sample).squared < WITHIN_90).length;
  const errors = found
    .map(({ sample, stand }) => Math.hypot(sample.east - stand.eastM, sample.north - stand.northM))
    .sort((a, b) => a - b);
  const median = errors[errors.length >> 1];
  return `${found.length} boxes, ${((100 * held) / found.length).toFixed(1)} % in the ellipse of 90 %, median ${median?.toFixed(2)} m`;
}

/** What is wrong with one view must not be drowned by views with more traffic. */
function balanced(samples: readonly Sample[]): Sample[] {
  const sums = new Map<string, number>();
  for (const { view, weight } of samples) sums.set(view, (sums.get(view) ?? 0) + weight);
  return samples.map((one) => ({ ...one, weight: one.weight / Math.sqrt(sums.get(one.view)!) }));
}

function collect(clips: readonly ScoredClip[], looks: Awaited<ReturnType<typeof lookAtClips>>) {
  const samples: Sample[] = [];
  const calibrations = new Map(clips.map(({ view }) => [view.id, calibrated(view)]));
  for (const clip of clips) {
    const looked = looks.frames.get(clip.name) ?? [];
    const byFrame = new Map(looked.map(({ frame, detections }) => [frame, detections]));
    const { originLon, originLat } = calibrations.get(clip.view.id)!;
    const plane = tangentPlane(originLon, originLat);
    const often = new Map<number, number>();
    const own: (Sample & { id: number })[] = [];
    for (const { frame, matching } of matchClip(clip, looked).matchings) {
      const seen = byFrame.get(frame)!.filter(({ score }) => score >= looks.manifest.scoreMin);
      const sights = new Map(sightsOf(seen).map((sight, index) => [seen[index]!, sight]));
      for (const { label, detection } of matching.pairs) {
        const sight = sights.get(detection);
        if (sight === undefined) continue;
        const { id, lon, lat } = label.agent;
        often.set(id, (often.get(id) ?? 0) + 1);
        const [east, north] = plane.toMetres(lon, lat);
        const { id: view, isHeldOut = false } = clip.view;
        own.push({ view, isHeldOut, detection, sight, east, north, weight: 1, id });
      }
    }
    samples.push(...own.map(({ id, ...one }) => ({ ...one, weight: 1 / Math.sqrt(often.get(id)!) })));
  }
  const finders: Finders = (constants) =>
    new Map([...calibrations].map(([view, calibration]) => [view, footFinder(calibration, constants)]));
  return { samples, finders };
}

/** So many tell as much as all. */
const SAMPLES_MAX = 3000;
const isOnlyJudged = process.argv.includes('--judge');
const config = loadConfig();
const clips = findScoredClips({});
const looks = await lookAtClips(clips, { config, cacheDir: resolve(config.dataDir, 'demo', 'demo-score') });
const { samples, finders } = collect(clips, looks);

function run(name: string, isMeant: (sample: Sample) => boolean, start: FootError, change: Fit['change']): FootError {
  const meant = balanced(samples.filter(isMeant));
  const [training, heldOut] = [meant.filter((one) => !one.isHeldOut), meant.filter((one) => one.isHeldOut)];
  console.log(`${name}\n  as it is, training ${coverage({ samples: training, finders, change }, start)}`);
  console.log(`  as it is, held out ${coverage({ samples: heldOut, finders, change }, start)}`);
  if (isOnlyJudged) return start;
  const step = Math.ceil(training.length / SAMPLES_MAX);
  const some = training.filter((_, index) => index % step === 0);
  const error = settle({ samples: some, finders, change }, start);
  const rounded = (value: number) => (value < 1e-3 ? 0 : Number(value.toPrecision(2)));
  const shown = namesOf(error)
    .map((key) => `${key}: ${rounded(error[key] ?? 0)}`)
    .join(', ');
  console.log(`${name} { ${shown} }`);
  console.log(`  training ${coverage({ samples: training, finders, change }, error)}`);
  console.log(`  held out ${coverage({ samples: heldOut, finders, change }, error)}`);
  return error;
}

const SIDE = 0.01;
const isWhole = ({ sight, detection: { box } }: Sample) =>
  sight === 'clear' && box[0] > SIDE && box[0] + box[2] < 1 - SIDE;
const constants: FootErrors = { CLEAR, HIDDEN, CUT, ROW, HEAD };

/** Kinds of which the city has few share their constants. */
const GROUPS: readonly (readonly Kind[])[] = [['person'], ['bicycle', 'motorcycle'], ['car'], ['bus', 'truck']];

function fitPeople(): void {
  const isOf = (sight: Sight) => (one: Sample) => one.detection.kind === 'person' && one.sight === sight;
  run('CLEAR person', isOf('clear'), CLEAR.person, (error) => ({ ...constants, CLEAR: { ...CLEAR, person: error } }));
  const error = run('HEAD', isOf('cut'), HEAD.error, (head) => ({ ...constants, HEAD: { ...HEAD, error: head } }));
  constants.HEAD = { ...HEAD, error };
  run('HIDDEN person', isOf('covered'), HIDDEN.person, (own) => ({ ...constants, HIDDEN: { ...HIDDEN, person: own } }));
}

function fitThings(kinds: readonly Kind[]): void {
  const [kind] = kinds as [Kind];
  const settleOne = (name: 'CLEAR' | 'HIDDEN' | 'CUT', is: (one: Sample) => boolean) =>
    run(
      `${name} ${kinds}`,
      (one) => kinds.includes(one.detection.kind) && one.sight !== 'row' && is(one),
      constants[name][kind],
      (error) => ({
        ...constants,
        [name]: { ...constants[name], ...Object.fromEntries(kinds.map((each) => [each, error])) },
      }),
    );
  settleOne('CLEAR', isWhole);
  settleOne('CUT', ({ sight }) => sight === 'cut');
  settleOne('HIDDEN', (one) => one.sight !== 'cut' && !isWhole(one));
}

const asked = GROUPS.filter((kinds) => kinds.some((kind) => process.argv.includes(kind)));
for (const kinds of asked.length === 0 ? GROUPS : asked) {
  if (kinds.includes('person')) fitPeople();
  else fitThings(kinds);
}
if (asked.length === 0 || process.argv.includes('bicycle'))
  run(
    'ROW',
    ({ sight }) => sight === 'row',
    ROW,
    (error) => ({ ...constants, ROW: error }),
  );
