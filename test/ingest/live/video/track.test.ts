import { Packet } from 'node-av/lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VideoTrack } from '#ingest/live/video/track.ts';
import { openConnection } from '#ingest/read/connection.ts';
import { decodeVideoMessage } from '#models/wire/video.ts';
import { type ClipFolder, openClipFolder } from '#test/demo/rtsp/clips.ts';

let clips: ClipFolder;
beforeAll(() => {
  clips = openClipFolder();
});
afterAll(() => clips[Symbol.dispose]());

/** Puts the packets of a file into a track, and calls `onTaken` after each. */
async function fill(track: VideoTrack, path: string, onTaken: (count: number) => void): Promise<void> {
  const { signal } = new AbortController();
  await using connection = await openConnection({ kind: 'file', path, isLooped: false }, { signal });
  if (connection === undefined) throw new Error(`${path} did not open`);
  using packet = new Packet();
  packet.alloc();
  track.begin(connection.stream.codecpar);
  for (let count = 1; (await connection.read(packet)) >= 0; count++) {
    track.take(packet, { ptsS: Number(packet.pts) * connection.timeBaseS, capturedAtMs: count });
    onTaken(count);
    packet.unref();
  }
}

describe('what a live video keeps for new viewers', () => {
  it('is everything since the last keyframe, and nothing from before it', async () => {
    const path = await clips.write('short.mp4', { fps: 10, seconds: 2, gopS: 1 });
    using track = new VideoTrack('detected', Date.now());
    const kept: number[] = [];
    await fill(track, path, () => kept.push(track.sinceKeyframe().length));
    expect(kept).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is bounded: of a stream without keyframes only the last picture is held, and new viewers wait', async () => {
    const shape = { width: 64, height: 48, fps: 50, seconds: 31, gopS: 31, noise: 0 } as const;
    const path = await clips.write('endless.mp4', shape);
    using track = new VideoTrack('detected', Date.now());
    const kept: number[] = [];
    const latest: (number | undefined)[] = [];
    await fill(track, path, () => {
      kept.push(track.sinceKeyframe().length);
      const message = track.latest()?.message;
      const decoded = message === undefined ? undefined : decodeVideoMessage(message);
      latest.push(decoded?.type === 'fragment' ? decoded.capturedAtMs : undefined);
    });
    expect(kept).toHaveLength(1550);
    expect(kept[1499]).toBe(1500);
    expect(kept.slice(1500).every((count) => count === 0)).toBe(true);
    // Who watches already sees each picture all the same.
    expect(latest).toEqual(Array.from({ length: 1550 }, (_, index) => index + 1));
  });
});
