/** A camera as people see it: no password, where it stands, and a state that is true also when nobody reports it. */
import type { Camera, CameraState } from '#models/schema/camera.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { FAULTS, FaultError } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';

/** A worker speaks of each camera every few seconds; after this time it is taken to be gone. */
export const STATE_TIMEOUT_MS = 20_000;

export function viewCamera(camera: Camera, context: Context): CameraView {
  const { source, ...rest } = camera;
  const sealedPassword = source.kind === 'rtsp' ? source.sealedPassword : undefined;
  const calibration = context.calibrations.get(camera.id);
  return {
    ...rest,
    source: source.kind === 'file' ? source : withoutPassword(source),
    hasPassword: sealedPassword !== undefined,
    revision: context.cameras.entry(camera.id)?.revision ?? 0,
    areaPath: context.tree().pathOf(camera.area),
    state: stateOf(camera, context, Date.now()),
    calibrationVersion: calibration?.version ?? null,
    ...(calibration?.grade === undefined ? {} : { calibrationGrade: calibration.grade }),
  };
}

function withoutPassword({ sealedPassword: _sealed, ...shown }: Extract<Camera['source'], { kind: 'rtsp' }>) {
  return shown;
}

/** What the worker said last, unless it is too old to be believed or nobody ever said anything. */
export function stateOf(camera: Camera, { states }: Pick<Context, 'states'>, nowMs: number): CameraState {
  const entry = states.entry(camera.id);
  if (!camera.isEnabled) return { ...silentState(camera, nowMs), state: 'disabled', message: 'It is switched off.' };
  if (entry === undefined) {
    return {
      ...silentState(camera, nowMs),
      state: 'waiting',
      reason: 'no-worker',
      message: 'No ingest worker has it yet.',
      cure: FAULTS['no-worker'].cure,
    };
  }
  // A worker's clock may be off: what arrived while we watched is dated by our own.
  const heardAtMs = entry.seenAtMs ?? Math.min(entry.value.updatedAtMs, nowMs);
  if (nowMs - heardAtMs <= STATE_TIMEOUT_MS) return entry.value;
  const silentS = Math.round((nowMs - heardAtMs) / 1000);
  const { nextTryAtMs: _next, ...last } = entry.value;
  return {
    ...last,
    state: 'down',
    reason: 'no-worker',
    message: `No worker has it: ${entry.value.worker} last spoke of it ${silentS} seconds ago.`,
    cure: FAULTS['no-worker'].cure,
    sinceMs: heardAtMs,
    reasonSinceMs: heardAtMs,
    downSinceMs: last.downSinceMs ?? heardAtMs,
  };
}

function silentState(camera: Camera, nowMs: number): Omit<CameraState, 'state'> {
  const counts = { reconnects: 0, packets: 0, decoded: 0, skipped: 0, looked: 0, dropped: 0, failed: 0, timeJumps: 0 };
  return { camera: camera.id, sinceMs: camera.updatedAtMs, updatedAtMs: nowMs, worker: '', ...counts };
}

/** The camera, where it exists and stands in the principal's areas; otherwise FaultError `not-found`, the same for both. */
export function findCamera(id: string, principal: Principal, context: Context): Camera {
  const camera = context.cameras.get(id);
  if (camera === undefined || !isInScope(principal.user.scope, { area: camera.area, tree: context.tree() })) {
    throw new FaultError('not-found', `there is no camera "${id}"`, { about: { camera: id } });
  }
  return camera;
}
