/** Which names beside pins have room: the earlier one wins, and no name lies over another pin or is cut off at the edge. */

export type Pin = { id: string; x: number; y: number; nameWidthPx: number };

/** Of the pin with its edge: a disc in a square, and the name to its right as high. */
const PIN_PX = 28;
const GAP_PX = 2;

type Box = { left: number; right: number; y: number };

const discOf = ({ x, y }: Pin): Box => ({ left: x - PIN_PX / 2, right: x + PIN_PX / 2, y });

const overlaps = (a: Box, b: Box) =>
  a.left < b.right + GAP_PX && b.left < a.right + GAP_PX && Math.abs(a.y - b.y) < PIN_PX + GAP_PX;

/** `pins`: the most important first; their ids come back where the name has room within the map's width. */
export function idsWithRoom(pins: readonly Pin[], widthPx: number): Set<string> {
  const named = new Map<string, Box>();
  for (const pin of pins) {
    const disc = discOf(pin);
    const whole = { ...disc, right: disc.right + pin.nameWidthPx };
    const isFree =
      whole.right <= widthPx &&
      pins.every((other) => other.id === pin.id || !overlaps(whole, discOf(other))) &&
      [...named.values()].every((other) => !overlaps(whole, other));
    if (isFree) named.set(pin.id, whole);
  }
  return new Set(named.keys());
}
