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
/** What came of no track: so long before and after the look that found it, and with a wider margin. */
const LOOSE_HOLD_MS = 2000;
const LOOSE_GROWTH = 1.5;
/** A box that takes in others may grow by this, all in all. */
const TOGETHER_GROWTH = 1.2;
/** Before and after its looks a thing may have moved on. */
const AROUND_GROWTH = 3;

export function coverOf(looks: readonly SeenLook[], { fromMs, toMs }: { fromMs: number; toMs: number }): Cover {
  const near = looks.filter(({ atMs }) => atMs >= fromMs - QUIET_GAP_MAX_MS && atMs <= toMs + QUIET_GAP_MAX_MS);
  const parts = [...tracksOf(near).values()].flatMap(spansOf);
  const spans = [...parts, ...looseSpans(near)].filter((span) => span.toMs >= fromMs && span.fromMs <= toMs);
  return { parts: spans, whole: unseen(near, { fromMs, toMs }) };
}

/**
 * What the detector was unsure of is held over the looks around it, in which it may have missed the same person. From look
 * to look those boxes are put together: thousands that lie on each other would be blurred one by one, picture by picture.
 */
function looseSpans(looks: readonly SeenLook[]): CoverSpan[] {
  const first = looks[0]?.atMs ?? 0;
  const times = [first - LOOSE_HOLD_MS, ...looks.map(({ atMs }) => atMs), (looks.at(-1)?.atMs ?? 0) + LOOSE_HOLD_MS];
  return times.slice(1).flatMap((toMs, index) => {
    const fromMs = times[index]!;
    const held = looks.filter(({ atMs }) => atMs >= fromMs - LOOSE_HOLD_MS && atMs <= toMs + LOOSE_HOLD_MS);
    return together(held.flatMap(({ loose }) => loose)).map((box) => ({ fromMs, toMs, box: grownLoose(box) }));
  });
}

/** Boxes of which the larger one tells nearly all become one, the largest first. */
function together(boxes: readonly Box[]): Box[] {
  const kept: { box: Box; areaMax: number }[] = [];
  for (const box of [...boxes].sort((a, b) => areaOf(b) - areaOf(a))) {
    const one = kept.find((other) => areaOf(hull(other.box, box)) <= other.areaMax);
    if (one === undefined) kept.push({ box, areaMax: areaOf(box) * TOGETHER_GROWTH });
    else one.box = hull(one.box, box);
  }
  return kept.map(({ box }) => box);
}

const areaOf = ([, , width, height]: Box) => width * height;

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

const grownLoose = (box: Box) => grown(box, LOOSE_GROWTH);

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
