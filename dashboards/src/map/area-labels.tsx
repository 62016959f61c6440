/** Names of areas on the map, as text of the page: each is shown while its area is about as large as a hand. */
import { useEffect, useMemo } from 'react';
import { type AreaCollection, type AreaLabel, labelsOf } from './areas.ts';
import type { CityMap } from './city-map.ts';

const WIDTH_MIN_PX = 110;
const WIDTH_MAX_PX = 900;
const LABELS_MAX = 400;

export function AreaLabels({ map, areas }: { map: CityMap; areas: AreaCollection | undefined }) {
  const labels = useMemo(() => (areas === undefined ? [] : labelsOf(areas)).slice(0, LABELS_MAX), [areas]);
  useEffect(() => {
    const placed = labels.map((label) => {
      const element = document.createElement('div');
      element.className = `area-label is-${label.level}`;
      element.textContent = label.name;
      const marker = map.place(element, label.lon, label.lat);
      for (const name of ['aria-label', 'role', 'tabindex']) element.removeAttribute(name);
      element.ariaHidden = 'true';
      return { label, element, marker };
    });
    const choose = () => {
      for (const { label, element } of placed) element.classList.toggle('is-shown', isShown(map, label));
    };
    choose();
    const stop = map.onMoved(choose);
    return () => {
      stop();
      for (const { marker } of placed) marker.remove();
    };
  }, [map, labels]);
  return null;
}

function isShown(map: CityMap, { bounds }: AreaLabel): boolean {
  const [west, south, east, north] = bounds;
  const width = map.project(east, south).x - map.project(west, north).x;
  return width >= WIDTH_MIN_PX && width <= WIDTH_MAX_PX;
}
