/** The clock that turns a stream's time into wall clock time. */
import { expect, it } from 'vitest';
import { StreamClock } from '#ingest/read/stream-clock.ts';

const START_MS = 1_700_000_000_000;

/** Packets of 25 fps, each late by `lateMs(index)`; returns what the clock says of each. */
function feed(clock: StreamClock, count: number, lateMs: (index: number) => number, from = 0): number[] {
  return Array.from({ length: count }, (_, step) => {
    const index = from + step;
    const nowMs = START_MS + index * 40 + lateMs(index);
    clock.observe(index * 0.04, nowMs);
    return clock.capturedAtMs(index * 0.04, nowMs);
  });
}

it('smooths the jitter of arrival away', () => {
  const clock = new StreamClock();
  const jitter = (index: number) => (index % 7) * 30;
  const told = feed(clock, 500, jitter).slice(100);
  const gaps = told.slice(1).map((atMs, index) => atMs - told[index]!);
  expect(Math.max(...gaps.map((gap) => Math.abs(gap - 40)))).toBeLessThanOrEqual(8);
  expect(clock.takeJumps()).toBe(0);
});

it('takes a stall of three seconds for lateness, not for a jump', () => {
  const clock = new StreamClock();
  feed(clock, 100, () => 0);
  const stalled = feed(clock, 75, (index) => 3000 - (index - 100) * 40, 100);
  expect(clock.takeJumps()).toBe(0);
  expect(stalled[0]! - (START_MS + 4000)).toBeLessThan(50);
});

it('counts a jump forth and back once each and goes on from there', () => {
  const clock = new StreamClock();
  feed(clock, 50, () => 0);
  const nowMs = START_MS + 50 * 40;
  clock.observe(1000, nowMs);
  expect(clock.takeJumps()).toBe(1);
  expect(clock.capturedAtMs(1000, nowMs)).toBe(nowMs);
  clock.observe(2.04, nowMs + 40);
  expect(clock.takeJumps()).toBe(1);
  expect(clock.capturedAtMs(2.04, nowMs + 40)).toBe(nowMs + 40);
});

it('is set anew when everything stays late for more than five seconds', () => {
  const clock = new StreamClock();
  feed(clock, 50, () => 0);
  const told = feed(clock, 200, () => 10_000, 50);
  expect(clock.takeJumps()).toBe(1);
  expect(Math.abs(told.at(-1)! - (START_MS + 249 * 40 + 10_000))).toBeLessThan(20);
});

it('follows a camera whose clock runs a thousandth fast', () => {
  const clock = new StreamClock();
  let lateMs = 0;
  for (let index = 0; index < 50_000; index++) {
    const nowMs = START_MS + index * 40 * 0.999;
    clock.observe(index * 0.04, nowMs);
    lateMs = nowMs - clock.capturedAtMs(index * 0.04, nowMs);
  }
  expect(lateMs).toBeLessThan(100);
  expect(clock.takeJumps()).toBe(0);
});

it('never tells a time twice, and gives growing seconds to frames that come out of order', () => {
  const clock = new StreamClock();
  clock.observe(1, START_MS);
  const first = clock.capturedAtMs(1, START_MS);
  expect(clock.capturedAtMs(1, START_MS)).toBeGreaterThan(first);
  expect(clock.elapsedS(1, 0.04)).toBe(0);
  expect(clock.elapsedS(0.9, 0.04)).toBeCloseTo(0.04);
  expect(clock.elapsedS(0.94, 0.04)).toBeCloseTo(0.08);
  expect(clock.takeJumps()).toBe(1);
});
