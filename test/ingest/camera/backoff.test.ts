/** How long a camera is left alone. */
import { expect, it } from 'vitest';
import { Backoff } from '#ingest/camera/backoff.ts';
import { CAMERA_TIMINGS } from '#ingest/camera/timings.ts';

const waits = (code: 'camera-frozen' | 'camera-unauthorised', count: number, liveForMs = 0) => {
  const backoff = new Backoff(CAMERA_TIMINGS);
  return Array.from({ length: count }, () => backoff.after(code, liveForMs));
};

it('begins at about a second and never exceeds thirty', () => {
  const all = waits('camera-frozen', 50);
  expect(all[0]).toBeLessThanOrEqual(1000);
  expect(Math.max(...all)).toBeLessThanOrEqual(30_000);
  expect(Math.min(...all.slice(10))).toBeGreaterThanOrEqual(15_000);
  expect(new Set(all.slice(10)).size).toBeGreaterThan(5);
});

it('asks once more after a refused password, and then only minutes apart', () => {
  const all = waits('camera-unauthorised', 8);
  expect(all[0]).toBeLessThanOrEqual(2000);
  expect(Math.min(...all.slice(1))).toBeGreaterThanOrEqual(30_000);
  expect(Math.min(...all.slice(4))).toBeGreaterThanOrEqual(150_000);
  expect(Math.max(...all)).toBeLessThanOrEqual(300_000);
});

it('begins anew after a stable time, and not for a camera that flaps', () => {
  expect(Math.max(...waits('camera-frozen', 10, 60_000))).toBeLessThanOrEqual(1000);
  expect(waits('camera-frozen', 10, 5000)[9]).toBeGreaterThanOrEqual(15_000);
});
