/** What this worker says of its cameras: to the registry and to who listens, on every change and every five seconds. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { Table } from '#models/registry/table.ts';
import type { AreaPath } from '#models/schema/area.ts';
import type { CameraState } from '#models/schema/camera.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { healthSubject } from '#models/wire/subjects.ts';
import type { Logger } from '#system/logs.ts';

export type Conclusion = { state: 'waiting' | 'disabled'; message: string } | 'removed';

export type States = Disposable & {
  report: (state: CameraState) => void;
  /** The last word of this worker on a camera that it gives away. */
  conclude: (camera: string, last: Conclusion) => Promise<void>;
  /** Another worker has the camera now and speaks for it. */
  forget: (camera: string) => void;
  all: () => readonly CameraState[];
};

export type StateOptions = {
  table: Table<CameraState>;
  connection: NatsConnection;
  areaPathOf: (camera: string) => AreaPath;
  isConnected: () => boolean;
  logger: Logger;
};

const INTERVAL_MS = 5000;

/** While the broker is away nothing is sent; what is true then is told when it is back. */
export function createStates(options: StateOptions): States {
  const { table, connection, areaPathOf, isConnected, logger } = options;
  const latest = new Map<string, CameraState>();

  async function tell(state: CameraState): Promise<void> {
    if (!isConnected()) return;
    connection.publish(healthSubject(areaPathOf(state.camera), state.camera), encodeMessage(state));
    await table.put(state.camera, state);
  }
  const tellSoftly = (state: CameraState) =>
    tell(state).catch((error: Error) =>
      logger.debug({ camera: state.camera, error: error.message }, 'camera state not told'),
    );
  const timer = setInterval(() => {
    for (const state of latest.values()) void tellSoftly({ ...state, updatedAtMs: Date.now() });
  }, INTERVAL_MS).unref();

  return {
    report(state) {
      const before = latest.get(state.camera);
      latest.set(state.camera, state);
      if (before?.state === state.state && before.reason === state.reason) return;
      const { camera, reason, message } = state;
      logger.info({ camera, state: state.state, reason, message }, 'camera state changed');
      void tellSoftly(state);
    },
    async conclude(camera, last) {
      const before = latest.get(camera);
      latest.delete(camera);
      if (!isConnected()) return;
      if (last === 'removed') return void (await table.remove(camera).catch(() => {}));
      if (before === undefined) return;
      const { reason: _reason, cure: _cure, downSinceMs: _down, nextTryAtMs: _next, ...rest } = before;
      const now = Date.now();
      await tellSoftly({ ...rest, ...last, sinceMs: now, reasonSinceMs: now, updatedAtMs: now });
    },
    forget: (camera) => void latest.delete(camera),
    all: () => [...latest.values()],
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
