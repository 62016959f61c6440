/** Steps of a play through time. */
import { expect, it } from 'vitest';
import { framesOf, samplesOf, stepFor } from '#dashboards/src/map/frames.ts';

const at = (text: string) => Date.parse(text);
const iso = (atMs: number) => new Date(atMs).toISOString().slice(0, 16);

it('cuts at full hours and leaves the cut ends as they are', () => {
  const frames = framesOf({ fromMs: at('2026-11-26T01:30Z'), toMs: at('2026-11-26T04:20Z') }, 'hour', 'Asia/Shanghai');
  expect(frames.map(({ fromMs }) => iso(fromMs))).toEqual([
    '2026-11-26T01:30',
    '2026-11-26T02:00',
    '2026-11-26T03:00',
    '2026-11-26T04:00',
  ]);
  expect(iso(frames.at(-1)!.toMs)).toBe('2026-11-26T04:20');
});

it('leaves out a last step that has hardly begun', () => {
  const frames = framesOf({ fromMs: at('2026-11-26T01:00Z'), toMs: at('2026-11-26T03:04Z') }, 'hour', 'UTC');
  expect(frames).toHaveLength(2);
});

it('cuts days at midnights of the site, also where one has 25 hours', () => {
  const frames = framesOf({ fromMs: at('2026-10-23T22:00Z'), toMs: at('2026-10-26T23:00Z') }, 'day', 'Europe/Berlin');
  expect(frames.map(({ fromMs, toMs }) => (toMs - fromMs) / 3_600_000)).toEqual([24, 25, 24]);
});

it('cuts hours of the wall clock where a zone is half an hour off', () => {
  const [first] = framesOf({ fromMs: at('2026-11-26T00:40Z'), toMs: at('2026-11-26T04:00Z') }, 'hour', 'Asia/Kolkata');
  expect(iso(first!.toMs)).toBe('2026-11-26T01:30');
});

it('reads the common scale from steps over the whole span', () => {
  expect(samplesOf(24, 6)).toEqual([0, 5, 9, 14, 18, 23]);
  expect(samplesOf(3, 6)).toEqual([0, 1, 2]);
  expect(samplesOf(0, 6)).toEqual([]);
  expect(stepFor({ fromMs: 0, toMs: 3_600_000 })).toBe('ten');
  expect(stepFor({ fromMs: 0, toMs: 28 * 86_400_000 })).toBe('day');
});
