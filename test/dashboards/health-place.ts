/** A thousand cameras for tests of the wall: registered, spoken of the way workers do, with two days of history. */

import { headers } from '@nats-io/nats-core';
import sharp from 'sharp';
import { openRegistry } from '#models/registry/registry.ts';
import type { Camera, CameraState } from '#models/schema/camera.ts';
import { FAULTS, type FaultCode } from '#models/schema/fault.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { HEALTH_STREAM } from '#models/wire/streams.ts';
import { CAPTURED_AT_HEADER, CONTROL, healthSubject } from '#models/wire/subjects.ts';
import { ensureStream, openBroker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import { testLogger } from '#test/site/site.ts';

export const CAMERAS = 1000;

const HOUR_MS = 3_600_000;
const COUNTS = { packets: 0, decoded: 0, skipped: 0, looked: 0, dropped: 0, failed: 0, timeJumps: 0 };
const MAKES = ['Acme', 'Bolt', 'Corvid'];
const AREA_PATH = ['_', '_', '_', '_', 'grid-1'];
const STATES_EVERY_MS = 8000;

const idOf = (index: number) => `cam-${String(index).padStart(4, '0')}`;

/** Of every hundred: eight with a wrong password, four that do not answer, two that bring pictures with errors. */
function reasonOf(index: number): FaultCode | undefined {
  const place = index % 100;
  if (place < 8) return 'camera-unauthorised';
  if (place < 12) return 'camera-timed-out';
  return place < 14 ? 'camera-garbage' : undefined;
}

function cameraOf(index: number, nowMs: number): Camera {
  const manufacturer = MAKES[index % MAKES.length]!;
  return {
    ...{ id: idOf(index), name: `Camera ${index}`, area: 'grid-1', isEnabled: true, isGated: true, sampleFps: 5 },
    source: { kind: 'rtsp', url: `rtsp://10.0.${index >> 8}.${index & 255}:554/main`, transport: 'tcp' },
    device: { host: `10.0.${index >> 8}.${index & 255}`, manufacturer, model: 'X1' },
    ...{ fullLookIntervalS: 10, createdAtMs: nowMs - 60 * HOUR_MS, updatedAtMs: nowMs - 60 * HOUR_MS },
  };
}

/** Those in trouble have been so for some hours, each another number of them. */
const troubledHours = (index: number) => 1 + (index % 20);

function stateOf(index: number, nowMs: number): CameraState {
  const code = reasonOf(index);
  const common = { camera: idOf(index), updatedAtMs: nowMs, worker: `worker-${index % 8}`, ...COUNTS };
  const measured = { codec: 'h264', width: 1920, height: 1080, fpsPromised: 25, fps: index % 50 === 20 ? 9.5 : 24.9 };
  const figures = { ...measured, bitrateKbps: 2100 + index, decodeCostMs: 11.4, lastPictureAtMs: nowMs - 500 };
  if (code === undefined)
    return { ...common, ...figures, state: 'live', sinceMs: nowMs - 48 * HOUR_MS, reconnects: index % 3 };
  const sinceMs = nowMs - troubledHours(index) * HOUR_MS;
  const said = {
    reason: code,
    message: `rtsp://10.0.${index >> 8}.${index & 255}:554/main: it is so`,
    cure: FAULTS[code].cure,
  };
  if (code === 'camera-garbage') return { ...common, ...figures, ...said, state: 'degraded', sinceMs, reconnects: 0 };
  const since = { sinceMs, downSinceMs: sinceMs, reasonSinceMs: sinceMs, nextTryAtMs: nowMs + 20_000 };
  return { ...common, ...said, ...since, state: 'down', reconnects: 40, lastPictureAtMs: sinceMs };
}

/** Two days: live until the trouble began, with an hour in which no worker ran. */
function wordsOf(index: number, nowMs: number): CameraState[] {
  const { reason: _reason, downSinceMs: _down, ...last } = stateOf(index, nowMs);
  const now = stateOf(index, nowMs);
  const startMs = nowMs - 48 * HOUR_MS;
  const live = (fromMs: number, toMs: number): CameraState => ({
    ...last,
    ...{ state: 'live', sinceMs: fromMs, reasonSinceMs: fromMs, updatedAtMs: toMs },
  });
  const gapMs = nowMs - 23 * HOUR_MS;
  const troubleMs = now.reason === undefined ? nowMs : now.sinceMs;
  const words = [live(startMs, gapMs), live(gapMs + HOUR_MS, Math.max(troubleMs, gapMs + HOUR_MS + 1))];
  return now.reason === undefined ? words : [...words, { ...now, reasonSinceMs: troubleMs }];
}

/** Registers the cameras and tells their history; then speaks of them and shows their pictures until the signal aborts. */
export async function playThousand(config: Config, signal: AbortSignal, onReady: () => void): Promise<void> {
  await using broker = await openBroker(config, 'site', { logger: testLogger, name: 'test-workers' });
  await ensureStream(broker, HEALTH_STREAM);
  const registry = await openRegistry(broker.connection);
  const startMs = Date.now();
  const all = Array.from({ length: CAMERAS }, (_, index) => index);
  await inTurns(all, async (index) => {
    await registry.cameras.put(idOf(index), cameraOf(index, startMs));
    for (const word of wordsOf(index, startMs))
      await broker.stream.publish(healthSubject(AREA_PATH, word.camera), encodeMessage(word));
  });
  const jpeg = await sharp({ create: { width: 320, height: 180, channels: 3, background: '#58707f' } })
    .jpeg()
    .toBuffer();
  broker.connection.subscribe(CONTROL.thumbnail('*'), {
    callback: (_error, message) => {
      const about = headers();
      about.set(CAPTURED_AT_HEADER, String(Date.now()));
      message.respond(jpeg, { headers: about });
    },
  });
  let isReady = false;
  while (!signal.aborted) {
    const nowMs = Date.now();
    await inTurns(all, (index) => registry.states.put(idOf(index), stateOf(index, nowMs)));
    if (!isReady) onReady();
    isReady = true;
    await pause(STATES_EVERY_MS, signal);
  }
}

async function inTurns<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += 100) await Promise.all(items.slice(start, start + 100).map(work));
}
