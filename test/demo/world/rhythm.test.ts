import { describe, expect, it } from 'vitest';
import { rateOf } from '#demo/world/rates.ts';
import { programmeOf } from '#demo/world/rhythm.ts';
import { cityTime, sunHeightDeg } from '#demo/world/sun.ts';
import { VIEWS, viewOf } from '#demo/world/views.ts';
import { weatherAt } from '#demo/world/weather.ts';

const at = (time: string) => Date.parse(`${time}+08:00`);
const MINUTE_MS = 60_000;

function loopsOf(view: string, from: string, minutes: number, seed?: number): string[] {
  const options = seed === undefined ? {} : { seed };
  return Array.from(
    { length: minutes },
    (_, minute) => programmeOf(viewOf(view), at(from) + minute * MINUTE_MS, options).clip,
  );
}

const countOf = (loops: readonly string[], clip: string) => loops.filter((one) => one === clip).length;

describe('the rhythm of the city', () => {
  it('gives the same loop for the same seed and minute, and another week for another seed', () => {
    expect(loopsOf('shops', '2026-06-08T00:00', 2000)).toEqual(loopsOf('shops', '2026-06-08T00:00', 2000));
    expect(loopsOf('shops', '2026-06-08T00:00', 2000, 7)).not.toEqual(loopsOf('shops', '2026-06-08T00:00', 2000));
  });

  it('starts main loops with the second of the minute, and plays short ones four times a minute', () => {
    const view = viewOf('crossing');
    const noon = Array.from({ length: 60 }, (_, minute) => at('2026-06-09T12:00') + minute * MINUTE_MS);
    const main = noon.find((ms) => programmeOf(view, ms).clip === 'main')!;
    expect(programmeOf(view, main + 37_200)).toEqual({ clip: 'main', startAtS: 37.2 });
    const night = at('2026-06-09T02:00');
    expect([0, 14.9, 15, 37.5, 59].map((s) => programmeOf(view, night + s * 1000).startAtS)).toEqual([
      0, 14.9, 0, 7.5, 14,
    ]);
  });

  it('is night from dusk to dawn, an hour later in June than in December', () => {
    expect(new Set(loopsOf('avenue', '2026-06-09T23:00', 60))).toEqual(new Set(['night']));
    expect(countOf(loopsOf('avenue', '2026-12-09T18:00', 30), 'night')).toBe(30);
    expect(countOf(loopsOf('avenue', '2026-06-09T18:00', 30), 'night')).toBe(0);
  });

  it('is busier at rush hours than at noon, on workdays than on Sundays', () => {
    const busy = (from: string) => countOf(loopsOf('bus-stop', from, 60), 'busy');
    const workdays = ['08', '09', '10', '11', '12'].map((day) => `2026-06-${day}`);
    const sum = (hour: string) => workdays.reduce((total, day) => total + busy(`${day}T${hour}`), 0);
    expect(sum('07:30')).toBeGreaterThan(sum('13:00') + 30);
    expect(rateOf('school', at('2026-06-09T07:30'))).toBeGreaterThan(5 * rateOf('school', at('2026-06-14T07:30')));
    expect(rateOf('avenue', at('2026-06-09T03:00'))).toBeLessThan(0.1);
  });

  it('rains on some days, wherever there is a loop for it', () => {
    const hours = Array.from({ length: 24 * 365 }, (_, hour) => at('2026-01-01T00:00') + hour * 60 * MINUTE_MS);
    const wet = hours.filter((ms) => weatherAt(ms, 2026) === 'rain');
    const wetDays = new Set(wet.map((ms) => cityTime(ms).day)).size;
    expect(wetDays).toBeGreaterThan(45);
    expect(wetDays).toBeLessThan(110);
    const rainy = VIEWS.find(({ variants }) => variants.some(({ id }) => id === 'rain'))!;
    const day = wet.find((ms) => sunHeightDeg(ms) > 20)!;
    expect(programmeOf(rainy, day).clip).toBe('rain');
  });

  it('has an incident now and then, a minute long, in its own light', () => {
    for (const view of VIEWS.filter(({ variants }) => variants.some(({ id }) => id === 'incident'))) {
      const loops = loopsOf(view.id, '2026-06-01T00:00', 14 * 1440);
      const count = countOf(loops, 'incident');
      expect(count).toBeGreaterThan(3);
      expect(count).toBeLessThan(14 * 4);
      const look = view.variants.find(({ id }) => id === 'incident')!.look;
      const minute = loops.indexOf('incident');
      const isDark = sunHeightDeg(at('2026-06-01T00:00') + minute * MINUTE_MS) < -4;
      expect(isDark).toBe(look === 'night' || look === 'wet-night');
    }
  });

  it('plays only loops that are there', () => {
    const view = viewOf('market');
    expect(programmeOf(view, at('2026-06-09T02:00'), { clips: ['main'] }).clip).toBe('main');
  });
});
