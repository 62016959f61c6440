/**
 * The fence: a worker whose lease was taken over may still write for a while. A message of a lower revision is stale
 * when it was captured at or after the first capture of a higher one; an older message of a lower revision (a spool
 * that is replayed) is good. First captures only get earlier, are stored with the rows, and are shared through the store.
 */
import type { RevisionRow } from '#analytics/store/rows.ts';

export type Fence = {
  /** Takes the message into account and says whether it is stale. */
  isStale: (camera: string, revision: number, capturedAtMs: number) => boolean;
  /** First captures that are new or earlier than before; to be stored before the messages are acknowledged. */
  takeChanges: () => RevisionRow[];
  /** What other processes and runs have seen. */
  learn: (rows: Iterable<RevisionRow>) => void;
  /** The highest revision of any camera. */
  highest: () => { camera: string; revision: number } | undefined;
};

/** Revisions of a camera that are remembered; below them the lowest remembered one fences. */
const REVISIONS_MAX = 64;

export function createFence(): Fence {
  const firsts = new Map<string, Map<number, number>>();
  let changes: RevisionRow[] = [];

  function note(camera: string, revision: number, capturedAtMs: number): boolean {
    const known = firsts.get(camera) ?? new Map<number, number>();
    firsts.set(camera, known);
    const first = known.get(revision);
    if (first !== undefined && first <= capturedAtMs) return false;
    known.set(revision, capturedAtMs);
    if (known.size > REVISIONS_MAX) known.delete(Math.min(...known.keys()));
    return true;
  }

  function highest(): { camera: string; revision: number } | undefined {
    let top: { camera: string; revision: number } | undefined;
    for (const [camera, revisions] of firsts) {
      for (const revision of revisions.keys()) if (revision > (top?.revision ?? -1)) top = { camera, revision };
    }
    return top;
  }

  return {
    highest,
    isStale(camera, revision, capturedAtMs) {
      for (const [other, firstMs] of firsts.get(camera) ?? [])
        if (other > revision && firstMs <= capturedAtMs) return true;
      if (note(camera, revision, capturedAtMs)) changes.push({ camera, revision, firstCapturedAtMs: capturedAtMs });
      return false;
    },
    takeChanges() {
      const rows = changes;
      changes = [];
      return rows;
    },
    learn(rows) {
      for (const { camera, revision, firstCapturedAtMs } of rows) note(camera, revision, firstCapturedAtMs);
    },
  };
}
