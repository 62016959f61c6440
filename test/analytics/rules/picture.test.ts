import { describe, expect, it } from 'vitest';
import { begins, engineOf, fired, looksOf, picture, play, rectangle, ruleOf, stay, told, walk } from './scene.ts';

const LINE = picture([0.1, 0.5], [0.9, 0.5]);
const ZONE = rectangle(0.4, 0.4, 0.6, 0.8);

describe('a line', () => {
  it('is crossed once by who walks over it, forth from its left as it was drawn', () => {
    // Drawn from left to right: its left is up in the picture.
    const down = fired({ type: 'line', line: LINE }, [{ at: walk([0.5, 0.3], [0.5, 0.7], 0, 4) }], { toS: 5 });
    expect(told(down)).toEqual(['begin 2.2']);
    expect(down[0]!.values).toEqual({ direction: 1 });
    const up = fired({ type: 'line', line: LINE }, [{ at: walk([0.5, 0.7], [0.5, 0.3], 0, 4) }], { toS: 5 });
    expect(up[0]!.values).toEqual({ direction: -1 });
    const back = { type: 'line', line: LINE, direction: 'back' } as const;
    expect(fired(back, [{ at: walk([0.5, 0.3], [0.5, 0.7], 0, 4) }], { toS: 5 })).toEqual([]);
  });

  it('is not crossed by who goes round its end, or comes near and turns back', () => {
    const round = (s: number) => [0.95, 0.3 + s * 0.1] as const;
    expect(fired({ type: 'line', line: LINE }, [{ at: round }], { toS: 4 })).toEqual([]);
    const turning = (s: number) => [0.5, 0.495 - Math.abs(2 - s) * 0.05] as const;
    expect(fired({ type: 'line', line: LINE }, [{ at: turning }], { toS: 4 })).toEqual([]);
  });

  it('counts a car that stops and trembles on it once', () => {
    const at = (s: number) => {
      if (s < 2) return [0.5, 0.3 + s * 0.1] as const;
      if (s < 20) return [0.5, 0.5 + (Math.floor(s * 5) % 2 === 0 ? 0.006 : -0.006)] as const;
      return [0.5, 0.5 + (s - 20) * 0.1] as const;
    };
    expect(told(fired({ type: 'line', line: LINE }, [{ kind: 'car', at }], { toS: 23 }))).toEqual(['begin 20.2']);
  });

  it('is crossed by who is fast, between two looks', () => {
    const at = (s: number) => (s < 1 ? ([0.5, 0.2] as const) : ([0.5, 0.9] as const));
    expect(begins(fired({ type: 'line', line: LINE }, [{ at }], { toS: 2 }))).toHaveLength(1);
  });

  it('with corners is crossed once where the way leads through a corner', () => {
    const line = picture([0.1, 0.5], [0.5, 0.5], [0.9, 0.5]);
    expect(
      begins(fired({ type: 'line', line }, [{ at: walk([0.5, 0.3], [0.5, 0.7], 0, 4) }], { toS: 5 })),
    ).toHaveLength(1);
  });

  it('counts by kind and score, and waits until a young track is believed', () => {
    const actor = { at: walk([0.5, 0.45], [0.5, 0.55], 0, 0.4) };
    const gone = { ...actor, at: (s: number) => walk([0.5, 0.45], [0.5, 0.55], 0, 0.4)(Math.min(s, 0.4)) };
    expect(fired({ type: 'line', line: LINE }, [actor], { toS: 3 })).toEqual([]);
    expect(told(fired({ type: 'line', line: LINE }, [gone], { toS: 3 }))).toEqual(['begin 0.6']);
    expect(fired({ type: 'line', line: LINE }, [gone], { toS: 3, more: { kinds: ['car'] } })).toEqual([]);
    expect(fired({ type: 'line', line: LINE }, [{ ...gone, score: 0.4 }], { toS: 3, more: { scoreMin: 0.5 } })).toEqual(
      [],
    );
  });
});

describe('things at once', () => {
  it('are two where a track comes back while the thing that it began goes by another', () => {
    // The first is hidden at three seconds; another stands up at its place, and the first is found again beside it.
    const first = (s: number) => (s < 3 ? ([0.3, 0.6] as const) : s < 5 ? undefined : ([0.6, 0.6] as const));
    const other = (s: number) => (s < 3.6 ? undefined : ([0.3, 0.6] as const));
    const actors = [
      { track: 'first000000000', at: first },
      { track: 'other000000000', at: other },
    ];
    const two = fired({ type: 'count', above: 1, forS: 2 }, actors, { toS: 12 });
    expect(told(two)).toEqual(['begin 7.6']);
    expect(two[0]!.tracks.toSorted()).toEqual(['first000000000', 'other000000000']);
  });
});

