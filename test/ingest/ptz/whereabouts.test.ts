import { expect, it } from 'vitest';
import { atItsPose, standOf } from '#api/cameras/pose.ts';
import { versionHeldAt } from '#ingest/ptz/whereabouts.ts';
import { FaultError } from '#models/schema/fault.ts';
import { POSE_TOLERANCE } from '#models/schema/ptz.ts';
import { calibrationOf } from '#test/analytics/counting-site.ts';

const HOME = { pan: 0, tilt: 0, zoom: 0 };
const LEFT = { pan: -0.6, tilt: -0.1, zoom: 0.3 };
const gate = { token: 'preset-1', name: 'Gate' };
const still = (pose: typeof HOME) => ({ pose, isMoving: false });

it('leaves a camera that does not turn to its only calibration', () => {
  expect(versionHeldAt(undefined, calibrationOf('dome', 3))).toBeUndefined();
  expect(versionHeldAt(undefined, undefined)).toBeUndefined();
});

it('holds a calibration at its pose, within the tolerance, and nowhere while it moves or nobody knows the pose', () => {
  const calibration = { ...calibrationOf('dome', 3), pose: HOME };
  expect(versionHeldAt(still({ ...HOME, pan: POSE_TOLERANCE * 0.9 }), calibration)).toBe(3);
  expect(versionHeldAt(still({ ...HOME, pan: POSE_TOLERANCE * 1.1 }), calibration)).toBe(0);
  expect(versionHeldAt(still({ ...HOME, zoom: 0.02 }), calibration)).toBe(0);
  expect(versionHeldAt({ pose: HOME, isMoving: true }, calibration)).toBe(0);
  expect(versionHeldAt(undefined, calibration)).toBe(0);
});

it('holds a calibration from before the pose was known wherever it stands, but not while it moves', () => {
  expect(versionHeldAt(still(LEFT), calibrationOf('dome', 3))).toBe(3);
  expect(versionHeldAt({ pose: LEFT, isMoving: true }, calibrationOf('dome', 3))).toBe(0);
});

it('keeps calibrations of other poses, and replaces the one of the same pose or preset', () => {
  const first = atItsPose(calibrationOf('dome', 1), { ...HOME, isMoving: false, preset: gate }, undefined);
  const second = atItsPose(calibrationOf('dome', 2), { ...LEFT, isMoving: false }, first);
  expect([versionHeldAt(still(HOME), second), versionHeldAt(still(LEFT), second)]).toEqual([1, 2]);
  const third = atItsPose(calibrationOf('dome', 3), { ...HOME, isMoving: false, preset: gate }, second);
  expect(third.others?.map(({ version }) => version)).toEqual([2]);
  const storedAnew = { ...HOME, pan: 0.2, isMoving: false, preset: gate };
  const fourth = atItsPose(calibrationOf('dome', 4), storedAnew, third);
  expect(fourth.others?.map(({ version }) => version)).toEqual([2]);
  expect(versionHeldAt(still(HOME), fourth)).toBe(0);
});

it('keeps sixteen poses, the newest', () => {
  let calibration = atItsPose(calibrationOf('dome', 1), { ...HOME, isMoving: false }, undefined);
  for (let version = 2; version <= 20; version++) {
    const stand = { ...HOME, pan: version / 100, isMoving: false };
    calibration = atItsPose(calibrationOf('dome', version), stand, calibration);
  }
  expect([calibration.version, ...calibration.others!.map(({ version }) => version)]).toEqual(
    Array.from({ length: 16 }, (_, index) => 20 - index),
  );
});

it('refuses to calibrate a camera that moves, or that does not stand at the preset that is meant', () => {
  const refusal = (preset: string | undefined, ptz: Parameters<typeof standOf>[2]) => () =>
    standOf('dome', preset, ptz);
  const turned = expect.objectContaining({ code: 'calibration-turned' });
  expect(refusal(undefined, { ptz: { ...HOME, isMoving: true } })).toThrow(turned);
  expect(refusal('preset-2', { ptz: { ...HOME, isMoving: false, preset: gate } })).toThrow(FaultError);
  expect(refusal(undefined, { ptz: { ...HOME, isMoving: false }, reason: 'no-worker' })).toThrow(turned);
  expect(refusal('preset-2', undefined)).toThrow(turned);
  expect(standOf('dome', undefined, undefined)).toBeUndefined();
});
