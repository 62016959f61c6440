/** A camera is in trouble for so long: down, tampered with, moved, frozen, dark, or by its device's own word. */
import type { Static } from 'typebox';
import type { CameraCondition } from '#models/schema/rule-condition.ts';
import { CAMERA_TROUBLES } from '#models/schema/rule-condition.ts';
import type { Trouble } from '../look.ts';
import type { Setting, Watcher } from '../watcher.ts';

/** Since when, by trouble. */
type Troubles = Map<Trouble, number>;

export function watchCamera(when: Static<typeof CameraCondition>, { emit }: Setting): Watcher {
  const afterMs = (when.afterS ?? 0) * 1000;
  let since: Troubles = new Map();
  return {
    word({ atMs, troubles }) {
      for (const { trouble, isOn, sinceMs } of troubles) {
        if (!when.troubles.includes(trouble)) continue;
        if (isOn) since.set(trouble, since.get(trouble) ?? Math.min(sinceMs, atMs));
        else if (since.delete(trouble)) emit.end(trouble, atMs);
      }
      for (const [trouble, sinceMs] of since) {
        if (atMs - sinceMs < afterMs || emit.isOpen(trouble)) continue;
        const values = { trouble: CAMERA_TROUBLES.indexOf(trouble), seconds: (atMs - sinceMs) / 1000 };
        emit.begin(trouble, { atMs, values: afterMs === 0 ? values : { ...values, limit: afterMs / 1000 } });
      }
    },
    save: () => since,
    load: (state) => {
      since = state as Troubles;
    },
  };
}
