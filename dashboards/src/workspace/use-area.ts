/** The area that the address names, for views that show one or everything; and how to name another. */
import { useCallback } from 'react';
import { areaIn, withArea } from './kept.ts';
import { readPlace, usePlace } from './view.ts';

export function useArea(): [string | null, (area: string | null) => void] {
  const area = areaIn(usePlace()) ?? null;
  const setArea = useCallback((next: string | null) => {
    location.hash = withArea(readPlace(location.hash), next);
  }, []);
  return [area, setArea];
}
