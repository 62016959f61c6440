/** How series look: a colour that colour-blind eyes tell apart, and a dash or pattern besides. Colours are the page's tokens. */
import type { PanelColumn } from '#models/schema/panel.ts';

export type Look = { colour: string; dash: number[]; symbol: string; hatch: Hatch | null };
/** Lines at an angle over the colour, or dots. */
export type Hatch = { angle: number; gap: number };

const DASHES: readonly number[][] = [[], [6, 3], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2, 1, 2]];
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect'] as const;
const HATCHES: readonly (Hatch | null)[] = [
  null,
  { angle: Math.PI / 4, gap: 5 },
  { angle: -Math.PI / 4, gap: 5 },
  { angle: 0, gap: 4 },
  { angle: Math.PI / 2, gap: 4 },
  { angle: Math.PI / 4, gap: 9 },
];

const OWN: Record<string, readonly string[]> = {
  kind: ['person', 'bicycle', 'motorcycle', 'car', 'bus', 'truck'],
  severity: ['critical', 'major', 'minor', 'info'],
};

/** The order in which series of kinds and severities stand, whatever the rows' is. */
export const orderOf = (value: string, names: PanelColumn['names']): number =>
  names === undefined ? -1 : (OWN[names]?.indexOf(value) ?? -1);

/** The same kind and the same severity look the same in every panel. */
export function lookOf(value: string, index: number, names: PanelColumn['names']): Look {
  const own = orderOf(value, names);
  const place = own < 0 ? index : own;
  const at = <Item>(list: readonly Item[]): Item => list[place % list.length]!;
  return {
    colour: own < 0 ? `var(--series-${(index % 6) + 1})` : `var(--${names}-${value})`,
    dash: at(DASHES),
    symbol: at(SYMBOLS),
    hatch: at(HATCHES),
  };
}
