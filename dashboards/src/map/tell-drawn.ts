/** Says on a map's element, as `data-drawn`, whether all that was asked of it is drawn: for whoever takes a picture. */
import type { Map as MapLibreMap } from 'maplibre-gl';

export function tellDrawn(map: MapLibreMap): void {
  const tell = (isDrawn: boolean) => () => {
    map.getContainer().dataset.drawn = String(isDrawn);
  };
  for (const event of ['dataloading', 'movestart'] as const) map.on(event, tell(false));
  map.on('idle', tell(true));
}
