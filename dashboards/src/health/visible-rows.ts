/** Which rows of a long list are drawn: those in view and some beyond; and which are asked about, in steps. */

export type Rows = { first: number; end: number };

const BEYOND = 6;
/** What is asked for changes only every so many rows, so that scrolling asks little. */
const CHUNK = 25;

export function visibleRows({ top, height }: { top: number; height: number }, rowPx: number, count: number): Rows {
  const first = Math.max(0, Math.floor(top / rowPx) - BEYOND);
  return { first: Math.min(first, count), end: Math.min(count, Math.ceil((top + height) / rowPx) + BEYOND) };
}

/** Widened to whole chunks. */
export function askedRows({ first, end }: Rows, count: number): Rows {
  return { first: Math.floor(first / CHUNK) * CHUNK, end: Math.min(count, Math.ceil(end / CHUNK) * CHUNK) };
}

/** Where a list must be scrolled to so that the row is in view; its present place where it is. */
export function scrollTo(index: number, { top, height }: { top: number; height: number }, rowPx: number): number {
  const rowTop = index * rowPx;
  if (rowTop < top) return rowTop;
  if (rowTop + rowPx > top + height) return rowTop + rowPx - height;
  return top;
}
