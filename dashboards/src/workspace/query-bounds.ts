/** Which part of the map is asked for: the view, widened to a lattice, so that small moves ask nothing new. */
import type { Bounds } from '../map/areas.ts';
import type { MapView } from '../map/city-map.ts';

const LATITUDE_END = 85;

export function queryBounds({ bounds, zoom }: MapView): Bounds {
  const step = 360 / 2 ** Math.max(Math.round(zoom), 1) / 2;
  const [west, south, east, north] = bounds;
  const down = (value: number) => Math.floor(value / step) * step;
  const up = (value: number) => Math.ceil(value / step) * step;
  const tidy = (value: number) => Number(value.toFixed(6));
  return [
    tidy(Math.max(-180, down(west))),
    tidy(Math.max(-LATITUDE_END, down(south))),
    tidy(Math.min(180, up(east))),
    tidy(Math.min(LATITUDE_END, up(north))),
  ];
}
