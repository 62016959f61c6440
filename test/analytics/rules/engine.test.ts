import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { Engine } from '#analytics/rules/engine.ts';
import { eventOf } from '#analytics/rules/events.ts';
import type { CameraWord, Look } from '#analytics/rules/look.ts';
import { createRaiser, type Raised, type Raiser } from '#analytics/rules/raise.ts';
import { StreamEvent } from '#models/schema/alert.ts';
import { checker } from '#models/schema/check.ts';
import { calibrationOf } from '#test/analytics/counting-site.ts';
import { randomFrom } from '#test/analytics/killable.ts';
import { engineOf, looksOf, PATH, picture, play, rectangle, ruleOf, told, walk, wordOf, ZONE } from './scene.ts';

const CAMERAS = ['gate', 'yard', 'dock'];
const where = { cameras: CAMERAS };
const LINE = picture([0, 0.5], [1, 0.5]);
const FREE = { where, cooldownS: 0, hourlyMax: 100_000 };
/** One of every sort. */
const RULES = [
  ruleOf({ type: 'line', line: LINE }, { id: 'line', where }),
  ruleOf({ type: 'zone', zone: rectangle(0.3, 0.3, 0.7, 0.8), event: 'entry' }, { id: 'entry', ...FREE }),
  ruleOf({ type: 'zone', zone: rectangle(0.3, 0.3, 0.7, 0.8), event: 'exit' }, { id: 'exit', ...FREE }),
  ruleOf({ type: 'dwell', zone: rectangle(0.3, 0.3, 0.7, 0.8), overS: 4 }, { id: 'dwell', ...FREE }),
  ruleOf({ type: 'count', above: 3, forS: 2 }, { id: 'count', ...FREE }),
  ruleOf({ type: 'speed', aboveKmh: 6 }, { id: 'speed', ...FREE }),
  ruleOf({ type: 'wrong-way', zone: rectangle(0, 0.2, 1, 1), headingDeg: 90 }, { id: 'wrong', ...FREE }),
  ruleOf({ type: 'stopped', afterS: 5 }, { id: 'stopped', kinds: ['person', 'car'], ...FREE }),
  ruleOf({ type: 'flow-imbalance', line: LINE, windowS: 30, shareAbove: 0.6, countMin: 4 }, { id: 'flow', where }),
  ruleOf({ type: 'camera', troubles: ['down'] }, { id: 'camera', where: { area: 'city' } }),
  ruleOf({ type: 'area-total', above: 9, forS: 2 }, { id: 'total', where: { area: 'grid-1' } }),
  ruleOf(
    {
      type: 'sequence',
      first: { type: 'line', line: LINE },
      next: { type: 'count', above: 2, forS: 1 },
      withinS: 20,
      same: 'area',
    },
    { id: 'sequence', where: { cameras: CAMERAS } },
  ),
];

type Step = { look: Look } | { word: CameraWord };

/** Two minutes of people who wander about, some of them standing for a while, at three cameras. */
function story(): Step[][] {
  const random = randomFrom(3);
  return CAMERAS.map((camera, index) => {
    const actors = Array.from({ length: 24 }, () => {
      const [x0, y0, x1, y1] = [random(), 0.35 + random() * 0.6, random(), 0.35 + random() * 0.6];
      const [fromS, stands] = [random() * 100, random() < 0.3 ? 8 : 0];
      const way = walk([x0, y0], [x1, y1], 0, 6);
      return {
        kind: random() < 0.3 ? ('car' as const) : ('person' as const),
        track: `t${Math.floor(random() * 1e9)}`.padEnd(10, '0'),
        at: (s: number) => way(s < fromS ? -1 : s < fromS + 3 ? s - fromS : Math.max(3, s - fromS - stands)),
      };
    });
    const looks = looksOf(actors, { camera, toS: 120, calibration: calibrationOf(camera) });
    const steps: Step[] = looks.map((look) => ({ look }));
    steps.splice(200 + index, 0, { word: wordOf(camera, 40 + index, { down: 39 }) });
    steps.splice(400, 0, { word: wordOf(camera, 80, {}) });
    return steps;
  });
}

const timeOf = (step: Step) => ('look' in step ? step.look.capturedAtMs : step.word.atMs);

function fresh(): { engine: Engine; raiser: Raiser } {
  const calibrations = Object.fromEntries(CAMERAS.map((id) => [id, calibrationOf(id)]));
  const engine = engineOf(RULES, { cameras: CAMERAS, calibrations });
  const raiser = createRaiser({ zone: ZONE });
  for (const id of CAMERAS) raiser.setCamera(id, { name: id, areaPath: PATH });
  for (const rule of RULES) raiser.setRule(rule);
  return { engine, raiser };
}

function run(steps: readonly Step[], cutEvery = Number.POSITIVE_INFINITY): Raised[] {
  let { engine, raiser } = fresh();
  return steps.flatMap((step, index) => {
    if (index > 0 && index % cutEvery === 0) {
      const saved = serialize({ engine: engine.snapshot(), raiser: raiser.snapshot() });
      ({ engine, raiser } = fresh());
      const state = deserialize(saved) as { engine: unknown; raiser: unknown };
      engine.restore(state.engine);
      raiser.restore(state.raiser);
    }
    const firings = 'look' in step ? engine.look(step.look) : engine.cameraState(step.word);
    return [...raiser.raise(firings, 1), ...raiser.advance(timeOf(step), 1)];
  });
}

