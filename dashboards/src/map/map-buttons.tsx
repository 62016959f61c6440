/** Zoom and "show everything". */

import { useWords } from '../words/language.tsx';
import { FitIcon, MinusIcon, PlusIcon } from '../workspace/icons.tsx';
import type { CityMap } from './city-map.ts';

export function MapButtons({ map, onFit }: { map: CityMap; onFit: () => void }) {
  const words = useWords();
  const buttons = [
    { title: words.map.zoomIn, icon: <PlusIcon />, act: () => map.zoomBy(1) },
    { title: words.map.zoomOut, icon: <MinusIcon />, act: () => map.zoomBy(-1) },
    { title: words.map.fit, icon: <FitIcon />, act: onFit },
  ];
  return (
    <div className="map-buttons">
      {buttons.map(({ title, icon, act }) => (
        <button key={title} type="button" title={title} aria-label={title} onClick={act}>
          {icon}
        </button>
      ))}
    </div>
  );
}
