/** When a connection is given up. */
import { expect, it } from 'vitest';
import { Deadlines } from '#ingest/camera/deadlines.ts';
import { CAMERA_TIMINGS } from '#ingest/camera/timings.ts';
import { createReading, type Reading } from '#ingest/read/reading.ts';

const OPTIONS = { name: 'rtsp://gate/1', isUdp: false, fullLookIntervalS: 10, timings: CAMERA_TIMINGS };
const TICK_MS = CAMERA_TIMINGS.tickMs;

/** Seconds of ticks until a fault, with `each` called before every tick; stops after `limitS`. */
function secondsUntilFault(
  deadlines: Deadlines,
  options: { limitS: number; each?: (atS: number) => void; tickMs?: number },
) {
  const tickMs = options.tickMs ?? TICK_MS;
  for (let atMs = tickMs; atMs <= options.limitS * 1000; atMs += tickMs) {
    options.each?.(atMs / 1000);
    const fault = deadlines.check(tickMs);
    if (fault !== undefined) return { atS: atMs / 1000, code: fault.code };
  }
  return undefined;
}

/** A reading that has been running with pictures this far apart. */
function running(more: Partial<Reading>): { reading: Reading; deadlines: Deadlines } {
  const reading = { ...createReading(), isConnected: true, ...more };
  const deadlines = new Deadlines(reading, OPTIONS);
  reading.packets++;
  reading.decoded++;
  deadlines.check(TICK_MS);
  return { reading, deadlines };
}

it('gives a camera that does not answer fifteen seconds', () => {
  const fault = secondsUntilFault(new Deadlines(createReading(), OPTIONS), { limitS: 60 });
  expect(fault).toEqual({ atS: 15, code: 'camera-timed-out' });
});

it('waits for the first picture as long as packets come, for one that sends a keyframe a minute', () => {
  const reading = { ...createReading(), isConnected: true };
  const each = () => reading.packets++;
  const fault = secondsUntilFault(new Deadlines(reading, OPTIONS), { limitS: 200, each });
  expect(fault!.code).toBe('camera-frozen');
  expect(fault!.atS).toBeGreaterThan(85);
});

it('says soon that a stream cannot be decoded', () => {
  const reading = { ...createReading(), isConnected: true };
  const each = () => {
    reading.packets += 10;
    reading.failed += 9;
  };
  const fault = secondsUntilFault(new Deadlines(reading, OPTIONS), { limitS: 200, each });
  expect(fault!.code).toBe('camera-garbage');
  expect(fault!.atS).toBeLessThan(12);
});

it('calls 25 pictures a second frozen after five seconds of silence', () => {
  const { deadlines } = running({ frameIntervalS: 0.04, gopS: 2 });
  const fault = secondsUntilFault(deadlines, { limitS: 60 });
  expect(fault!.code).toBe('camera-frozen');
  expect(fault!.atS).toBeLessThanOrEqual(6);
});

it('has learned patience with one picture in five seconds', () => {
  const { deadlines } = running({ frameIntervalS: 5, gopS: 10 });
  expect(secondsUntilFault(deadlines, { limitS: 24 })).toBeUndefined();
  expect(secondsUntilFault(deadlines, { limitS: 10 })!.code).toBe('camera-frozen');
});

it('wants packets, and now and then a keyframe, behind a closed gate', () => {
  const { reading, deadlines } = running({ frameIntervalS: 0.04, gopS: 2, isGateOpen: false });
  const each = (atS: number) => {
    reading.packets++;
    if (atS % 10 === 0 && atS < 100) reading.decoded++;
  };
  const fault = secondsUntilFault(deadlines, { limitS: 200, each });
  expect(fault!.code).toBe('camera-frozen');
  expect(fault!.atS).toBeGreaterThan(110);
});

it('does not take its own lateness for silence of the camera', () => {
  const { deadlines } = running({ frameIntervalS: 0.04, gopS: 2 });
  expect(secondsUntilFault(deadlines, { limitS: 16, tickMs: 4000 })).toBeUndefined();
});
