import { describe, expect, it } from 'vitest';
import { createKeyframeValve, WAITING_MAX_BYTES } from '#models/wire/keyframe-valve.ts';
import { encodeFragment, encodeStart } from '#models/wire/video.ts';

const picture = (isKey: boolean) =>
  encodeFragment({ isKey, capturedAtMs: 1, shownAtS: 1, data: Buffer.from('picture') });
const start = encodeStart(
  { codec: 'h264', mime: 'video/mp4', width: 2, height: 2, stream: 'detected' },
  Buffer.from('init'),
);
const MUCH = 1024 ** 2;

describe('the valve before a viewer', () => {
  it('lets a large group of pictures through at once, and time to take it', () => {
    let nowMs = 0;
    const valve = createKeyframeValve(() => nowMs);
    expect(valve.passes(picture(true), 0)).toBe(true);
    for (let bytes = 0; bytes < 10 * MUCH; bytes += MUCH / 4) expect(valve.passes(picture(false), bytes)).toBe(true);
    nowMs = 1900;
    expect(valve.passes(picture(false), 5 * MUCH)).toBe(true);
  });

  it('drops from the moment in which much has waited for two seconds, up to the next keyframe with little waiting', () => {
    let nowMs = 0;
    const valve = createKeyframeValve(() => nowMs);
    expect(valve.passes(picture(false), MUCH)).toBe(true);
    nowMs = 2001;
    expect(valve.passes(picture(false), MUCH)).toBe(false);
    expect(valve.passes(picture(true), MUCH)).toBe(false);
    nowMs = 3000;
    expect(valve.passes(picture(false), 0)).toBe(false);
    expect(valve.passes(start, MUCH)).toBe(true);
    expect(valve.passes(picture(true), 0)).toBe(true);
    expect(valve.passes(picture(false), 0)).toBe(true);
    expect([valve.passed(), valve.dropped()]).toEqual([3, 3]);
  });

  it('never lets more wait than its bound', () => {
    const valve = createKeyframeValve(() => 0);
    expect(valve.passes(picture(false), WAITING_MAX_BYTES + 1)).toBe(false);
  });
});
