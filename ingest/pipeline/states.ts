/** What this worker says of its cameras: on every change, to the registry every five seconds and for the history every 15. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { Table } from '#models/registry/table.ts';
import type { AreaPath } from '#models/schema/area.ts';
import type { CameraState } from '#models/schema/camera.ts';
import type { EventsState } from '#models/schema/camera-event.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { healthSubject } from '#models/wire/subjects.ts';
import type { Logger } from '#system/logs.ts';

export type Conclusion = { state: 'waiting' | 'disabled'; message: string } | 'removed';

export type States = Disposable & {
  report: (state: CameraState) => void;
  /** The worker goes by this revision of the camera's registration from now on. */
  applied: (camera: string, revision: number) => void;
  /** Something else of its state is new: it is told at once. */
  renew: (camera: string) => void;
  /** The last word of this worker on a camera that it gives away, and the revision that it goes by. */
  conclude: (camera: string, last: Conclusion, revision: number | undefined) => Promise<void>;
  /** Another worker has the camera now and speaks for it. */
  forget: (camera: string) => void;
  all: () => readonly CameraState[];
};

export type StateOptions = {
  table: Table<CameraState>;
  connection: NatsConnection;
  areaPathOf: (camera: string) => AreaPath;
  isConnected: () => boolean;
  /** What is known of its device: its events, and where it stands. */
  deviceOf?: (camera: string) => EventsState & Pick<CameraState, 'ptz'>;
  logger: Logger;
};

type Applied = Required<Pick<CameraState, 'appliedRevision' | 'appliedAtMs'>>;

const appliedNow = (revision: number): Applied => ({ appliedRevision: revision, appliedAtMs: Date.now() });

const INTERVAL_MS = 5000;
/** Of the turns of `INTERVAL_MS`, every so many is told on the subject of health, which a stream keeps. */
const TURNS = 3;

/** While the broker is away nothing is sent; what is true then is told when it is back. */
export function createStates(options: StateOptions): States {
  const { table, connection, areaPathOf, isConnected, logger, deviceOf = () => ({}) } = options;
  const latest = new Map<string, CameraState>();
  const applied = new Map<string, Applied>();

  async function tell(reported: CameraState, isForHistory: boolean): Promise<void> {
    if (!isConnected()) return;
    const state = { ...reported, ...deviceOf(reported.camera), ...applied.get(reported.camera) };
    if (isForHistory) connection.publish(healthSubject(areaPathOf(state.camera), state.camera), encodeMessage(state));
    await table.put(state.camera, state);
  }
  const tellSoftly = (state: CameraState, isForHistory = true) =>
    tell(state, isForHistory).catch((error: Error) =>
      logger.debug({ camera: state.camera, error: error.message }, 'camera state not told'),
    );
  const renew = (camera: string) => {
    const state = latest.get(camera);
    if (state !== undefined) void tellSoftly({ ...state, updatedAtMs: Date.now() });
  };
  let turn = 0;
  const timer = setInterval(() => {
    const isForHistory = turn++ % TURNS === 0;
    for (const state of latest.values()) void tellSoftly({ ...state, updatedAtMs: Date.now() }, isForHistory);
  }, INTERVAL_MS).unref();

  return {
    report(state) {
      const before = latest.get(state.camera);
      latest.set(state.camera, state);
      if (before?.state === state.state && before.reason === state.reason && namesOf(before) === namesOf(state)) return;
      const { camera, reason, message } = state;
      logger.info({ camera, state: state.state, reason, message, picture: namesOf(state) }, 'camera state changed');
      void tellSoftly(state);
    },
    applied(camera, revision) {
      applied.set(camera, appliedNow(revision));
      renew(camera);
    },
    renew,
    async conclude(camera, last, revision) {
      const before = latest.get(camera);
      latest.delete(camera);
      applied.delete(camera);
      if (!isConnected()) return;
      if (last === 'removed') return void (await table.remove(camera).catch(() => {}));
      if (before === undefined) return;
      const {
        reason: _reason,
        cure: _cure,
        downSinceMs: _down,
        nextTryAtMs: _next,
        picture: _picture,
        ...rest
      } = before;
      const now = Date.now();
      const marks = revision === undefined ? {} : appliedNow(revision);
      await tellSoftly({ ...rest, ...last, ...marks, sinceMs: now, reasonSinceMs: now, updatedAtMs: now });
    },
    forget(camera) {
      latest.delete(camera);
      applied.delete(camera);
    },
    all: () => [...latest.values()],
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function namesOf({ picture = [] }: CameraState): string {
  return picture.map(({ finding }) => finding).join(' ');
}
