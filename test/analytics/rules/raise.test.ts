import { beforeEach, describe, expect, it } from 'vitest';
import type { Firing } from '#analytics/rules/firing.ts';
import { createRaiser, type Raised, type Raiser } from '#analytics/rules/raise.ts';
import type { Alert, Incident } from '#models/schema/alert.ts';
import type { Quiet, Rule } from '#models/schema/rule.ts';
import { PATH, picture, ruleOf, T0, ZONE } from './scene.ts';

const LINE = ruleOf({ type: 'line', line: picture([0, 0.5], [1, 0.5]) }, { name: 'Gate line' });
const STOPPED = ruleOf({ type: 'stopped', afterS: 60 }, { id: 'r2' });
const CAMERA = ruleOf({ type: 'camera', troubles: ['down'] }, { id: 'r3', cooldownS: 0, where: { area: 'city' } });

let raiser: Raiser;
beforeEach(() => {
  raiser = createRaiser({ zone: ZONE });
  for (const rule of [LINE, STOPPED, CAMERA]) raiser.setRule(rule);
});

function firingOf(rule: Rule, s: number, more: Partial<Firing> = {}): Firing {
  const atMs = T0 + s * 1000;
  const isMoment = rule.when.type === 'line';
  return {
    ...{ rule: rule.id, ruleVersion: rule.version, key: `gate|t${s}`, phase: 'begin', isMoment, beganAtMs: atMs, atMs },
    ...{ camera: 'gate', areaPath: PATH, tracks: [`t${s}`], values: {}, isLate: false },
    cause: { messages: ['gate:1:1'], capturedAtMs: atMs, receivedAtMs: atMs, model: 'test', calibrationVersion: 0 },
    ...more,
  };
}

const raise = (...firings: Firing[]) => raiser.raise(firings, 1);
const alerts = (raised: readonly Raised[]): Alert[] =>
  raised.flatMap((one) => (one.type === 'alert' ? [one.alert] : []));
const incidents = (raised: readonly Raised[]): Incident[] =>
  raised.flatMap((one) => (one.type === 'incident' ? [one.incident] : []));
const quiet = (fromS: number, toS: number, more: Partial<Quiet> = {}): Quiet => ({
  ...{ id: 'q1', kind: 'maintenance', fromMs: T0 + fromS * 1000, toMs: T0 + toS * 1000, reason: 'works', by: 'me' },
  ...more,
});

describe('cooldown and caps', () => {
  it('count from the last alert that was sent, and the next one says how many were held', () => {
    const raised = [0, 10, 59, 61, 70].map((s) => alerts(raise(firingOf(LINE, s))));
    expect(raised.map((all) => all.map(({ held }) => held))).toEqual([[0], [], [], [2], []]);
  });

  it('are apart for each camera', () => {
    raise(firingOf(LINE, 0));
    expect(alerts(raise(firingOf(LINE, 1, { camera: 'yard', key: 'yard|t' })))).toHaveLength(1);
  });

  it('hold what is more than so many an hour, over all cameras of the rule', () => {
    raiser.setRule({ ...LINE, cooldownS: 0, hourlyMax: 3 });
    const raised = Array.from({ length: 6 }, (_, index) => alerts(raise(firingOf(LINE, index * 10))).length);
    expect(raised).toEqual([1, 1, 1, 0, 0, 0]);
    expect(alerts(raise(firingOf(LINE, 3601))).map(({ held }) => held)).toEqual([3]);
  });
});

