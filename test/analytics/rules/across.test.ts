import { describe, expect, it } from 'vitest';
import type { Look } from '#analytics/rules/look.ts';
import type { Normals } from '#analytics/rules/normal-now.ts';
import { randomFrom } from '#test/analytics/killable.ts';
import { begins, engineOf, looksOf, picture, play, ruleOf, stay, T0, told, walk, wordOf } from './scene.ts';

const AREA = { where: { area: 'grid-1' } };
const inOrder = (...all: Look[][]) => all.flat().sort((a, b) => a.capturedAtMs - b.capturedAtMs);
const people = (count: number, fromS = 0) =>
  Array.from({ length: count }, (_, index) => ({ at: stay(0.2 + index * 0.1, 0.6, fromS, 60), width: 0.02 }));

describe('the total of an area', () => {
  const rule = ruleOf({ type: 'area-total', above: 5, forS: 5 }, AREA);
  const cameras = ['gate', 'yard'];

  it('adds up cameras, and is told of the area', () => {
    const engine = engineOf([rule], { cameras });
    const looks = inOrder(looksOf(people(3), { toS: 30 }), looksOf(people(3, 10), { camera: 'yard', toS: 30 }));
    const firings = play(engine, looks);
    expect(told(firings)).toEqual(['begin 15.6']);
    expect(firings[0]).toMatchObject({
      camera: null,
      key: 'area:grid-1',
      isLate: false,
      values: { count: 6, limit: 5 },
    });
  });

  it('does not depend on which camera is heard first, as long as none is more than two seconds behind', () => {
    const random = randomFrom(5);
    const all = [looksOf(people(3), { toS: 30 }), looksOf(people(3, 10), { camera: 'yard', toS: 30 })];
    const wanted = play(engineOf([rule], { cameras }), inOrder(...all));
    for (let round = 0; round < 20; round++) {
      const shifts = new Map(cameras.map((camera) => [camera, random() * 1900]));
      const arrives = (look: Look) => look.capturedAtMs + shifts.get(look.camera)!;
      const mixed = all.flat().sort((a, b) => arrives(a) - arrives(b));
      expect(play(engineOf([rule], { cameras }), mixed)).toEqual(wanted);
    }
  });

  it('says so where what decided came late', () => {
    const engine = engineOf([rule], { cameras });
    // The yard is heard fifteen seconds behind the gate.
    const all = [looksOf(people(3), { toS: 40 }), looksOf(people(4), { camera: 'yard', toS: 40 })];
    const arrives = (look: Look) => look.capturedAtMs + (look.camera === 'yard' ? 15_000 : 0);
    const firings = play(
      engine,
      all.flat().sort((a, b) => arrives(a) - arrives(b)),
    );
    expect(begins(firings).map(({ isLate }) => isLate)).toEqual([true]);
  });

  it('does not know of "fewer than" while one camera is silent', () => {
    const below = ruleOf({ type: 'area-total', below: 3, forS: 5 }, AREA);
    expect(play(engineOf([below], { cameras }), looksOf([], { toS: 30 }))).toEqual([]);
    const both = inOrder(looksOf([], { toS: 30 }), looksOf([], { camera: 'yard', toS: 30 }));
    expect(told(play(engineOf([below], { cameras }), both))).toEqual(['begin 5']);
  });
});

describe('one thing after another', () => {
  const line = (y: number) => ({ type: 'line', line: picture([0, y], [1, y]) }) as const;
  const sequence = (same: 'camera' | 'area') =>
    ({ type: 'sequence', first: line(0.4), next: line(0.6), withinS: 10, same }) as const;

  it('is told at the second, when it comes in time, and names both messages', () => {
    const engine = engineOf([ruleOf(sequence('camera'))]);
    const firings = play(engine, looksOf([{ at: walk([0.5, 0.3], [0.5, 0.7], 0, 8) }], { toS: 9 }));
    expect(told(firings)).toEqual(['begin 6.2']);
    expect(firings[0]!.values).toEqual({ afterS: 4 });
    expect(firings[0]!.cause.messages).toEqual(['gate:1:11', 'gate:1:31']);
    const slow = looksOf([{ at: walk([0.5, 0.3], [0.5, 0.7], 0, 30) }], { toS: 31 });
    expect(play(engineOf([ruleOf(sequence('camera'))]), slow)).toEqual([]);
  });

  it('is found over two cameras of an area, whichever is heard first, and not where one camera is asked for', () => {
    const cameras = ['gate', 'yard'];
    const first = looksOf([{ at: walk([0.5, 0.3], [0.5, 0.5], 0, 4) }], { toS: 5 });
    const next = looksOf([{ at: walk([0.5, 0.5], [0.5, 0.7], 3, 7) }], { camera: 'yard', toS: 8 });
    const rule = ruleOf(sequence('area'), { where: { cameras } });
    const straight = play(engineOf([rule], { cameras }), [...first, ...next]);
    const turned = play(engineOf([rule], { cameras }), [...next, ...first]);
    expect(told(straight)).toEqual(['begin 5.2']);
    expect(turned.map(({ key, beganAtMs, values }) => [key, beganAtMs, values])).toEqual(
      straight.map(({ key, beganAtMs, values }) => [key, beganAtMs, values]),
    );
    expect(
      play(engineOf([ruleOf(sequence('camera'), { where: { cameras } })], { cameras }), [...first, ...next]),
    ).toEqual([]);
  });
});

describe('troubles of a camera', () => {
  it('are told once they last, one by one, and when they are over', () => {
    const rule = ruleOf({ type: 'camera', troubles: ['down', 'tampered'], afterS: 30 });
    const engine = engineOf([rule]);
    const words = [
      wordOf('gate', 0, {}),
      wordOf('gate', 15, { down: 10, dark: 10 }),
      wordOf('gate', 30, { down: 10 }),
      wordOf('gate', 45, { down: 10, tampered: 44 }),
      wordOf('gate', 60, { down: 10 }),
      wordOf('gate', 75, {}),
    ];
    const firings = words.flatMap((word) => engine.cameraState(word));
    expect(told(firings)).toEqual(['begin 45', 'end 75']);
    expect(firings[0]).toMatchObject({ key: 'gate|down', values: { seconds: 35, limit: 30, trouble: 0 } });
  });
});

describe('unlike normal', () => {
  /** Two at once on Mondays from twelve to one (the scene's hour), give or take half of one. */
  const normals: Normals = {
    version: 'test',
    of: (_camera, kind, hour) => (kind === 'person' && hour === 12 ? { median: 2, spread: 0.5, weeks: 4 } : undefined),
  };
  const rule = ruleOf({ type: 'unlike-normal', side: 'above', sigmas: 3, windowS: 60 });

  it('is told when there are on average so many sigmas more at this hour of the week', () => {
    const looks = looksOf(
      people(6).map((actor) => ({ ...actor, at: stay(actor.at(0)![0], 0.6, 0, 100) })),
      { toS: 100 },
    );
    const firings = play(engineOf([rule], { normals }), looks);
    expect(told(begins(firings))[0]).toBe('begin 48');
    expect(firings[0]!.values).toMatchObject({ normal: 2, spread: 0.5, limit: 3 });
    expect(play(engineOf([rule], { normals }), looksOf(people(3), { toS: 59 }))).toEqual([]);
  });

  it('waits until it knows what is normal', () => {
    expect(engineOf([rule]).outcomeOf('r1')).toMatchObject({ state: 'waiting', reason: 'rule-learning' });
    expect(engineOf([rule], { normals }).outcomeOf('r1')).toEqual({ state: 'active' });
    expect(T0 % 3_600_000).toBe(0);
  });
});