describe('a zone', () => {
  it('tells who comes in once, whatever trembles at its edge', () => {
    const at = (s: number) => [0.5, s < 1 ? 0.3 : 0.4 + (Math.floor(s * 5) % 2 === 0 ? 0.004 : -0.004)] as const;
    expect(fired({ type: 'zone', zone: ZONE, event: 'entry' }, [{ at }], { toS: 20 })).toEqual([]);
    const deeper = (s: number) => [0.5, s < 10 ? at(s)[1] : 0.6] as const;
    expect(told(fired({ type: 'zone', zone: ZONE, event: 'entry' }, [{ at: deeper }], { toS: 20 }))).toEqual([
      'begin 10',
    ]);
  });

  it('does not say "came in" of who was there when the camera began to look, and does of who comes up later', () => {
    const entry = { type: 'zone', zone: ZONE, event: 'entry' } as const;
    expect(fired(entry, [{ at: stay(0.5, 0.6, 0, 5) }], { toS: 5 })).toEqual([]);
    expect(told(fired(entry, [{ at: stay(0.5, 0.6, 2, 5) }], { toS: 5 }))).toEqual(['begin 2.6']);
  });

  it('takes who comes up within a second of the first look, or of the first after a gap, for there, unless at the edge', () => {
    const entry = { type: 'zone', zone: rectangle(0, 0.4, 0.6, 0.9), event: 'entry' } as const;
    const comesUp = (x: number, s: number) => [{ at: stay(x, 0.6, s, s + 4) }];
    expect(fired(entry, comesUp(0.5, 0.8), { toS: 5 })).toEqual([]);
    expect(told(fired(entry, comesUp(0.03, 0.8), { toS: 5 }))).toEqual(['begin 1.4']);
    expect(told(fired(entry, comesUp(0.5, 1.2), { toS: 5 }))).toEqual(['begin 1.8']);
    const isSilent = (s: number) => s > 2 && s < 100;
    expect(fired(entry, comesUp(0.5, 100.8), { toS: 105, isSilent })).toEqual([]);
    expect(told(fired(entry, comesUp(0.5, 101.4), { toS: 105, isSilent }))).toEqual(['begin 102']);
  });

  it('tells who leaves, and not who is lost within', () => {
    const exit = { type: 'zone', zone: ZONE, event: 'exit' } as const;
    expect(told(fired(exit, [{ at: walk([0.5, 0.6], [0.9, 0.6], 0, 4) }], { toS: 20 }))).toEqual(['begin 1.2']);
    expect(fired(exit, [{ at: stay(0.5, 0.6, 0, 4) }], { toS: 20 })).toEqual([]);
  });

  it('tells of a stay once, until it is over', () => {
    const presence = { type: 'zone', zone: ZONE, event: 'presence', overS: 3 } as const;
    const at = walk([0.1, 0.6], [0.9, 0.6], 0, 16);
    expect(told(fired(presence, [{ at }], { toS: 20 }))).toEqual(['begin 9.2', 'end 10.2']);
  });

  it('knows a dwelling person again after a pillar hid them for half a minute, under another track', () => {
    const dwell = { type: 'dwell', zone: ZONE, overS: 60 } as const;
    const at = (s: number) => (s > 20 && s < 50 ? undefined : ([0.5, 0.6] as const));
    const trackAt = (s: number) => (s <= 20 ? 'first0000' : 'second000');
    const firings = fired(dwell, [{ at, trackAt }], { toS: 90 });
    expect(told(firings)).toEqual(['begin 60']);
    expect(firings[0]!.tracks).toEqual(['second000']);
  });
});

describe('a count', () => {
  const people = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ at: stay(0.42 + index * 0.03, 0.6, index, 30) }));

  it('begins when there are too many for long enough, and ends when that is over', () => {
    const count = { type: 'count', zone: ZONE, above: 3, forS: 5 } as const;
    const firings = fired(count, people(5), { toS: 45 });
    expect(told(firings)).toEqual(['begin 8.6', 'end 43.2']);
    expect(firings[0]!.values).toEqual({ count: 5, limit: 3 });
  });

  it('bridges blinks of the detector', () => {
    const blinking = people(4).map((actor) => ({
      at: (s: number) => (Math.floor(s) % 3 === 0 && s % 1 < 0.5 ? undefined : actor.at(s)),
    }));
    expect(begins(fired({ type: 'count', zone: ZONE, above: 3, forS: 10 }, blinking, { toS: 29 }))).toHaveLength(1);
  });

  it('does not take for empty what it cannot see', () => {
    const count = { type: 'count', zone: ZONE, below: 1, forS: 5 } as const;
    const dark = fired(count, people(1), { toS: 29, isWatched: (s) => s < 5 || s > 20 });
    expect(dark).toEqual([]);
    expect(told(fired(count, [], { toS: 10 }))).toEqual(['begin 5']);
  });
});