describe('an incident', () => {
  it('takes in alerts of one family at one place until five minutes passed without one', () => {
    const first = raise(firingOf(LINE, 0));
    const second = raise(firingOf(LINE, 200));
    const third = raise(firingOf(LINE, 501));
    expect(alerts(second)[0]!.incident).toBe(alerts(first)[0]!.id);
    expect(incidents(second)).toMatchObject([{ alerts: 2, revision: 2, cameraCount: 1, held: 0 }]);
    expect(alerts(third)[0]!.incident).toBe(alerts(third)[0]!.id);
  });

  it('is the same within fifty metres or one grid, and another one elsewhere or of another family', () => {
    const elsewhere = ['city', 'east', 'north-street', 'village', 'grid-2'];
    const at = (lon: number) => ({ lon, lat: 36.6, errorM: 1 });
    const [first] = alerts(raise(firingOf(LINE, 0, { position: at(117) })));
    const other = { areaPath: elsewhere, camera: 'yard', key: 'yard|t' };
    const near = alerts(raise(firingOf(LINE, 1, { ...other, position: at(117.0005) })));
    const far = alerts(raise(firingOf(LINE, 2, { ...other, camera: 'dock', key: 'dock|t', position: at(117.01) })));
    const family = alerts(raise(firingOf(STOPPED, 3)));
    expect(near[0]!.incident).toBe(first!.id);
    expect(far[0]!.incident).not.toBe(first!.id);
    expect(family[0]!.incident).not.toBe(first!.id);
  });

  it('ends when all that began in it is over, and is opened again by the same thing', () => {
    const car = { key: 'gate|car' };
    const [begun] = incidents(raise(firingOf(STOPPED, 0, car)));
    expect(begun!.endedAtMs).toBeUndefined();
    const over = raise(firingOf(STOPPED, 900, { ...car, phase: 'end', beganAtMs: T0 }));
    expect(incidents(over)).toMatchObject([{ id: begun!.id, endedAtMs: T0 + 900_000 }]);
    const again = raise(firingOf(STOPPED, 1000, car));
    expect(incidents(again)).toMatchObject([{ id: begun!.id, alerts: 2 }]);
    expect(incidents(again)[0]!.endedAtMs).toBeUndefined();
  });

  it('tells of held alerts now and then, not each time', () => {
    raise(firingOf(LINE, 0));
    const told = Array.from({ length: 45 }, (_, index) => incidents(raise(firingOf(LINE, 1 + index)))).flat();
    expect(told.length).toBeLessThanOrEqual(5);
    expect(incidents(raiser.advance(T0 + 120_000, 1))).toMatchObject([{ held: 45, alerts: 1 }]);
  });
});

it('two hundred cameras that lose power are one incident, and a handful of alerts', () => {
  const raised = Array.from({ length: 200 }, (_, index) => {
    const camera = `camera-${index}`;
    const areaPath = ['city', index % 2 === 0 ? 'east' : 'west', '_', '_', '_'];
    return raise(firingOf(CAMERA, index / 10, { camera, areaPath, key: `${camera}|down`, values: { trouble: 0 } }));
  }).flat();
  expect(new Set(incidents(raised).map(({ id }) => id)).size).toBe(1);
  expect(alerts(raised).length).toBeLessThanOrEqual(5);
  const [last] = incidents(raiser.advance(T0 + 60_000, 1));
  expect(last).toMatchObject({ cameraCount: 200, held: 195, areaPath: ['city', '_', '_', '_', '_'] });
  expect(last!.text).toBe('200 cameras are in trouble at once');
});

describe('a quiet span', () => {
  it('keeps back what it names, and nothing else', () => {
    raiser.setQuiets([quiet(0, 100, { camera: 'gate', rule: 'r1' })]);
    expect(raise(firingOf(LINE, 50))).toEqual([]);
    expect(alerts(raise(firingOf(STOPPED, 50)))).toHaveLength(1);
    expect(alerts(raise(firingOf(LINE, 60, { camera: 'yard', key: 'yard|t' })))).toHaveLength(1);
    expect(alerts(raise(firingOf(LINE, 100)))).toHaveLength(1);
  });

  it('ends by itself: what began in it and goes on is told then, with the time when it began', () => {
    raiser.setQuiets([quiet(0, 100, { area: 'east' })]);
    expect(raise(firingOf(STOPPED, 50), firingOf(STOPPED, 60))).toEqual([]);
    expect(raise(firingOf(STOPPED, 70, { key: 'gate|t60', phase: 'end' }))).toEqual([]);
    expect(raiser.advance(T0 + 90_000, 1)).toEqual([]);
    expect(alerts(raiser.advance(T0 + 101_000, 1)).map(({ atMs }) => atMs)).toEqual([T0 + 50_000]);
  });
});

describe('the text', () => {
  it('is the rule’s own, with its fields', () => {
    raiser.setRule({ ...LINE, text: '{rule}: {kind} at {camera} in {area}, {time}' });
    raiser.setCamera('gate', { name: 'North gate', areaPath: PATH });
    raiser.setAreaName('grid-1', 'First grid');
    expect(alerts(raise(firingOf(LINE, 5, { kind: 'car' })))[0]!.text).toBe(
      'Gate line: car at North gate in First grid, 2026-11-23 12:00:05',
    );
  });

  it('is a sentence by the condition where the rule has none', () => {
    const values = { seconds: 61, limit: 60 };
    expect(alerts(raise(firingOf(STOPPED, 0, { kind: 'bus', values })))[0]!.text).toBe(
      'A bus has stood still for 61 s (limit 60 s) at gate',
    );
  });
});
