/** Tells messages that are surely new from those that may have been stored before, so that only these are swept after. */
import type { DetectionMessage } from '#models/schema/detection.ts';

export type Repeats = { mayRepeat: (message: DetectionMessage, isRedelivered: boolean) => boolean };

/** A camera's lease gives rising sequences: one that is not higher than all before it, or the first we see, may repeat. */
export function createRepeats(): Repeats {
  const highest = new Map<string, { revision: number; sequence: number }>();
  return {
    mayRepeat({ camera, revision, sequence }, isRedelivered) {
      const before = highest.get(camera);
      const isAhead =
        before !== undefined &&
        (revision > before.revision || (revision === before.revision && sequence > before.sequence));
      if (before === undefined || isAhead) highest.set(camera, { revision, sequence });
      return isRedelivered || !isAhead;
    },
  };
}
