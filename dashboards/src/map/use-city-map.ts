/** Opens the map in an element, once, and follows the page's theme. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTheme } from '../theme.tsx';
import { useWords } from '../words/language.tsx';
import type { CityMap, CityMapOptions } from './city-map.ts';

type Listeners = Pick<CityMapOptions, 'onView' | 'onPoint' | 'onPick'>;

/** `listeners` must stay the same functions: others open the map anew. */
export function useCityMap(container: RefObject<HTMLDivElement | null>, { onView, onPoint, onPick }: Listeners) {
  const words = useWords();
  const { theme } = useTheme();
  const [map, setMap] = useState<CityMap>();
  const [hasFailed, setHasFailed] = useState(false);
  const label = `${words.map.label}. ${words.map.keys}`;
  const first = useRef({ theme, label });
  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    let opened: CityMap | undefined;
    let hasLeft = false;
    const open = async () => {
      const { openCityMap } = await import('./city-map.ts');
      opened = await openCityMap(element, {
        ...first.current,
        onView,
        onPoint,
        ...(onPick === undefined ? {} : { onPick }),
      });
      if (hasLeft) opened.remove();
      else setMap(opened);
    };
    open().catch((error: unknown) => {
      setHasFailed(true);
      console.warn('the map cannot be drawn', error);
    });
    return () => {
      hasLeft = true;
      opened?.remove();
    };
  }, [container, onView, onPoint, onPick]);
  useEffect(() => map?.setTheme(theme), [map, theme]);
  useEffect(() => map?.setLabel(label), [map, label]);
  return { map, hasFailed };
}
