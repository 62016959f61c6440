/** One camera at work: sights → looks → spans → messages → out, until it is stopped. */
import { superviseCamera } from '#ingest/camera/supervise.ts';
import { createInspector, type Inspector } from '#ingest/diagnose/inspector.ts';
import { keepView } from '#ingest/diagnose/kept-view.ts';
import type { ClipMetrics } from '#ingest/evidence/clip-metrics.ts';
import { type EvidenceDesk, openEvidenceDesk } from '#ingest/evidence/desk.ts';
import type { Renderer } from '#ingest/evidence/renderer.ts';
import { sharedFeed } from '#ingest/evidence/shared-feed.ts';
import type { LiveViews } from '#ingest/live/server.ts';
import { createThumbnail, type Thumbnail } from '#ingest/live/thumbnail.ts';
import { createVideo } from '#ingest/live/video/video.ts';
import { openWatchStream } from '#ingest/live/video/watch-stream.ts';
import { createView } from '#ingest/live/view.ts';
import type { Turning } from '#ingest/ptz/watch-turning.ts';
import type { Outbox } from '#ingest/publish/outbox.ts';
import { sizeName } from '#models/detectors/detector.ts';
import type { Table } from '#models/registry/table.ts';
import type { AreaPath } from '#models/schema/area.ts';
import type { Camera } from '#models/schema/camera.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import type { PictureFinding } from '#models/schema/picture-finding.ts';
import type { ReferenceView } from '#models/schema/reference-view.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { createTracker, type Tracker } from '../track/tracker.ts';
import { addressing, recordOf } from './address.ts';
import { compose } from './compose.ts';
import { type Detectors, isLane } from './detectors.ts';
import { createInputSizing } from './input-sizing.ts';
import type { Lane } from './lane.ts';
import { type LookOptions, look } from './look.ts';
import { createReporter, type Reporter } from './reporter.ts';
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
  /** Tells the rules of a look at once. */
  tellLook: (message: DetectionMessage) => void;
  states: States;
  metrics: StageMetrics;
  /** The camera's device says that something moves: the gate opens without a doubt of its own. */
  isHinted: (camera: string) => boolean;
  logger: Logger;
  /** What stands still in the views of cameras, as the registry keeps it. */
  referenceViews: Table<ReferenceView>;
  /** Where cameras stand that turn. */
  turning: Pick<Turning, 'placingOf' | 'versionOf'>;
  /** What is remembered for pictures of alerts, and who makes them. */
  evidence: { ringMaxBytes: number; ringMaxMs: number; renderer: Renderer; clips: ClipMetrics };
  /** Of the calibration that holds now, 0 where the camera has none. */
  calibrationVersion: () => number;
};

export type RunningCamera = {
  camera: Camera;
  views: LiveViews;
  thumbnail: Thumbnail;
  evidence: EvidenceDesk;
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
  const isMasked = (camera.privacyMasks ?? []).length > 0;
  const video = createVideo({ isMasked, onViewers: (count) => watchStream.want(count > 0) });
  const watchStream = openWatchStream(camera, { feed: video.watched, password: options.password, logger });
  const thumbnail = createThumbnail({ camera: camera.id, logger });
  const report = createReporter(camera, options);
  const inspection = openInspection(camera, { ...options, signal: stopping.signal, onSeen: report.findings });
  const { inspector } = inspection;
  const evidence = openEvidenceDesk({ ...options.evidence, masks: camera.privacyMasks ?? [] });
  const views = { view, video, proofOf: inspector.proofOf, evidence: evidence.fetch };
  const over = (async () => {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      try {
        await run(camera, { ...options, views, thumbnail, desk: evidence, inspector, report, signal: stopping.signal });
      } catch (error) {
        logger.error({ camera: camera.id, error: (error as Error).stack }, 'camera pipeline failed');
      }
      // The supervisor ends only when it is told to; whatever ended here is begun again.
      if (!stopping.signal.aborted) await pause(backoffMs(failures, { baseMs: 1000, capMs: 30_000 }), stopping.signal);
    }
  })();
  return {
    camera,
    views,
    thumbnail,
    evidence,
    async stop() {
      stopping.abort();
      await Promise.all([over, watchStream[Symbol.asyncDispose](), inspection[Symbol.asyncDispose]()]);
      view[Symbol.dispose]();
      video[Symbol.dispose]();
      evidence[Symbol.dispose]();
    },
  };
}

