/** One ingest worker: what it opens, in which order, and what it says of itself. */
import { resolve } from 'node:path';
import { type AreaTree, buildAreaTree } from '#models/registry/area-tree.ts';
import { openLeases, openRegistry, openWorkers } from '#models/registry/registry.ts';
import { loadSealKey } from '#models/registry/seal.ts';
import type { Camera } from '#models/schema/camera.ts';
import { FaultError } from '#models/schema/fault.ts';
import { DETECTIONS_STREAM, HEALTH_STREAM, LOOKS_STREAM } from '#models/wire/streams.ts';
import { ensureStream, openBroker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import { answerControl } from '#system/control.ts';
import { watchDisk } from '#system/disk-metrics.ts';
import { aborted } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { createMetrics } from '#system/metrics.ts';
import { threadsFor } from '#system/worker-environment.ts';
import { logins } from './camera/admission.ts';
import { answerDiscovery } from './discovery/answer.ts';
import { createEventTeller } from './events/tell-events.ts';
import { type DeviceEvents, watchEvents } from './events/watch-events.ts';
import { watchedCameras } from './events/watched-cameras.ts';
import { createClipMetrics, watchRings } from './evidence/clip-metrics.ts';
import { createRenderer } from './evidence/renderer.ts';
import { describeHealth } from './health.ts';
import { openClaims } from './lease/claims.ts';
import { followTable } from './lease/follow.ts';
import { createNudge } from './lease/nudge.ts';
import { startLiveServer } from './live/server.ts';
import { answerProbes } from './onvif/answer.ts';
import { createLogins } from './onvif/logins.ts';
import { createDetectors } from './pipeline/detectors.ts';
import { openFleet, passwordOf as passwordOfCamera } from './pipeline/fleet.ts';
import { createStageMetrics, type StageMetrics, watchFigures } from './pipeline/stage-metrics.ts';
import { createStates } from './pipeline/states.ts';
import { type Turning, watchTurning } from './ptz/watch-turning.ts';
import { isRefusal, jetStreamPublisher } from './publish/jetstream.ts';
import { looksTeller } from './publish/looks.ts';
import { type Outbox, openOutbox } from './publish/outbox.ts';
import { hostOf } from './read/rtsp-url.ts';
import { openSpool, type Spool, type SpoolLoss } from './spool/spool.ts';

export type WorkerOptions = { worker: string; logger: Logger; signal: AbortSignal; onReady: () => void };

const ADOPT_INTERVAL_MS = 30_000;

/** Runs until the signal aborts, then drains: cameras stop, their last messages go out, leases are given back. */
export async function runWorker(config: Config, options: WorkerOptions): Promise<void> {
  const { worker, logger, signal } = options;
  warnOfThreads(config, logger);
  logins.pace(config.loginsPerS / config.workers);
  const metrics = createMetrics('ingest', worker);
  const stages = createStageMetrics(metrics);
  watchDisk(metrics, config.dataDir);
  await using broker = await openBroker(config, 'ingest', { logger, name: worker, signal });
  for (const stream of [DETECTIONS_STREAM, LOOKS_STREAM, HEALTH_STREAM]) await ensureStream(broker, stream);
  const { connection, isConnected } = broker;
  const registry = await openRegistry(connection);
  const follow = { signal, logger };
  const areas = followTable(registry.areas, { ...follow, onChange: () => places.forget() });
  const calibrations = followTable(registry.calibrations, follow);
  const nudges = { claims: createNudge(), fleet: createNudge() };
  const cameras = followTable(registry.cameras, {
    ...follow,
    onChange: () => [nudges.claims, nudges.fleet].forEach(({ give }) => void give()),
  });
  const places = placeCameras(() => [...areas.entries()].map(([, { value }]) => value));
  const cameraOf = (id: string) => cameras.entries().get(id)?.value;
  const revisionOf = (id: string) => cameras.entries().get(id)?.revision;
  const areaPathOf = (id: string) => places.tree().pathOf(cameraOf(id)?.area ?? null);

  using spool = takeSpool(config, { worker, logger, stages });
  await using outbox = openOutbox({
    publish: jetStreamPublisher(broker.stream),
    isRefusal,
    isConnected,
    spool,
    logger,
    onEvent: stages.outbox,
  });
  using _adoption = adoptSpools({ spool, outbox, logger });
  await using detectors = createDetectors(config, { logger, onBatch: stages.detected });
  let events: DeviceEvents | undefined;
  let heads: Turning | undefined;
  const deviceOf = (id: string) => ({ ...events?.stateOf(id), ...heads?.stateOf(id) });
  using states = createStates({ table: registry.states, connection, areaPathOf, isConnected, deviceOf, logger });
  await Promise.race([
    Promise.all([cameras.whenCurrent, areas.whenCurrent, calibrations.whenCurrent]),
    aborted(signal),
  ]);
  await using claims = await openClaims({
    worker,
    cameraCap: config.workerCameras,
    leases: await openLeases(connection),
    workers: await openWorkers(connection),
    wanted: () => new Set([...cameras.entries()].filter(([, { value }]) => value.isEnabled).map(([id]) => id)),
    isConnected,
    changed: nudges.claims,
    onHeld: nudges.fleet.give,
    signal,
    logger,
  });
  const sealKey = loadSealKey(config.dataDir);
  const deviceLogins = createLogins();
  using eventTeller = createEventTeller({ connection, isConnected, areaPathOf, logger });
  const passwordOf = (camera: Camera) => passwordOfCamera(camera, { sealKey, logger });
  const devices = {
    cameras: () => watchedCameras({ held: () => claims.held().keys(), cameraOf, passwordOf }),
    logins: deviceLogins,
    signal,
    logger,
  };
  await using watched = watchEvents({ ...devices, worker, onEvent: eventTeller.tell });
  events = watched;
  const calibrationOf = (id: string) => calibrations.entries().get(id)?.value;
  await using turning = watchTurning({ ...devices, calibrationOf, onTurn: states.renew });
  heads = turning;
  await using live = await startLiveServer({
    host: config.workerHost,
    viewsOf: (id) => fleet.viewsOf(id),
    logger,
    onVideo: stages.video,
  });
  await using renderer = createRenderer();
  await using fleet = openFleet({
    ...{
      worker,
      claims,
      cameraOf,
      revisionOf,
      changed: nudges.fleet,
      areaPathOf,
      connection,
      detectors,
      outbox,
      states,
      logger,
      signal,
    },
    live: () => live,
    tellLook: looksTeller({ connection, isConnected }),
    isHinted: watched.isMoving,
    referenceViews: registry.views,
    evidence: { ...ringLimits(config), renderer, clips: createClipMetrics(metrics) },
    turning,
    calibrationVersionOf: (id) => turning.versionOf(id) ?? calibrationOf(id)?.version ?? 0,
    sealKey,
    dataDir: config.dataDir,
    mediaDirs: config.mediaDirs,
    presenceCapMs: config.presenceCapS * 1000,
    metrics: stages,
  });
  watchFigures(metrics, { detectors, spool, outbox, states: states.all, counts: claims.counts });
  watchRings(metrics, { rings: fleet.rings, renderer });
  answerControl(connection, {
    metrics,
    health: describeHealth({
      worker,
      cameraCap: config.workerCameras,
      claims,
      detectors,
      outbox,
      spool,
      stages,
      states,
    }),
  });
  using _discovery = answerDiscovery(connection, { logger });
  using _probes = answerProbes(connection, {
    ...{ worker, sealKey, logger, logins: deviceLogins },
    isMasked: (host) => [...cameras.entries()].some(([, { value }]) => isMaskedAt(value, host)),
  });
  options.onReady();
  await aborted(signal);
}

const ringLimits = ({ evidenceRingMb, evidenceRingS }: Config) => ({
  ringMaxBytes: evidenceRingMb * 1024 ** 2,
  ringMaxMs: evidenceRingS * 1000,
});

function isMaskedAt({ source, watchUrl, device, privacyMasks = [] }: Camera, host: string): boolean {
  const hosts = [source.kind === 'rtsp' ? hostOf(source.url) : '', hostOf(watchUrl ?? ''), device?.host.toLowerCase()];
  return privacyMasks.length > 0 && hosts.includes(host);
}

function warnOfThreads({ workerCameras }: Config, logger: Logger): void {
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
  if (threads >= threadsFor(workerCameras)) return;
  logger.warn(
    { threads, wanted: threadsFor(workerCameras) },
    'UV_THREADPOOL_SIZE is small: cameras will wait for each other',
  );
}

/** The tree is built when it is first asked for after a change. */
function placeCameras(areas: () => Parameters<typeof buildAreaTree>[0]): { tree: () => AreaTree; forget: () => void } {
  let tree: AreaTree | undefined;
  return {
    tree: () => {
      tree ??= buildAreaTree(areas());
      return tree;
    },
    forget: () => {
      tree = undefined;
    },
  };
}

function takeSpool(config: Config, options: { worker: string; logger: Logger; stages: StageMetrics }): Spool {
  const folder = resolve(config.dataDir, 'spool', options.worker);
  const onLoss = (loss: SpoolLoss) => {
    options.stages.lost(loss);
    options.logger.error(loss, 'messages given up');
  };
  const spool = openSpool(folder, {
    maxBytes: config.spoolMaxMb * 1024 ** 2,
    maxAgeMs: config.spoolMaxMinutes * 60_000,
    onLoss,
  });
  if (spool === undefined) {
    const cure = 'Give this worker another --name, or end the other one.';
    throw new FaultError('data-locked', `another worker runs under the name ${options.worker} on ${folder}`, { cure });
  }
  return spool;
}

/** Messages of workers that are gone go out through this one; looked for at start and every half minute. */
function adoptSpools({ spool, outbox, logger }: { spool: Spool; outbox: Outbox; logger: Logger }): Disposable {
  const adopt = () => {
    try {
      const segments = spool.adopt();
      if (segments === 0) return;
      logger.info({ segments }, 'orphaned spool adopted');
      outbox.wake();
    } catch (error) {
      logger.warn({ error: (error as Error).message }, 'orphaned spool not adopted');
    }
  };
  adopt();
  const timer = setInterval(adopt, ADOPT_INTERVAL_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
