/**
 * A track is told from its second look on, because one look alone may be wrong. The second says that the first was right:
 * without it every thing would be short of one look, which of a bus that passes in two seconds is a tenth.
 */
import type { TrackedDetection } from '#models/schema/detection.ts';

type Told = { capturedAtMs: number; detections: TrackedDetection[] };

/** The look with what the `next` one tells to have begun at it. */
export function withFirst<Look extends Told>(look: Look, next: Told): Look {
  const begun = next.detections.flatMap(({ first, ...detection }): TrackedDetection[] =>
    first?.atMs === look.capturedAtMs ? [{ ...detection, score: first.score, box: first.box, isFirst: true }] : [],
  );
  return begun.length === 0 ? look : { ...look, detections: [...look.detections, ...begun] };
}
