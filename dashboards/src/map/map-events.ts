/** What the map tells the page: where it stands, what is pointed at, and what is chosen by click, touch or Enter. */
import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Bounds } from './areas.ts';

/** `isByHand`: a person moved it, not the page. */
export type MapView = { bounds: Bounds; zoom: number; latitude: number; longitude: number; isByHand: boolean };

/** A place, its pixel, and the area of the shown level there, if areas are shown. */
export type PointedPlace = {
  lon: number;
  lat: number;
  area: string | null;
  x: number;
  y: number;
  by: 'pointer' | 'touch' | 'keys';
};

export type MapListeners = {
  onView: (view: MapView) => void;
  onPoint: (pointed: PointedPlace | null) => void;
  onPick?: (picked: PointedPlace) => void;
};

type At = Pick<PointedPlace, 'x' | 'y' | 'by'>;

export const placeOf = ({ lng, lat }: { lng: number; lat: number }) => ({ lon: lng, lat });

function whatIsAt(map: MapLibreMap, at: At): PointedPlace {
  const [found] = map.queryRenderedFeatures([at.x, at.y], { layers: ['area-figures'] });
  const area = found?.properties.id as string | undefined;
  return { ...placeOf(map.unproject([at.x, at.y])), area: area ?? null, ...at };
}

export function listen(map: MapLibreMap, { onView, onPoint, onPick }: MapListeners): void {
  const canvas = map.getCanvas();
  const tellView = (isByHand: boolean) => {
    const bounds = map.getBounds();
    const { lng, lat } = map.getCenter();
    onView({
      bounds: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()],
      zoom: map.getZoom(),
      latitude: lat,
      longitude: lng,
      isByHand,
    });
  };
  const point = (at: At | null) => onPoint(at === null ? null : whatIsAt(map, at));
  const centre = (): At => ({ x: canvas.clientWidth / 2, y: canvas.clientHeight / 2, by: 'keys' });
  const pointAtCentre = () => {
    if (canvas.matches(':focus-visible')) point(centre());
  };
  let isByHand = false;
  map.on('movestart', (event) => {
    isByHand = (event as { originalEvent?: unknown }).originalEvent !== undefined;
    point(null);
  });
  map.on('moveend', () => {
    tellView(isByHand);
    pointAtCentre();
  });
  map.on('mousemove', ({ point: { x, y } }) => point({ x, y, by: 'pointer' }));
  map.on('click', ({ point: { x, y } }) => {
    const place = whatIsAt(map, { x, y, by: 'touch' });
    onPoint(place);
    onPick?.(place);
  });
  map.on('mouseout', () => point(null));
  canvas.addEventListener('keydown', ({ key }) => {
    if (key === 'Enter') onPick?.(whatIsAt(map, centre()));
  });
  canvas.addEventListener('focus', pointAtCentre);
  canvas.addEventListener('blur', () => point(null));
  tellView(false);
}
