/** Places on Grafana's grid of 24 columns, in rows as our page has them. */
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { layOut } from '#models/panels/layout.ts';
import type { PanelSpec } from '#models/schema/panel.ts';
import type { Role } from '#models/schema/user.ts';

const COLUMNS = 24;
const WIDTHS = { third: 8, half: 12, full: 24 } as const;
const HEIGHTS: Record<PanelSpec['chart'], number> = {
  ...{ headline: 5, lines: 9, bars: 9, carpet: 8, strips: 9, table: 9, 'heat-map': 3 },
};

export type Placed = { spec: PanelSpec; gridPos: GridPos };

/** Data cannot speak here: panels come by their weight, more of it where they serve the role. */
export function placed(specs: readonly PanelSpec[], role?: Role): Placed[] {
  const scored = specs.map((spec) => ({
    ...{ id: spec.id, size: spec.size, empty: null, spec },
    score: spec.weight * (role !== undefined && spec.roles.includes(role) ? 1.5 : 1),
  }));
  return inRows(layOut(scored).map(({ spec }) => ({ spec, w: WIDTHS[spec.size], h: HEIGHTS[spec.chart] })));
}

/** One beside the other while there is room; a row is as high as its highest. */
export function inRows<Item extends { w: number; h: number }>(items: readonly Item[]): (Item & { gridPos: GridPos })[] {
  let [x, y, rowH] = [0, 0, 0];
  return items.map((item) => {
    if (x + item.w > COLUMNS) [x, y, rowH] = [0, y + rowH, 0];
    const gridPos = { x, y, w: item.w, h: item.h };
    x += item.w;
    rowH = Math.max(rowH, item.h);
    return { ...item, gridPos };
  });
}
