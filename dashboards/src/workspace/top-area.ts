/** Which area a view of one area shows where its address names none: the highest that somebody may see. */
import { useEffect } from 'react';
import type { AreaCollection } from '../map/areas.ts';
import { withArea } from './kept.ts';
import { useKnownSite } from './known.tsx';
import { readPlace } from './view.ts';

const LEVELS = ['city', 'district', 'street', 'village', 'grid'];

export const topArea = (areas: AreaCollection | undefined): string | undefined =>
  areas?.features
    .map(({ properties }) => properties)
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || a.name.localeCompare(b.name, 'zh'))[0]?.id;

/** Leads a bare address on to that area, in the same step of the history. */
export function useTopArea(isNeeded: boolean): void {
  const { areas } = useKnownSite();
  const first = isNeeded ? topArea(areas.data) : undefined;
  useEffect(() => {
    if (first !== undefined) location.replace(withArea(readPlace(location.hash), first));
  }, [first]);
}