const inTime = (all: readonly Step[][]) => all.flat().sort((a, b) => timeOf(a) - timeOf(b));
const alertsOf = (raised: readonly Raised[]) =>
  raised.flatMap((one) => (one.type === 'alert' ? [one.alert] : [])).sort((a, b) => (a.id < b.id ? -1 : 1));

describe('the engine', () => {
  it('gives the same alerts and incidents when its memory is packed and taken up again every so many looks', () => {
    const steps = inTime(story());
    const wanted = run(steps);
    const conditions = new Set(alertsOf(wanted).map(({ rule }) => rule));
    expect([...conditions].sort()).toEqual(RULES.map(({ id }) => id).sort());
    for (const cutEvery of [97, 600]) expect(run(steps, cutEvery)).toEqual(wanted);
    const some = steps.slice(0, 80);
    expect(run(some, 1)).toEqual(run(some));
  });

  it('gives the same alerts whatever order cameras are heard in, each in its own', () => {
    const all = story();
    // Rules without caps: which alerts a cap over many cameras holds is decided by who is heard first.
    const wanted = alertsOf(run(inTime(all)));
    const random = randomFrom(9);
    for (let round = 0; round < 5; round++) {
      const behindMs = all.map(() => random() * 1500);
      const steps = all
        .flatMap((own, index) => own.map((step) => ({ step, at: timeOf(step) + behindMs[index]! })))
        .sort((a, b) => a.at - b.at)
        .map(({ step }) => step);
      expect(alertsOf(run(steps)).map(({ incident: _incident, ...alert }) => alert)).toEqual(
        wanted.map(({ incident: _incident, ...alert }) => alert),
      );
    }
  });

  it('makes events that are valid by their schema', () => {
    const check = checker('the event', StreamEvent);
    for (const raised of run(inTime(story()))) {
      const { subject, event } = eventOf(raised);
      expect(check(event)).toBe(event);
      expect(subject).toMatch(
        /^sharpeyes\.alerts\.(city|_)\.[a-z0-9_-]+\.[a-z0-9_-]+\.[a-z0-9_-]+\.[a-z0-9_-]+\.minor$/,
      );
    }
  });

  it('ignores looks that are repeated, out of order, or of a lease that was taken over', () => {
    const rule = ruleOf({ type: 'line', line: LINE });
    const looks = looksOf([{ at: walk([0.5, 0.3], [0.5, 0.7], 0, 4) }], { toS: 5 });
    const twice = looks.flatMap((look) => [look, look]);
    expect(told(play(engineOf([rule]), [...twice, ...looks]))).toEqual(['begin 2.2']);
    const back = looksOf([{ at: walk([0.5, 0.7], [0.5, 0.3], 0, 4) }], { toS: 5, revision: 0 });
    const engine = engineOf([rule]);
    play(engine, looks.slice(0, 5));
    expect(
      told(
        play(
          engine,
          inTime([back.map((look) => ({ look })), looks.slice(5).map((look) => ({ look }))]).flatMap((step) =>
            'look' in step ? [step.look] : [],
          ),
        ),
      ),
    ).toEqual(['begin 2.2']);
  });

  it('puts a rule that throws aside, alone', () => {
    const engine = engineOf([
      ruleOf({ type: 'line', line: LINE }, { id: 'good' }),
      ruleOf({ type: 'count', above: 0, forS: 0 }, { id: 'bad' }),
    ]);
    // A memory that is broken, as a fault in a condition would leave it.
    const saved = deserialize(serialize(engine.snapshot())) as {
      rules: Map<string, { watches: Map<string, { states: unknown[] }> }>;
    };
    saved.rules.get('bad')!.watches.get('gate')!.states = [{ members: new Map(), lasting: null }];
    engine.restore(saved);
    const firings = play(engine, looksOf([{ at: walk([0.5, 0.3], [0.5, 0.7], 0, 4) }], { toS: 5 }));
    expect(firings.map(({ rule }) => rule)).toEqual(['good']);
    expect(engine.takeQuarantined()).toMatchObject([{ rule: 'bad', version: 1 }]);
    expect(engine.outcomeOf('bad')).toMatchObject({ state: 'quarantined', reason: 'rule-failed' });
    expect(engine.outcomeOf('good')).toEqual({ state: 'active' });
  });

  it('ends what a rule had begun when the rule is changed or taken away', () => {
    const rule = ruleOf({ type: 'count', above: 0, forS: 0 });
    const engine = engineOf([rule]);
    const looks = looksOf([{ at: () => [0.5, 0.5] }], { toS: 4 });
    expect(told(play(engine, looks.slice(0, 10)))).toEqual(['begin 0.6']);
    engine.setRule({ ...rule, version: 2 });
    expect(play(engine, looks.slice(10)).map(({ phase, ruleVersion }) => `${phase} ${ruleVersion}`)).toEqual([
      'end 1',
      'begin 2',
    ]);
  });
});
