/** A place for tests of live video: virtual cameras over RTSP, read and muxed as a worker does, looks that are true. */
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { superviseCamera } from '#ingest/camera/supervise.ts';
import { answerLive } from '#ingest/live/answer.ts';
import { type LiveViews, startLiveServer } from '#ingest/live/server.ts';
import { createVideo } from '#ingest/live/video/video.ts';
import { createView } from '#ingest/live/view.ts';
import { openRegistry, type Registry } from '#models/registry/registry.ts';
import type { Camera } from '#models/schema/camera.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { encodeMessage, messageId } from '#models/wire/codec.ts';
import { detectionsSubject } from '#models/wire/subjects.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { startApi } from '#test/api/api-site.ts';
import { type ClipFolder, openClipFolder } from '#test/demo/rtsp/clips.ts';
import { testLogger } from '#test/site/site.ts';

export type LivePlace = AsyncDisposable & {
  url: string;
  /** Secret of a session of admin. */
  session: string;
  cameras: readonly string[];
  rtsp: RtspServer;
  largeClip: string;
  /** Of live video, on all cameras. */
  viewers: () => number;
};

const CAMERAS = ['cam-1', 'cam-2', 'cam-3', 'cam-4', 'cam-hevc', 'cam-b'];
const AREA_PATH = ['_', '_', '_', '_', '_'] as const;
const SHAPE = { width: 320, height: 180, fps: 20, seconds: 8, gopS: 2, noise: 1 } as const;
const SWEEP_S = 4;
/** Looks a second; each is told when the next one happens, as the pipeline does. */
const LOOKS_PER_S = 5;

export async function openLivePlace(): Promise<LivePlace> {
  await using opening = new AsyncDisposableStack();
  const api = opening.use(await startApi());
  const clips = opening.use(openClipFolder());
  const rtsp = opening.use(await startRtspServer({ port: 0, streams: await streamsOf(clips) }));
  const largeClip = await clips.write('large.mp4', { ...SHAPE, width: 640, height: 360, seconds: 2 });
  const broker = opening.use(await openBroker(api.config, 'ingest', { logger: testLogger, name: 'test-worker' }));
  const registry = await openRegistry(broker.connection);
  const views = new Map<string, LiveViews>();
  const server = opening.use(
    await startLiveServer({ host: '127.0.0.1', logger: testLogger, viewsOf: (camera) => views.get(camera) }),
  );
  for (const id of CAMERAS) {
    await api.ask('POST', '/api/v1/cameras', { body: { id, name: id, url: rtsp.url(id), isGated: false } });
    const view = opening.use(createView({ camera: id, logger: testLogger }));
    const video = opening.use(createVideo());
    views.set(id, { view, video });
    opening.use(answerLive(broker.connection, id, server));
    opening.use(runCamera((await registry.cameras.get(id))!.value, views.get(id)!, { broker, registry }));
  }
  const { secret } = await api.context.sessions.issue('admin', { purpose: 'session', name: 'page', lifeMs: 3_600_000 });
  const stack = opening.move();
  return {
    url: api.url,
    session: secret,
    cameras: CAMERAS,
    rtsp,
    largeClip,
    viewers: () => [...views.values()].reduce((sum, { video }) => sum + video.viewers(), 0),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function streamsOf(clips: ClipFolder) {
  const file = await clips.write('street.mp4', SHAPE);
  const hevc = await clips.write('hevc.mp4', { ...SHAPE, codec: 'h265' });
  const bPictures = await clips.write('b.mp4', { ...SHAPE, bFrames: 2 });
  const fileOf: Record<string, string> = { 'cam-hevc': hevc, 'cam-b': bPictures };
  return CAMERAS.map((path) => ({ path, file: fileOf[path] ?? file }));
}

type Site = { broker: Broker; registry: Registry };

/** Reads the camera under the worker's own supervision, and tells what a perfect detector would have seen. */
function runCamera(camera: Camera, { view, video }: LiveViews, { broker, registry }: Site): AsyncDisposable {
  const stopping = new AbortController();
  const sights = superviseCamera(camera, {
    signal: stopping.signal,
    logger: testLogger,
    worker: 'test-worker',
    isWatched: view.isWatched,
    video: video.detected,
    timings: { retryBaseMs: 200 },
    onState: (state) => void registry.states.put(camera.id, state).catch(() => {}),
  });
  const over = (async () => {
    let told: Told | undefined;
    for await (const sight of view.show(sights)) {
      if (sight.type !== 'frame') continue;
      using frame = sight.frame;
      const { capturedAtMs: atMs, t: atS } = frame;
      const isNext = told === undefined || atS < told.atS || atS >= told.atS + 1 / LOOKS_PER_S;
      if (!isNext) continue;
      if (told !== undefined) publish(broker, camera.id, told, atMs);
      told = { look: (told?.look ?? 0) + 1, atMs, atS };
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await over;
    },
  };
}

/** `atS`: seconds since the clip began, by the stream's own clock. */
type Told = { look: number; atMs: number; atS: number };

/** The clip's box goes from side to side; what was seen in a look is told at the next one. */
function publish({ connection }: Broker, camera: string, { look, atMs, atS }: Told, untilMs: number): void {
  const phase = (atS / SWEEP_S) % 2;
  const x = (phase < 1 ? phase : 2 - phase) * (1 - 0.12);
  const message: DetectionMessage = {
    version: 1,
    id: messageId(camera, 1, look),
    ...{ camera, revision: 1, sequence: look, areaPath: [...AREA_PATH], model: 'truth', looks: 1 },
    ...{ capturedAtMs: atMs, receivedAtMs: atMs, watchedFromMs: atMs, watchedToMs: untilMs },
    sightings: [
      {
        track: 'walker0001',
        kind: 'person',
        score: 0.9,
        box: [x, 0.45, 0.12, 0.3],
        presenceMs: untilMs - atMs,
        isHeld: false,
      },
    ],
  };
  connection.publish(detectionsSubject(AREA_PATH, camera), encodeMessage(message));
}
