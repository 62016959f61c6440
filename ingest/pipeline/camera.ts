/** One camera at work: sights → looks → spans → messages → out, until it is stopped. */
import { superviseCamera } from '#ingest/camera/supervise.ts';
import type { LiveViews } from '#ingest/live/server.ts';
import { createThumbnail, type Thumbnail } from '#ingest/live/thumbnail.ts';
import { createVideo } from '#ingest/live/video/video.ts';
import { openWatchStream } from '#ingest/live/video/watch-stream.ts';
import { createView } from '#ingest/live/view.ts';
import type { Outbox } from '#ingest/publish/outbox.ts';
import type { AreaPath } from '#models/schema/area.ts';
import type { Camera, CameraState } from '#models/schema/camera.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { createTracker, type Tracker } from '../track/tracker.ts';
import { address, recordOf } from './address.ts';
import { compose } from './compose.ts';
import { type Detectors, isLane, type ModelTrouble } from './detectors.ts';
import type { Lane } from './lane.ts';
import { type LookOptions, look } from './look.ts';
import type { StageMetrics } from './stage-metrics.ts';
import type { States } from './states.ts';
import { openTracksFile } from './tracks-file.ts';

export type CameraOptions = {
  worker: string;
  password: string | undefined;
  dataDir: string;
  /** Folders that a file must lie in to be a camera. */
  mediaDirs: readonly string[];
  presenceCapMs: number;
  areaPath: () => AreaPath;
  term: () => number;
  nextSequence: () => number;
  detectors: Detectors;
  outbox: Outbox;
  states: States;
  metrics: StageMetrics;
  logger: Logger;
};

export type RunningCamera = {
  camera: Camera;
  views: LiveViews;
  thumbnail: Thumbnail;
  /** Ends the source, lets what was seen go out, and keeps the tracks that stand still. */
  stop: () => Promise<void>;
};

/** Looks that saw nothing are told together, in at most ten seconds. */
const EMPTY_RUN_MS = 10_000;
const SNAPSHOT_INTERVAL_MS = 10_000;

export function startCamera(camera: Camera, options: CameraOptions): RunningCamera {
  const { logger } = options;
  const stopping = new AbortController();
  const view = createView({ camera: camera.id, logger, onPicture: () => options.metrics.pictures.inc() });
  const video = createVideo({ onViewers: (count) => watchStream.want(count > 0) });
  const watchStream = openWatchStream(camera, { feed: video.watched, password: options.password, logger });
  const thumbnail = createThumbnail({ camera: camera.id, logger });
  const over = (async () => {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      try {
        await run(camera, { ...options, views: { view, video }, thumbnail, signal: stopping.signal });
      } catch (error) {
        logger.error({ camera: camera.id, error: (error as Error).stack }, 'camera pipeline failed');
      }
      // The supervisor ends only when it is told to; whatever ended here is begun again.
      if (!stopping.signal.aborted) await pause(backoffMs(failures, { baseMs: 1000, capMs: 30_000 }), stopping.signal);
    }
  })();
  return {
    camera,
    views: { view, video },
    thumbnail,
    async stop() {
      stopping.abort();
      await Promise.all([over, watchStream[Symbol.asyncDispose]()]);
      view[Symbol.dispose]();
      video[Symbol.dispose]();
    },
  };
}

type RunOptions = CameraOptions & { views: LiveViews; thumbnail: Thumbnail; signal: AbortSignal };

async function run(camera: Camera, options: RunOptions): Promise<void> {
  const { detectors, outbox, logger, metrics, views, thumbnail, signal } = options;
  const { view, video } = views;
  const model = camera.model ?? '';
  using tracks = keepTracks(camera, options);
  const report = createReporter(camera, options);
  const sights = superviseCamera(camera, {
    signal,
    logger,
    worker: options.worker,
    mediaDirs: options.mediaDirs,
    ...(options.password === undefined ? {} : { password: options.password }),
    onState: report.state,
    isWatched: view.isWatched,
    video: video.detected,
  });
  const watches = look(thumbnail.keep(view.show(sights)), {
    camera: camera.id,
    model,
    scoreMin: camera.scoreMin,
    detectors,
    trackerFor: tracks.trackerFor,
    logger,
    onFrame: report.frame,
    onLane: report.lane,
  });
  const spans = compose(watches, { presenceCapMs: options.presenceCapMs, emptyRunMs: EMPTY_RUN_MS });
  const messages = address(spans, { ...options, camera: camera.id, model: () => report.model() ?? model });
  for await (const message of messages) {
    metrics.composed(message);
    await outbox.send(recordOf(message));
  }
}

/** Joins what the reader says of the camera with what only the worker knows: looks, and the lack of a model. */
function createReporter(camera: Camera, { states, metrics }: CameraOptions) {
  const counted = metrics.reading();
  let latest: CameraState | undefined;
  let trouble: ModelTrouble | undefined;
  let troubleTurnedAtMs = 0;
  let model: string | undefined;
  let looked = 0;

  const tell = () => {
    if (latest === undefined) return;
    // Without a model a camera is no better than degraded, from when that began.
    const isSpoilt = latest.state === 'live' && troubleTurnedAtMs > latest.sinceMs;
    const since = isSpoilt ? { sinceMs: troubleTurnedAtMs, reasonSinceMs: troubleTurnedAtMs } : {};
    const state = { ...latest, looked, ...since };
    states.report(trouble !== undefined && latest.state === 'live' ? { ...state, ...degraded(trouble) } : state);
  };
  return {
    state(state: CameraState) {
      latest = { ...state, camera: camera.id };
      counted(state);
      tell();
    },
    frame(outcome: 'looked' | 'failed' | 'no-model') {
      metrics.looks.inc({ outcome });
      if (outcome === 'looked') looked++;
    },
    lane(lane: Lane | ModelTrouble) {
      if (isLane(lane)) model = lane.detector.manifest.name;
      const next = isLane(lane) ? undefined : lane;
      if (next?.code === trouble?.code) return;
      trouble = next;
      troubleTurnedAtMs = Date.now();
      tell();
    },
    model: () => model,
  };
}

function degraded({ code, message, cure }: ModelTrouble) {
  return { state: 'degraded' as const, reason: code, message, cure };
}

/** One tracker for the pipeline; what stands still is restored at its first look, and kept every ten seconds. */
function keepTracks(camera: Camera, { dataDir, logger }: CameraOptions): Disposable & Pick<LookOptions, 'trackerFor'> {
  const file = openTracksFile(dataDir, camera.id, camera.source);
  let tracker: Tracker | undefined;
  const save = () => {
    if (tracker === undefined) return;
    try {
      file.save(tracker.snapshot());
    } catch (error) {
      logger.warn({ camera: camera.id, error: (error as Error).message }, 'tracks not kept');
    }
  };
  const begin = (scoreMin: number): Tracker => {
    const fresh = createTracker({ scoreMin });
    const kept = file.load();
    if (kept !== undefined) fresh.restore(kept, { atMs: Date.now() });
    return fresh;
  };
  const timer = setInterval(save, SNAPSHOT_INTERVAL_MS).unref();
  return {
    trackerFor(scoreMin) {
      tracker ??= begin(scoreMin);
      return tracker;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      save();
    },
  };
}