describe('wrong way', () => {
  const wrong = { type: 'wrong-way', zone: rectangle(0, 0.2, 1, 1), headingDeg: 90, distance: 0.2 } as const;

  it('is told once of who goes against the heading, far enough', () => {
    const firings = fired(wrong, [{ at: walk([0.9, 0.6], [0.2, 0.6], 0, 7) }], { toS: 8 });
    expect(told(begins(firings))).toEqual(['begin 1.2']);
    expect(firings[0]!.values.offDeg).toBe(180);
  });

  it('is not told of who goes with it, across it, or steps back a little', () => {
    expect(fired(wrong, [{ at: walk([0.2, 0.6], [0.9, 0.6], 0, 7) }], { toS: 8 })).toEqual([]);
    expect(fired(wrong, [{ at: walk([0.5, 0.9], [0.5, 0.3], 0, 7) }], { toS: 8 })).toEqual([]);
    const stepping = (s: number) => [0.5 + 0.04 * Math.sin(s * 3), 0.6] as const;
    expect(fired(wrong, [{ at: stepping }], { toS: 20 })).toEqual([]);
  });
});

describe('a stopped vehicle', () => {
  const stopped = { type: 'stopped', afterS: 20 } as const;
  const car = { kind: 'car', width: 0.15, height: 0.12 } as const;

  it('is one incident through a bus before it, a blinded detector, a new track and a restart of the worker', () => {
    const at = (s: number) => ((s > 40 && s < 60) || (s > 100 && s < 180) ? undefined : ([0.5, 0.7] as const));
    const trackAt = (s: number) => (s < 50 ? 'car000001' : s < 150 ? 'car000002' : 'car000003');
    const rule = ruleOf(stopped);
    const engine = engineOf([rule]);
    const before = play(engine, looksOf([{ ...car, at, trackAt }], { toS: 240 }));
    const restarted = looksOf([{ ...car, at, trackAt: () => 'car000004' }], { fromS: 400, toS: 500, revision: 2 });
    expect(told([...before, ...play(engine, restarted)])).toEqual(['begin 20']);
  });

  it('ends when it moves on, and stays one while its box trembles', () => {
    const at = (s: number) =>
      s < 60
        ? ([0.5 + 0.003 * Math.sin(s * 7), 0.7 + 0.003 * Math.cos(s * 5)] as const)
        : ([0.5 + (s - 60) * 0.05, 0.7] as const);
    const firings = fired(stopped, [{ ...car, at }], { toS: 64 });
    expect(told(firings)[0]).toBe('begin 20');
    expect(firings.map(({ phase }) => phase)).toEqual(['begin', 'end']);
    expect(firings[1]!.key).toBe(firings[0]!.key);
  });

  it('is not a person who waits, nor a car that creeps along', () => {
    expect(fired(stopped, [{ at: stay(0.5, 0.7, 0, 60) }], { toS: 60 })).toEqual([]);
    const creeping = (s: number) => [0.2 + s * 0.01, 0.7] as const;
    expect(fired(stopped, [{ ...car, at: creeping }], { toS: 60 })).toEqual([]);
  });
});

it('a flow is one-sided when enough crossed and one way has more than its share', () => {
  const imbalance = { type: 'flow-imbalance', line: LINE, windowS: 60, shareAbove: 0.8, countMin: 5 } as const;
  const walkers = Array.from({ length: 8 }, (_, index) => {
    const [from, to] = index === 2 ? [0.7, 0.3] : [0.3, 0.7];
    return { at: walk([0.2 + index * 0.08, from], [0.2 + index * 0.08, to], index * 2, index * 2 + 2) };
  });
  const firings = fired(imbalance, walkers, { toS: 90 });
  expect(begins(firings)).toHaveLength(1);
  expect(firings[0]!.values).toMatchObject({ count: 6, forth: 5, back: 1, limit: 0.8 });
  expect(firings[1]!.phase).toBe('end');
});
