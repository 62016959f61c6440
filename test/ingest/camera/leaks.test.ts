/** A camera that dies again and again leaves nothing behind. */
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { logins } from '#ingest/camera/admission.ts';
import { superviseCamera } from '#ingest/camera/supervise.ts';
import { liveFrames } from '#ingest/decode/frame.ts';
import { strandedReads } from '#ingest/read/connection.ts';
import type { Camera, CameraState } from '#models/schema/camera.ts';
import { makeClips } from '#test/ingest/clips.ts';
import { testLogger } from '#test/site/site.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const clips = makeClips();
let server: RtspServer;
beforeAll(async () => {
  const file = await clips.write('a.mp4', { gopS: 0.2, seconds: 2 });
  server = await startRtspServer({ port: 0, streams: [{ path: 'a', file }] });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  clips[Symbol.dispose]();
});

const openFiles = () => readdirSync('/proc/self/fd').length;

/** Supervises until it has reconnected `total` times; MiB of memory at `from` times and at the end. */
async function dieOften(url: string, options: { from: number; total: number }): Promise<number[]> {
  const stopping = new AbortController();
  const memory: number[] = [];
  const onState = ({ reconnects, state }: CameraState) => {
    if (state !== 'connecting' || (reconnects !== options.from && reconnects !== options.total)) return;
    collectGarbage();
    memory.push(process.memoryUsage.rss() / 2 ** 20);
    if (reconnects >= options.total) stopping.abort();
  };
  const camera: Camera = {
    id: 'dead',
    name: 'Dead',
    source: { kind: 'rtsp', url, transport: 'tcp' },
    area: null,
    isEnabled: true,
    sampleFps: 5,
    isGated: true,
    fullLookIntervalS: 10,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
  const timings = { retryBaseMs: 2, retryCapMs: 2 };
  logins.pace(Number.POSITIVE_INFINITY);
  const supervised = { signal: stopping.signal, logger: testLogger, worker: 'w', onState, timings };
  for await (const sight of superviseCamera(camera, supervised)) {
    if (sight.type !== 'frame') continue;
    sight.frame[Symbol.dispose]();
    await server.fault('a', { kind: 'reset' });
    await server.fault('a', { kind: 'none' });
  }
  return memory;
}

it.skipIf(process.platform !== 'linux')('does not grow when it refuses 250 times', async () => {
  const files = openFiles();
  const [before, after] = await dieOften('rtsp://127.0.0.1:1/a', { from: 50, total: 250 });
  expect(after! - before!).toBeLessThan(6);
  expect(openFiles() - files).toBeLessThanOrEqual(2);
  expect(strandedReads()).toBe(0);
});

it.skipIf(process.platform !== 'linux')(
  'does not grow when it is reset after its first picture, 60 times',
  async () => {
    const files = openFiles();
    const [before, after] = await dieOften(server.url('a'), { from: 20, total: 60 });
    expect(after! - before!).toBeLessThan(12);
    expect(openFiles() - files).toBeLessThanOrEqual(4);
    expect(liveFrames()).toBe(0);
  },
);
