import { describe, expect, it } from 'vitest';
import { createAlarm } from '#ingest/diagnose/alarm.ts';

const TIMES = { raiseS: 5, clearS: 3 };
const score = (value: number) => ({ score: value, threshold: 0.5 });

describe('an alarm', () => {
  it('is raised when the score has stood at its threshold for long enough, and not by a flash', () => {
    const alarm = createAlarm();
    const raisedAt = [0.6, 0.6, 0.1, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6].findIndex((value, atS) =>
      alarm.judge(score(value), { atS, ...TIMES }),
    );
    expect(raisedAt).toBe(8);
  });

  it('is cleared when the score has lain clearly below, and stays where it only wavers', () => {
    const alarm = createAlarm();
    for (let atS = 0; atS <= 5; atS++) alarm.judge(score(0.9), { atS, ...TIMES });
    for (let atS = 6; atS <= 20; atS++) expect(alarm.judge(score(0.47), { atS, ...TIMES })).toBe(true);
    expect([21, 22, 23, 24].map((atS) => alarm.judge(score(0.2), { atS, ...TIMES }))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('stays as it is while nothing can be judged, and begins to wait anew afterwards', () => {
    const alarm = createAlarm();
    for (let atS = 0; atS < 5; atS++) alarm.judge(score(0.9), { atS, ...TIMES });
    expect(alarm.isDoubtful()).toBe(true);
    expect(alarm.judge(undefined, { atS: 100, ...TIMES })).toBe(false);
    expect(alarm.judge(score(0.9), { atS: 101, ...TIMES })).toBe(false);
    expect(alarm.judge(score(0.9), { atS: 106, ...TIMES })).toBe(true);
    expect(alarm.judge(undefined, { atS: 200, ...TIMES })).toBe(true);
  });
});
