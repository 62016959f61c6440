/** Something that must hold without a break before it counts, and be over for a while before it ends: no flicker. */

export type LastingState = { sinceMs: number; offSinceMs: number; isOpen: boolean };

/** Over for this long is over. */
const END_AFTER_MS = 3000;

export const notLasting = (): LastingState => ({ sinceMs: 0, offSinceMs: 0, isOpen: false });

type Held = { atMs: number; forMs: number; endAfterMs?: number };

/** `isSo` undefined: nobody can know just now; what goes on goes on, what had not begun begins anew. */
export function lasts(
  state: LastingState,
  isSo: boolean | undefined,
  { atMs, forMs, endAfterMs = END_AFTER_MS }: Held,
): 'begin' | 'end' | undefined {
  if (isSo === undefined) {
    if (!state.isOpen) state.sinceMs = 0;
    return undefined;
  }
  if (isSo) {
    state.offSinceMs = 0;
    if (state.sinceMs === 0) state.sinceMs = atMs;
    if (!state.isOpen && atMs - state.sinceMs >= forMs) {
      state.isOpen = true;
      return 'begin';
    }
    return undefined;
  }
  if (!state.isOpen) {
    state.sinceMs = 0;
    return undefined;
  }
  if (state.offSinceMs === 0) state.offSinceMs = atMs;
  if (atMs - state.offSinceMs < endAfterMs) return undefined;
  Object.assign(state, notLasting());
  return 'end';
}
