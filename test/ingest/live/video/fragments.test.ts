import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Codec, CodecContext, FormatContext, Frame, Packet } from 'node-av/lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRtspServer } from '#demo/rtsp/server.ts';
import { createVideo } from '#ingest/live/video/video.ts';
import { type ClipFolder, openClipFolder } from '#test/demo/rtsp/clips.ts';
import { until } from '#test/site/site.ts';
import { readInto, record } from './watching.ts';

let folder: string;
let clips: ClipFolder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sharp-eyes-fragments-'));
  clips = openClipFolder();
});
afterAll(() => {
  clips[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

type Seen = {
  codecTag: string;
  width: number;
  height: number;
  decodeS: number[];
  pictures: { shownS: number }[];
  failed: number;
};

/** libav as the judge: demuxes and decodes what a player would be fed. */
async function playFile(bytes: Buffer): Promise<Seen> {
  const path = join(folder, `${Math.random()}.mp4`);
  writeFileSync(path, bytes);
  const context = new FormatContext();
  await context.openInput(path);
  const stream = context.streams[context.findBestStream(AVMEDIA_TYPE_VIDEO)]!;
  const { codecpar, timeBase } = stream;
  const scale = timeBase.num / timeBase.den;
  const seen: Seen = {
    codecTag: '',
    width: codecpar.width,
    height: codecpar.height,
    decodeS: [],
    pictures: [],
    failed: 0,
  };
  using decoder = new CodecContext();
  const codec = Codec.findDecoder(codecpar.codecId);
  decoder.allocContext3(codec);
  decoder.parametersToContext(codecpar);
  decoder.pktTimebase = timeBase;
  decoder.threadCount = 1;
  await decoder.open2(codec);
  using packet = new Packet();
  packet.alloc();
  using frame = new Frame();
  frame.alloc();
  for (let isOver = false; !isOver; ) {
    isOver = (await context.readFrame(packet)) < 0;
    if (!isOver) seen.decodeS.push(Number(packet.dts) * scale);
    if ((await decoder.sendPacket(isOver ? null : packet)) < 0) seen.failed++;
    packet.unref();
    while ((await decoder.receiveFrame(frame)) >= 0) {
      if (frame.decodeErrorFlags !== 0) seen.failed++;
      seen.pictures.push({ shownS: Number(frame.bestEffortTimestamp) * scale });
      frame.unref();
    }
  }
  await context.closeInput();
  return seen;
}

const grows = (values: number[]) => values.every((value, index) => index === 0 || value > values[index - 1]!);

describe('the fragments of a live video', () => {
  for (const { codec, codecs, bFrames } of [
    { codec: 'h264', codecs: /^avc1\.64[0-9a-f]{4}$/, bFrames: 0 },
    { codec: 'h265', codecs: /^hvc1\.1\.6\.L\d+\.90$/, bFrames: 0 },
    { codec: 'h264', codecs: /^avc1\.64[0-9a-f]{4}$/, bFrames: 2 },
    { codec: 'h265', codecs: /^hvc1\.1\.6\.L\d+\.90$/, bFrames: 2 },
  ] as const) {
    it(`are an MP4 that libav plays to the last picture: ${codec} over RTSP with ${bFrames} B-pictures`, async () => {
      const file = await clips.write(`${codec}-${bFrames}.mp4`, {
        codec,
        bFrames,
        width: 338,
        height: 182,
        seconds: 2,
      });
      await using server = await startRtspServer({ port: 0, streams: [{ path: 'c', file }] });
      using video = createVideo();
      const viewer = record();
      using _watching = video.watch(viewer);
      await using _reading = readInto(video, { kind: 'rtsp', url: server.url('c'), transport: 'tcp' });
      await until('sixty pictures', () => viewer.fragments().length >= 60);
      const [start] = viewer.starts();
      expect(viewer.starts()).toHaveLength(1);
      expect(start?.start).toMatchObject({ codec: codec === 'h264' ? 'h264' : 'hevc', width: 338, height: 182 });
      expect(/codecs="(.*)"/.exec(start?.start.mime ?? '')?.[1]).toMatch(codecs);

      const fragments = viewer.fragments();
      const seen = await playFile(viewer.file());
      expect(seen).toMatchObject({ width: 338, height: 182, failed: 0 });
      expect(seen.pictures.length).toBe(fragments.length);
      expect(grows(seen.decodeS)).toBe(true);
      expect(grows(seen.pictures.map(({ shownS }) => shownS))).toBe(true);
      // 20 pictures a second; where they are put matters for a viewer's clock.
      const spanS = seen.pictures.at(-1)!.shownS - seen.pictures[0]!.shownS;
      expect(spanS / (seen.pictures.length - 1)).toBeCloseTo(0.05, 2);
      const shownS = fragments.map((fragment) => fragment.shownAtS).sort((a, b) => a - b);
      const judged = seen.pictures.map((picture) => picture.shownS);
      expect(shownS[7]! - shownS[0]!).toBeCloseTo(judged[7]! - judged[0]!, 3);
    });
  }

  it('say when the camera saw each picture, in step with when it is shown', async () => {
    const file = await clips.write('times.mp4', { seconds: 2 });
    using video = createVideo();
    const viewer = record();
    using _watching = video.watch(viewer);
    await using _reading = readInto(video, { kind: 'file', path: file, isLooped: true });
    await until('pictures of more than one turn', () => viewer.fragments().length >= 60);
    const offsets = viewer.fragments().map(({ capturedAtMs, shownAtS }) => capturedAtMs - shownAtS * 1000);
    expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThan(150);
    expect(Math.abs(viewer.fragments().at(-1)!.capturedAtMs - Date.now())).toBeLessThan(5000);
  });

  it('begin anew with another start when the picture changes its size, on a time line that goes on', async () => {
    const file = await clips.write('small.mp4', {});
    const large = await clips.write('large.mp4', { width: 640, height: 360 });
    await using server = await startRtspServer({ port: 0, streams: [{ path: 'c', file }] });
    using video = createVideo();
    const viewer = record();
    using _watching = video.watch(viewer);
    await using _reading = readInto(video, { kind: 'rtsp', url: server.url('c'), transport: 'tcp' });
    await until('pictures', () => viewer.fragments().length >= 10);
    await server.fault('c', { kind: 'change-resolution', file: large });
    await until('another start', () => viewer.starts().some(({ start }) => start.width === 640));
    const from = viewer.messages.findLastIndex(({ type }) => type === 'start');
    await until('pictures after it', () => viewer.messages.length >= from + 11);
    expect(viewer.messages[from + 1]).toMatchObject({ type: 'fragment', isKey: true });
    const seen = await playFile(viewer.file());
    expect(seen).toMatchObject({ width: 640, height: 360, failed: 0 });
    expect(grows(viewer.fragments().map(({ shownAtS }) => shownAtS))).toBe(true);
  });
});
