/** Looks → what a clip must not show: for each picture the parts to blur, or all of it where nobody looked. */
import type { Box } from '#models/schema/detection.ts';
import type { SeenLook } from './seen.ts';

export type CoverSpan = { fromMs: number; toMs: number; box: Box };

/** `whole`: times of which nobody can say where people were. */
export type Cover = { parts: CoverSpan[]; whole: { fromMs: number; toMs: number }[] };

/** A person is there before a detector first finds them, and after it last did. */
const AROUND_MS = 1000;
/** The gate's word that nothing moved comes every five seconds. */
const QUIET_GAP_MAX_MS = 7000;
/** A track that is missed for so long was there meanwhile, between where it was and where it came again. */
const GAP_MAX_MS = QUIET_GAP_MAX_MS;
/** Between two looks at moving things more than this is not looking. */
const LOOK_GAP_MAX_MS = 2000;
/** Of the box, added on each side; boxes are often tight at the head and at moving limbs. */
const MARGIN = { x: 0.2, y: 0.12 };
/** Of the picture: what a box of a few pixels gets at least. */
const MARGIN_MIN = 0.006;
/** Before and after its looks a thing may have moved on. */
const AROUND_GROWTH = 3;

export function coverOf(looks: readonly SeenLook[], { fromMs, toMs }: { fromMs: number; toMs: number }): Cover {
  const near = looks.filter(({ atMs }) => atMs >= fromMs - QUIET_GAP_MAX_MS && atMs <= toMs + QUIET_GAP_MAX_MS);
  const parts = [...tracksOf(near).values()].flatMap(spansOf);
  const loose = near.flatMap(({ atMs, loose: boxes }) =>
    boxes.map((box) => ({ fromMs: atMs - AROUND_MS / 2, toMs: atMs + AROUND_MS / 2, box: grown(box, 1) })),
  );
  const spans = [...parts, ...loose].filter((span) => span.toMs >= fromMs && span.fromMs <= toMs);
  return { parts: spans, whole: unseen(near, { fromMs, toMs }) };
}

type Mark = { atMs: number; box: Box };

function tracksOf(looks: readonly SeenLook[]): Map<string, Mark[]> {
  const tracks = new Map<string, Mark[]>();
  for (const { atMs, tracked } of looks) {
    for (const { track, box } of tracked) {
      const marks = tracks.get(track) ?? [];
      marks.push({ atMs, box });
      tracks.set(track, marks);
    }
  }
  return tracks;
}

/** From look to look what encloses both boxes, so that it is covered whichever way it went in between. */
function spansOf(marks: readonly Mark[]): CoverSpan[] {
  return marks.flatMap(({ atMs, box }, index) => {
    const next = marks[index + 1];
    const spans: CoverSpan[] = [];
    const isFirst = index === 0 || atMs - marks[index - 1]!.atMs > GAP_MAX_MS;
    if (isFirst) spans.push({ fromMs: atMs - AROUND_MS, toMs: atMs, box: grown(box, AROUND_GROWTH) });
    if (next !== undefined && next.atMs - atMs <= GAP_MAX_MS)
      spans.push({ fromMs: atMs, toMs: next.atMs, box: grown(hull(box, next.box), 1) });
    else spans.push({ fromMs: atMs, toMs: atMs + AROUND_MS, box: grown(box, AROUND_GROWTH) });
    return spans;
  });
}

function hull([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): Box {
  const [left, top] = [Math.min(ax, bx), Math.min(ay, by)];
  return [left, top, Math.max(ax + aw, bx + bw) - left, Math.max(ay + ah, by + bh) - top];
}

function grown([x, y, width, height]: Box, times: number): Box {
  const [dx, dy] = [Math.max(MARGIN_MIN, width * MARGIN.x) * times, Math.max(MARGIN_MIN, height * MARGIN.y) * times];
  return [x - dx, y - dy, width + 2 * dx, height + 2 * dy];
}

/** Looks vouch for the time between them while they are near each other, or the gate says that nothing moved. */
function unseen(looks: readonly SeenLook[], { fromMs, toMs }: { fromMs: number; toMs: number }): Cover['whole'] {
  const whole: Cover['whole'] = [];
  let last: SeenLook | undefined;
  for (const look of looks) {
    const sinceMs = last?.atMs ?? fromMs - LOOK_GAP_MAX_MS - 1;
    const isQuiet = last !== undefined && (look.isQuiet || last.isQuiet);
    if (look.atMs - sinceMs > (isQuiet ? QUIET_GAP_MAX_MS : LOOK_GAP_MAX_MS))
      whole.push({ fromMs: sinceMs, toMs: look.atMs });
    last = look;
  }
  const endMs = last?.atMs ?? fromMs;
  if (last === undefined || toMs - endMs > LOOK_GAP_MAX_MS)
    whole.push({ fromMs: endMs, toMs: Number.MAX_SAFE_INTEGER });
  return whole.filter((span) => span.toMs > fromMs && span.fromMs < toMs);
}
