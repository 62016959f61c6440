/** The heads of all cameras of this worker that turn: where each stands, since when, and which calibration holds there. */
import type { WatchedCamera } from '#ingest/events/watch-events.ts';
import type { Logins } from '#ingest/onvif/logins.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import type { CameraState } from '#models/schema/camera.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { isSamePose, type PtzState } from '#models/schema/ptz.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { followHead } from './follow-head.ts';
import type { Preset, Reading } from './position.ts';
import { type Stand, versionHeldAt } from './whereabouts.ts';

export type TurningOptions = {
  /** The cameras of this worker whose devices speak ONVIF, as they are registered now. */
  cameras: () => Iterable<WatchedCamera>;
  calibrationOf: (camera: string) => Calibration | undefined;
  logins: Logins;
  /** It stands elsewhere, or another calibration holds. */
  onTurn: (camera: string) => void;
  signal: AbortSignal;
  logger: Logger;
  everyMs?: number;
};

export type Placing = Pick<DetectionMessage, 'isViewMoved' | 'calibrationVersion'>;

export type Turning = AsyncDisposable & {
  /** For the camera's state; empty where it does not turn. */
  stateOf: (camera: string) => Pick<CameraState, 'ptz'>;
  /** How what was seen from then on is placed; empty where it does not turn. */
  placingOf: (camera: string, seenFromMs: number) => Placing;
  /** The calibration that holds now, 0 where none does; undefined where it does not turn. */
  versionOf: (camera: string) => number | undefined;
};

type Head = {
  definition: string;
  stopping: AbortController;
  over: Promise<void>;
  stand: Stand | undefined;
  presets: readonly Preset[];
  readAtMs: number;
  /** By the clock of messages: since when it stands like this. */
  sinceMs: number;
};

const TICK_MS = 1000;
/** After a restart a thousand devices are not asked at once. */
const STARTS_PER_TICK = 8;
/** A pose that could not be read for so long is no longer known. */
const STALE_MS = 10_000;

export function watchTurning(options: TurningOptions): Turning {
  const { signal, logger } = options;
  const heads = new Map<string, Head>();
  const ending = new Set<Promise<void>>();

  const end = (id: string, head: Head) => {
    heads.delete(id);
    head.stopping.abort();
    ending.add(head.over);
    void head.over.finally(() => ending.delete(head.over));
  };
  const begin = (camera: WatchedCamera, definition: string) => {
    const stopping = new AbortController();
    const unknown = { stand: undefined, presets: [], readAtMs: Number.NEGATIVE_INFINITY, sinceMs: 0 };
    const head: Head = { definition, stopping, over: Promise.resolve(), ...unknown };
    heads.set(camera.id, head);
    const { id, device, user } = camera;
    head.over = followHead({
      ...{ camera: id, device, user, password: camera.password(), logins: options.logins, logger },
      ...(options.everyMs === undefined ? {} : { everyMs: options.everyMs }),
      signal: stopping.signal,
      onReading(reading, presets) {
        if (take(head, reading, presets)) options.onTurn(id);
      },
    }).catch((error: Error) => logger.error({ camera: id, error: error.stack }, 'head not followed'));
  };
  const tick = () => {
    const wanted = new Map([...options.cameras()].map((camera) => [camera.id, camera]));
    let starts = 0;
    for (const [id, head] of heads) {
      const camera = wanted.get(id);
      if (camera === undefined || definitionOf(camera) !== head.definition) end(id, head);
    }
    for (const [id, camera] of wanted) {
      if (!heads.has(id) && starts++ < STARTS_PER_TICK) begin(camera, definitionOf(camera));
    }
  };
  const loop = (async () => {
    while (!signal.aborted) {
      tick();
      await pause(TICK_MS, signal);
    }
    for (const [id, head] of heads) end(id, head);
    await Promise.all(ending);
  })();

  const standOf = (id: string) => {
    const head = heads.get(id);
    return head === undefined || performance.now() - head.readAtMs > STALE_MS ? undefined : head.stand;
  };
  const versionOf = (id: string) => versionHeldAt(standOf(id), options.calibrationOf(id));
  return {
    versionOf,
    stateOf(id) {
      const stand = standOf(id);
      if (stand === undefined) return {};
      return { ptz: ptzState(stand, heads.get(id)?.presets ?? [], versionOf(id) ?? 0) };
    },
    placingOf(id, seenFromMs) {
      const version = versionOf(id);
      if (version === undefined) return {};
      const isSettled = seenFromMs >= (heads.get(id)?.sinceMs ?? 0);
      if (version > 0 && isSettled) return { calibrationVersion: version };
      return options.calibrationOf(id) === undefined ? {} : { isViewMoved: true };
    },
    [Symbol.asyncDispose]: () => loop,
  };
}

const definitionOf = ({ device, user, sealedPassword }: WatchedCamera) =>
  JSON.stringify([device.host, device.port, device.channel, device.profile, user, sealedPassword]);

/** True where it is another stand. A device that does not say whether it moves moves while its pose changes. */
function take(head: Head, { pose, isMoving }: Reading, presets: readonly Preset[]): boolean {
  const before = performance.now() - head.readAtMs > STALE_MS ? undefined : head.stand;
  const isElsewhere = before === undefined || !isSamePose(before.pose, pose);
  const next = { pose, isMoving: isMoving ?? (before !== undefined && isElsewhere) };
  const isNew = isElsewhere || before.isMoving !== next.isMoving;
  // Slow drift adds up: what it is compared with stays while it counts as the same.
  head.stand = isNew ? next : before;
  head.presets = presets;
  head.readAtMs = performance.now();
  if (isNew) head.sinceMs = Date.now();
  return isNew;
}

function ptzState({ pose, isMoving }: Stand, presets: readonly Preset[], version: number): PtzState {
  const at = isMoving
    ? undefined
    : presets.find((preset) => preset.pose !== undefined && isSamePose(preset.pose, pose));
  return {
    ...pose,
    isMoving,
    ...(at === undefined ? {} : { preset: { token: at.token, name: at.name } }),
    ...(version > 0 ? { calibrationVersion: version } : {}),
  };
}
