/** Looks that are told at once, from the tracker to the firing: they change when a rule fires, and nothing else. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createPlacer, type Placer } from '#analytics/place/placer.ts';
import type { Engine } from '#analytics/rules/engine.ts';
import type { Firing } from '#analytics/rules/firing.ts';
import { lookOf, unfold } from '#analytics/rules/look.ts';
import { createTurns } from '#analytics/rules/turns.ts';
import { addressing } from '#ingest/pipeline/address.ts';
import { compose, type Watch } from '#ingest/pipeline/compose.ts';
import { createTracker } from '#ingest/track/tracker.ts';
import { checker } from '#models/schema/check.ts';
import { type Detection, DetectionMessage } from '#models/schema/detection.ts';
import type { Rule } from '#models/schema/rule.ts';
import type { Condition } from '#models/schema/rule-condition.ts';
import { calibrationOf } from '../counting-site.ts';
import { randomFrom } from '../killable.ts';
import { engineOf, PATH, picture, rectangle, ruleOf, T0 } from './scene.ts';

const CAMERAS = ['gate', 'yard'];
const ZONE = rectangle(0.3, 0.3, 0.7, 0.9);
const LINE = picture([0, 0.6], [1, 0.6]);
const CONDITIONS: Condition[] = [
  { type: 'line', line: LINE },
  { type: 'zone', zone: ZONE, event: 'entry' },
  { type: 'zone', zone: ZONE, event: 'exit' },
  { type: 'zone', zone: ZONE, event: 'presence', overS: 1 },
  { type: 'dwell', zone: ZONE, overS: 4 },
  { type: 'count', zone: ZONE, above: 1, forS: 1 },
  { type: 'count', below: 2, forS: 2 },
  { type: 'density', zone: ZONE, abovePerM2: 0.001, forS: 1 },
  { type: 'stopped', afterS: 3 },
  { type: 'speed', aboveKmh: 3 },
  { type: 'wrong-way', zone: ZONE, headingDeg: 90 },
  { type: 'flow-imbalance', line: LINE, windowS: 60, shareAbove: 0.6, countMin: 3 },
];
const RULES: Rule[] = CONDITIONS.flatMap((when, index) =>
  [0, 0.5].map((trackAgeMinS) =>
    ruleOf(when, {
      id: `r${index}-${trackAgeMinS * 10}`,
      where: { cameras: CAMERAS },
      trackAgeMinS,
      kinds: ['person', 'car'],
    }),
  ),
);

/** Walkers and cars that come, stand, hide each other, blink and go, at a few looks a second, with blind and lost time. */
function* watchesOf(camera: string, seed: number): Generator<Watch> {
  const random = randomFrom(seed);
  const tracker = createTracker({ scoreMin: 0.5 });
  const actors = Array.from({ length: 12 }, (_, index) => ({
    ...{ fromS: random() * 50, y: 0.35 + random() * 0.5, pace: 0.03 + random() * 0.15, isBack: random() < 0.4 },
    ...{ standsS: random() < 0.4 ? 6 : 0, kind: index % 3 === 0 ? ('car' as const) : ('person' as const) },
  }));
  let atMs = T0 + (camera === 'gate' ? 0 : 70);
  for (let step = 0; step < 320; step++) {
    atMs += 180 + Math.round(random() * 60);
    const s = (atMs - T0) / 1000;
    const times = { capturedAtMs: atMs, receivedAtMs: atMs + 40 };
    if (step === 120 || step === 121) yield { type: 'blind', reason: 'picture-covered', ...times };
    else if (step === 200) yield { type: 'lost', capturedAtMs: atMs };
    else if (step > 200 && step < 210) continue;
    else if (step % 97 === 96) yield { type: 'look', look: { ...times, isHeld: true, detections: tracker.hold(atMs) } };
    else {
      const found = actors.flatMap(({ fromS, y, pace, isBack, standsS, kind }): Detection[] => {
        const moved = Math.min(s - fromS, 3) + Math.max(0, s - fromS - 3 - standsS);
        const way = moved * pace;
        if (s < fromS || way > 1.1 || random() < 0.06) return [];
        const [width, height] = kind === 'car' ? [0.16, 0.14] : [0.05, 0.16];
        const x = (isBack ? 1 - way : way) - width / 2 + (random() - 0.5) * 0.004;
        return [{ kind, score: 0.65 + random() * 0.3, box: [x, y - height + Math.sin(s) * 0.05, width, height] }];
      });
      yield { type: 'look', look: { ...times, isHeld: false, detections: tracker.update(found, { atMs }) } };
    }
  }
}

type Told = { way: 'quick' | 'whole'; message: DetectionMessage };