type Inspecting = CameraOptions & { signal: AbortSignal; onSeen: (findings: readonly PictureFinding[]) => void };

/** What looks at the pictures, and what remembers the view, for as long as the camera is this worker's. */
function openInspection(camera: Camera, options: Inspecting): AsyncDisposable & { inspector: Inspector } {
  const { logger, onSeen, signal, referenceViews, calibrationVersion, turning } = options;
  const isTurning = () => turning.versionOf(camera.id) !== undefined;
  const inspector = createInspector({
    camera: camera.id,
    logger,
    mayLearn: () => kept.isLoaded() && turning.versionOf(camera.id) !== 0,
    onSeen: () => onSeen(inspector.findings()),
  });
  const { diagnosis } = inspector;
  const kept = keepView({
    ...{ camera: camera.id, diagnosis, table: referenceViews, calibrationVersion, isTurning },
    privacyMasks: camera.privacyMasks,
    ...{ logger, signal },
  });
  return {
    inspector,
    async [Symbol.asyncDispose]() {
      await kept.over;
      inspector[Symbol.dispose]();
    },
  };
}

type Running = CameraOptions & {
  views: LiveViews;
  thumbnail: Thumbnail;
  desk: EvidenceDesk;
  inspector: Inspector;
  report: Reporter;
  signal: AbortSignal;
};

async function run(camera: Camera, options: Running): Promise<void> {
  const { detectors, outbox, logger, metrics, views, thumbnail, inspector, report, signal } = options;
  const { view, video } = views;
  const { ring, seen } = options.desk;
  const model = camera.model ?? '';
  using tracks = keepTracks(camera, options);
  const sizing = createInputSizing({
    setting: camera.inputSize ?? 'auto',
    onChange: (change) => logger.info({ camera: camera.id, ...change }, 'size of input changed'),
  });
  let lane: Lane | undefined;
  const sights = superviseCamera(camera, {
    signal,
    logger,
    worker: options.worker,
    mediaDirs: options.mediaDirs,
    ...(options.password === undefined ? {} : { password: options.password }),
    onState(state) {
      sizing.counted(state, Date.now());
      report.state(state);
    },
    isWatched: () => view.isWatched() || options.isHinted(camera.id),
    mayReplay: () => lane?.hasSlack() !== false,
    inspector,
    video: sharedFeed(video.detected, ring.feed),
  });
  const watches = look(thumbnail.keep(view.show(sights)), {
    camera: camera.id,
    model,
    scoreMin: camera.scoreMin,
    detectors,
    trackerFor: tracks.trackerFor,
    blindReason: inspector.diagnosis.blindReason,
    sizing,
    logger,
    onFound: seen.found,
    onFrame: report.frame,
    onLane(found) {
      lane = isLane(found) ? found : undefined;
      const size = lane?.detector.sizes[sizing.choose(lane.detector)];
      report.lane(found, size === undefined ? undefined : sizeName(size));
    },
  });
  const { early, address } = addressing({
    ...options,
    camera: camera.id,
    model: () => report.model() ?? model,
    sightOf: ({ watchedFromMs }) => ({
      ...(inspector.diagnosis.isMoved() ? { isViewMoved: true } : {}),
      ...options.turning.placingOf(camera.id, watchedFromMs),
    }),
    onLook: options.tellLook,
  });
  const { presenceCapMs } = options;
  const spans = compose(seen.follow(watches), { presenceCapMs, emptyRunMs: EMPTY_RUN_MS, onLook: early });
  for await (const message of address(spans)) {
    metrics.composed(message);
    await outbox.send(recordOf(message));
  }
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
