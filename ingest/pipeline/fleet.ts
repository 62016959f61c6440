/** The cameras of this worker: started, edited, stopped and given away as the registry and the leases say. */
import type { NatsConnection } from '@nats-io/nats-core';
import { answerEvidence } from '#ingest/evidence/answer.ts';
import type { PacketRing } from '#ingest/evidence/ring.ts';
import type { Claims } from '#ingest/lease/claims.ts';
import type { Nudge } from '#ingest/lease/nudge.ts';
import { answerLive } from '#ingest/live/answer.ts';
import type { LiveServer, LiveViews } from '#ingest/live/server.ts';
import { answerThumbnail } from '#ingest/live/thumbnail.ts';
import { unseal } from '#models/registry/seal.ts';
import type { AreaPath } from '#models/schema/area.ts';
import type { Camera } from '#models/schema/camera.ts';
import { pause } from '#system/lifecycle.ts';
import { type CameraOptions, type RunningCamera, startCamera } from './camera.ts';
import type { Conclusion } from './states.ts';

export type FleetOptions = Omit<
  CameraOptions,
  'password' | 'areaPath' | 'term' | 'nextSequence' | 'calibrationVersion'
> & {
  claims: Claims;
  /** The camera as it is registered now. */
  cameraOf: (id: string) => Camera | undefined;
  /** Of the registry, at which the camera is what it is now. */
  revisionOf: (id: string) => number | undefined;
  /** Given when a camera's registration changed, or what this worker holds. */
  changed: Nudge;
  areaPathOf: (camera: string) => AreaPath;
  calibrationVersionOf: (camera: string) => number;
  connection: NatsConnection;
  live: () => LiveServer;
  sealKey: Buffer;
  signal: AbortSignal;
};

export type Fleet = AsyncDisposable & {
  viewsOf: (camera: string) => LiveViews | undefined;
  /** What is remembered of each camera that runs. */
  rings: () => PacketRing[];
};

/** What this worker knows of a camera for as long as it has the lease, across edits. */
type Slot = {
  running: { camera: RunningCamera; definition: string; answering: Disposable } | undefined;
  busy: Promise<void> | undefined;
  term: number;
  sequence: number;
  appliedRevision: number | undefined;
};

const NEW_SLOT: Slot = { running: undefined, busy: undefined, term: 0, sequence: 0, appliedRevision: undefined };

const TICK_MS = 250;
const FAREWELL_MS = 2000;

export function openFleet(options: FleetOptions): Fleet {
  const { signal } = options;
  const slots = new Map<string, Slot>();
  const loop = (async () => {
    while (!signal.aborted) {
      tick(slots, options);
      await options.changed.wait(TICK_MS, signal);
    }
  })();
  return {
    viewsOf: (camera) => slots.get(camera)?.running?.camera.views,
    rings: () =>
      [...slots.values()].flatMap(({ running }) => (running === undefined ? [] : [running.camera.evidence.ring])),
    async [Symbol.asyncDispose]() {
      await loop;
      await Promise.all([...slots.values()].map((slot) => slot.busy));
      await Promise.all([...slots].map(([id, slot]) => giveAway(id, slot, slots, options)));
    },
  };
}

function tick(slots: Map<string, Slot>, options: FleetOptions): void {
  const held = options.claims.held();
  const surplus = options.claims.surplus();
  for (const id of new Set([...held.keys(), ...slots.keys()])) {
    const slot = slots.get(id) ?? { ...NEW_SLOT };
    slots.set(id, slot);
    if (slot.busy !== undefined) continue;
    slot.term = held.get(id)?.term ?? slot.term;
    const camera = options.cameraOf(id);
    const isOurs = held.has(id) && !surplus.has(id) && camera?.isEnabled === true;
    const change = isOurs ? bringUpToDate(camera, slot, options) : giveAway(id, slot, slots, options);
    slot.busy = change
      .catch((error: Error) => options.logger.error({ camera: id, error: error.stack }, 'camera not changed'))
      .finally(() => {
        slot.busy = undefined;
        // What changed while it was busy is not left to the next tick.
        if (options.revisionOf(id) !== slot.appliedRevision && slot.running !== undefined) options.changed.give();
      });
  }
}

