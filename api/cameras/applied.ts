/** Waits for the word of a worker that it goes by a change: which worker, and after what time; or why none says so. */
import type { Camera } from '#models/schema/camera.ts';
import type { Applied } from '#models/schema/camera-view.ts';
import { FAULTS } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';
import { stateOf } from './view.ts';

type Wanted = { camera: Camera; revision: number | undefined; waitS: number };

/** A worker hears of a change within some milliseconds; what takes longer is the end of the former stream. */
export const WAIT_MAX_S = 15;

export async function waitForApplied({ camera, revision, waitS }: Wanted, context: Context): Promise<Applied> {
  const { states } = context;
  const beganAt = performance.now();
  const told = () => {
    const state = states.get(camera.id);
    return (state?.appliedRevision ?? -1) >= (revision ?? 0) ? state : undefined;
  };
  const isOff = () => !camera.isEnabled && [undefined, 'disabled'].includes(states.get(camera.id)?.state);
  await untilChange(() => told() !== undefined || isOff(), { camera: camera.id, waitMs: waitS * 1000, context });
  const state = told();
  const afterMs = Math.round(performance.now() - beganAt);
  if (state !== undefined) return { isApplied: true, worker: state.worker, afterMs };
  if (isOff()) return { isApplied: true, afterMs, message: 'It is switched off: nothing runs that could take it up.' };
  return notApplied(camera, waitS, context);
}

function notApplied(camera: Camera, waitS: number, context: Context): Applied {
  const state = stateOf(camera, context, Date.now());
  if (state.reason === 'no-worker') {
    return { isApplied: false, code: 'no-worker', message: state.message ?? '', cure: state.cure ?? '' };
  }
  const { cure } = FAULTS['change-not-applied'];
  const message = `${state.worker} has not said within ${waitS} seconds that it goes by the change.`;
  return { isApplied: false, code: 'change-not-applied', message, cure };
}

type Waiting = { camera: string; waitMs: number; context: Context };

async function untilChange(isOver: () => boolean, { camera, waitMs, context }: Waiting): Promise<void> {
  if (isOver()) return;
  const over = Promise.withResolvers<void>();
  const stop = context.states.onChange((changed) => changed === camera && isOver() && over.resolve());
  const timer = setTimeout(over.resolve, waitMs);
  context.signal.addEventListener('abort', () => over.resolve(), { once: true });
  await over.promise;
  clearTimeout(timer);
  stop();
}
