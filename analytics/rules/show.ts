/** Shows a look to watchers: at most cameras most things are far from most shapes. */
import type { Thing } from './thing.ts';
import type { Now, Reach, Watcher } from './watcher.ts';

/** Without `gone` it is told of the look before, which is over already. */
export type Shown = { seen: readonly Thing[]; gone?: readonly Thing[]; now: Now };

/** Each watcher of a rule: what is there, what is gone, and that the look is over. */
export function showAll(watchers: readonly Watcher[], { seen, gone, now }: Shown): void {
  for (const watcher of watchers) {
    if (watcher.see !== undefined) show(watcher, seen, now);
    if (gone === undefined) continue;
    if (watcher.gone !== undefined) for (const thing of gone) watcher.gone(thing, now);
    watcher.look?.(now);
  }
}

function show(watcher: Watcher, seen: readonly Thing[], now: Now): void {
  const { reach } = watcher;
  for (const thing of seen) if (reach === undefined || isNear(reach, thing)) watcher.see?.(thing, now);
}

function isNear({ isGround, bounds: { minX, minY, maxX, maxY }, remembered }: Reach, thing: Thing): boolean {
  const { x, y, x0, y0, east, north, east0, north0 } = thing;
  const isFar = isGround
    ? (east < minX && east0 < minX) ||
      (east > maxX && east0 > maxX) ||
      (north < minY && north0 < minY) ||
      (north > maxY && north0 > maxY)
    : (x < minX && x0 < minX) || (x > maxX && x0 > maxX) || (y < minY && y0 < minY) || (y > maxY && y0 > maxY);
  return !isFar || (remembered.size > 0 && remembered.has(thing.id));
}