/** What the pipeline depends on; a new name, area or position changes nothing that runs. */
function definitionOf(camera: Camera): string {
  const { source, watchUrl, sampleFps, isGated, fullLookIntervalS, model, scoreMin, inputSize, privacyMasks } = camera;
  const settings = { sampleFps, isGated, fullLookIntervalS, model, scoreMin, inputSize };
  return JSON.stringify({ source, watchUrl, ...settings, privacyMasks });
}

async function bringUpToDate(camera: Camera, slot: Slot, options: FleetOptions): Promise<void> {
  const { id } = camera;
  const revision = options.revisionOf(id);
  await restart(camera, slot, options);
  if (revision === undefined || revision === slot.appliedRevision) return;
  slot.appliedRevision = revision;
  options.states.applied(id, revision);
}

async function restart(camera: Camera, slot: Slot, options: FleetOptions): Promise<void> {
  const definition = definitionOf(camera);
  if (slot.running?.definition === definition) return;
  await stop(slot);
  const { id } = camera;
  const running = startCamera(camera, {
    ...options,
    password: passwordOf(camera, options),
    areaPath: () => options.areaPathOf(id),
    calibrationVersion: () => options.calibrationVersionOf(id),
    term: () => {
      slot.term = options.claims.held().get(id)?.term ?? slot.term;
      return slot.term;
    },
    nextSequence: () => slot.sequence++,
  });
  const answering = new DisposableStack();
  answering.use(answerLive(options.connection, id, options.live()));
  answering.use(answerThumbnail(options.connection, id, running.thumbnail));
  answering.use(answerEvidence(options.connection, id, { desk: running.evidence, server: options.live() }));
  slot.running = { definition, answering, camera: running };
}

async function stop(slot: Slot): Promise<void> {
  const { running } = slot;
  if (running === undefined) return;
  running.answering[Symbol.dispose]();
  await running.camera.stop();
  slot.running = undefined;
}

/** Stops the camera, lets its last messages go out, says so, and only then lets others have it. */
async function giveAway(id: string, slot: Slot, slots: Map<string, Slot>, options: FleetOptions): Promise<void> {
  const revision = options.revisionOf(id);
  await stop(slot);
  slots.delete(id);
  if (!options.claims.held().has(id)) return options.states.forget(id);
  const farewell = async () => {
    if (options.cameraOf(id) === undefined) await options.referenceViews.remove(id).catch(() => {});
    await options.states.conclude(id, lastWord(options.cameraOf(id)), revision);
    await options.claims.release(id);
  };
  // A broker that hangs must not hold up the end: the lease then expires by itself.
  await Promise.race([farewell(), pause(FAREWELL_MS)]);
}

function lastWord(camera: Camera | undefined): Conclusion {
  if (camera === undefined) return 'removed';
  if (camera.isEnabled) return { state: 'waiting', message: 'It waits for an ingest worker.' };
  return { state: 'disabled', message: 'Somebody switched the camera off.' };
}

/** undefined where there is none, or where it was sealed with another key: the camera then says that it wants one. */
export function passwordOf(
  { id, source }: Camera,
  { sealKey, logger }: Pick<FleetOptions, 'sealKey' | 'logger'>,
): string | undefined {
  if (source.kind !== 'rtsp' || source.sealedPassword === undefined) return undefined;
  try {
    return unseal(source.sealedPassword, sealKey, id);
  } catch (error) {
    logger.error({ camera: id, error: (error as Error).message }, 'password not unsealed; copy secrets/seal.key here');
    return undefined;
  }
}
