import { describe, expect, it } from 'vitest';
import { lonLatAt } from '#demo/world/sight.ts';
import { framesOf, playsOf, truthOf } from '#demo/world/truth/interval.ts';
import { crossingOf, linesOf } from '#demo/world/truth/lines.ts';
import { VIEWS, viewOf } from '#demo/world/views.ts';
import { KINDS } from '#models/schema/kind.ts';

const at = (time: string) => Date.parse(`${time}+08:00`);
const view = viewOf('market');
const total = (table: ReadonlyMap<string, Record<string, number>>) =>
  [...table.values()].reduce((sum, counts) => sum + KINDS.reduce((all, kind) => all + counts[kind]!, 0), 0);

describe('the truth of an interval', () => {
  const [from, to] = [at('2026-06-09T01:58:20'), at('2026-06-09T02:03:10')];
  const truth = truthOf(view, from, to);
  const presence = KINDS.reduce((sum, kind) => sum + truth.presenceS[kind], 0);

  it('is the same twice, and adds up over its parts', () => {
    expect(truthOf(view, from, to)).toEqual(truth);
    const middle = at('2026-06-09T02:00:07');
    const parts = [truthOf(view, from, middle), truthOf(view, middle, to)];
    const sum = parts.reduce((all, part) => all + KINDS.reduce((s, kind) => s + part.presenceS[kind], 0), 0);
    expect(sum).toBeCloseTo(presence, 6);
  });

  it('has every second of presence in a cell of both sizes and in a minute', () => {
    expect(presence).toBeGreaterThan(100);
    expect(total(truth.cells)).toBeCloseTo(presence, 6);
    expect(total(truth.coarse)).toBeCloseTo(presence, 6);
    expect(truth.minutes).toHaveLength(6);
    const minutes = truth.minutes.reduce(
      (all, { presenceS }) => all + KINDS.reduce((s, kind) => s + presenceS[kind], 0),
      0,
    );
    expect(minutes).toBeCloseTo(presence, 6);
    expect(truth.coarse.size).toBeLessThan(truth.cells.size);
  });

  it('counts whoever stays once, and whoever passes anew in every loop', () => {
    const start = at('2026-06-09T02:00');
    const thingsOf = (loops: number) => truthOf(view, start, start + loops * 15_000).things.person;
    const loop = [...framesOf(view, start, start + 15_000)].flatMap(({ agents }) => agents);
    const staying = new Set(loop.filter(({ stays, kind }) => stays && kind === 'person').map(({ id }) => id)).size;
    expect(staying).toBeGreaterThan(0);
    // The first loop also has those who came before; every later one adds as many as begin in it.
    const [two, three, eight] = [thingsOf(2), thingsOf(3), thingsOf(8)];
    expect(three - two).toBeGreaterThan(0);
    expect(eight - three).toBe(5 * (three - two));
    expect(three - two).toBeLessThanOrEqual(thingsOf(1) - staying);
  });

  it('plays loops without a gap, whole frames at a time', () => {
    const plays = [...playsOf(view, from, to)];
    const frames = plays.reduce((sum, { fromFrame, toFrame }) => sum + toFrame - fromFrame, 0);
    expect(frames).toBe(((to - from) / 1000) * 15);
    expect([...framesOf(view, from, to)]).toHaveLength(frames);
    for (const [index, play] of plays.entries())
      if (index > 0 && play.run === plays[index - 1]!.run) expect(play.fromFrame).toBe(0);
  });

  it('of an hour of twelve cameras takes less than 5 s of a core once their loops are known', () => {
    const hour = (day: number) => {
      const start = at('2026-06-09T02:00') + day * 86_400_000;
      return VIEWS.map((each) => truthOf(each, start, start + 3_600_000));
    };
    hour(0);
    const before = process.cpuUsage();
    const truths = hour(1);
    const used = process.cpuUsage(before);
    expect((used.user + used.system) / 1e6).toBeLessThan(5);
    for (const { minutes } of truths) expect(minutes).toHaveLength(60);
    expect(truths.reduce((sum, { things }) => sum + things.person, 0)).toBeGreaterThan(1000);
  });
});

describe('a counting line', () => {
  it('is crossed away from the camera and towards it, between its ends only', () => {
    for (const each of VIEWS) {
      const line = linesOf(each)[0]!;
      const place = (x: number, y: number) => {
        const [lon, lat] = lonLatAt(each, { x, y })!;
        return { lon, lat };
      };
      const [near, far] = [place(0.5, 0.98), place(0.5, 0.35)];
      expect(crossingOf(line, near, far)).toBe('away');
      expect(crossingOf(line, far, near)).toBe('towards');
      expect(crossingOf(line, near, near)).toBeUndefined();
      expect(crossingOf({ ...line, to: line.from }, near, far)).toBeUndefined();
    }
  });
});