/** What a worker publishes of one camera, in its order. */
async function publishedBy(camera: string, seed: number): Promise<Told[]> {
  const told: Told[] = [];
  let sequence = 0;
  const { early, address } = addressing({
    ...{ camera, areaPath: () => [...PATH], term: () => 5, model: () => 'test', nextSequence: () => sequence++ },
    onLook: (message) => void told.push({ way: 'quick', message }),
  });
  const watches = (async function* () {
    yield* watchesOf(camera, seed);
  })();
  const spans = compose(watches, { presenceCapMs: 20_000, emptyRunMs: 10_000, onLook: early });
  for await (const message of address(spans)) told.push({ way: 'whole', message });
  return told;
}

const atOf = ({ message }: Told) => message.capturedAtMs;
const checkMessage = checker('the message', DetectionMessage);

function siteOf(): { engine: Engine; placer: Placer } {
  const calibrations = Object.fromEntries(CAMERAS.map((camera) => [camera, calibrationOf(camera)]));
  const placer = createPlacer({ areCellsWanted: false });
  for (const camera of CAMERAS) placer.setCalibration(camera, calibrations[camera]);
  return { engine: engineOf(RULES, { cameras: CAMERAS, calibrations }), placer };
}

/** What the rules make of what arrives; `firedBy`: how much had arrived when each fired. */
function run(told: readonly Told[], { engine, placer } = siteOf()): { firings: Firing[]; firedBy: number[] } {
  const turns = createTurns(engine.lastOf);
  const firings: Firing[] = [];
  const firedBy: number[] = [];
  for (const [index, { way, message }] of told.entries()) {
    const look = lookOf(placer.place(unfold(checkMessage(JSON.parse(JSON.stringify(message))) as DetectionMessage)));
    for (const one of way === 'quick' ? turns.early(look) : turns.whole(look)) {
      const fired = engine.look(one);
      firings.push(...fired);
      firedBy.push(...fired.map(() => index));
    }
  }
  return { firings, firedBy };
}

const keyOf = (firing: Firing) => `${firing.rule} ${firing.camera} ${firing.atMs} ${firing.phase} ${firing.key}`;
const sorted = (firings: readonly Firing[]) => [...firings].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

describe('looks that are told at once', () => {
  let told: Told[];
  let whole: Firing[];
  beforeAll(async () => {
    // Between the cameras by time; each camera's own order stays.
    told = (await Promise.all(CAMERAS.map((camera, index) => publishedBy(camera, index + 3)))).flat();
    told = told
      .map((one, index) => ({ one, index }))
      .sort((a, b) => atOf(a.one) - atOf(b.one) || a.index - b.index)
      .map(({ one }) => one);
    whole = sorted(run(told.filter(({ way }) => way === 'whole')).firings);
  });

  it('the scene has all sorts of firings, and tracks that are told in hindsight', () => {
    const fired = new Set(whole.filter(({ phase }) => phase === 'begin').map(({ rule }) => rule.split('-')[0]));
    expect([...fired].sort()).toEqual(CONDITIONS.map((_, index) => `r${index}`).sort());
    const firsts = told.filter(({ message }) => message.sightings.some(({ first }) => first !== undefined));
    expect(firsts.length).toBeGreaterThan(10);
  });

  it('make the same firings as the looks that say what they stood for, to the last digit', () => {
    expect(sorted(run(told).firings)).toEqual(whole);
    const nearlyAlone = told.filter(({ way, message }) => way === 'quick' || message.sequence === 0);
    expect(sorted(run(nearlyAlone).firings)).toEqual(whole);
  });

  it('wait for the first look of a lease to come by the detections stream, behind what the lease before has to tell', () => {
    expect(run(told.filter(({ way }) => way === 'quick')).firings).toEqual([]);
  });

  it('are taken before the next look: most firings come by them', () => {
    const { firedBy } = run(told);
    const quick = firedBy.filter((index) => told[index]?.way === 'quick').length;
    expect(quick / firedBy.length).toBeGreaterThan(0.95);
  });

  it.each([0.1, 0.5, 0.9])('may be lost: with a share of %f gone the firings are the same', (share) => {
    const random = randomFrom(share * 100);
    const left = told.filter(({ way }) => way === 'whole' || random() > share);
    expect(sorted(run(left).firings)).toEqual(whole);
  });

  it('may come late, twice, and after the look that says all', () => {
    const random = randomFrom(8);
    const late = told.flatMap((one, index) =>
      one.way === 'quick'
        ? [{ one, at: index + random() * 12 }, ...(random() < 0.2 ? [{ one, at: index + random() * 50 }] : [])]
        : [{ one, at: index }],
    );
    expect(sorted(run(late.sort((a, b) => a.at - b.at).map(({ one }) => one)).firings)).toEqual(whole);
  });

  it('are the same when the engine is packed and taken up again between them', () => {
    const half = Math.floor(told.length / 2);
    const before = siteOf();
    const first = run(told.slice(0, half), before);
    const after = siteOf();
    after.engine.restore(structuredClone(before.engine.snapshot()));
    // From the snapshot on the streams are read again, a little before where it was.
    const second = run(told.slice(half - 20), after);
    expect(sorted([...first.firings, ...second.firings])).toEqual(whole);
  });
});
