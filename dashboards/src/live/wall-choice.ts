/** What the live wall shows: how many at once, of which area or which cameras; kept in this browser. */
import type { CameraView } from '#models/schema/camera-view.ts';

export const GRIDS = ['1', '2', '3'] as const;
export type Grid = (typeof GRIDS)[number];

export type WallChoice = {
  grid: Grid;
  /** All cameras of an area and below it, page by page; `everywhere`; or `picked` ones, place by place. */
  from: { name: 'everywhere' | 'picked' } | { name: 'area'; area: string };
  /** Ids, empty text where a place is empty. */
  picks: string[];
  hasBoxes: boolean;
};

const KEY = 'sharp-eyes.live-wall';
const PICKS_MAX = 9;
const FIRST: WallChoice = { grid: '2', from: { name: 'everywhere' }, picks: [], hasBoxes: true };

export const placesOf = (grid: Grid): number => Number(grid) ** 2;

/** What this browser kept; whatever is not a choice of ours is forgotten. */
export function readChoice(text: string | null): WallChoice {
  try {
    const kept = JSON.parse(text ?? 'null') as Partial<WallChoice> | null;
    const area = kept?.from?.name === 'area' && typeof kept.from.area === 'string' ? kept.from : undefined;
    const from = area ?? (kept?.from?.name === 'picked' ? { name: 'picked' as const } : FIRST.from);
    const picks = Array.isArray(kept?.picks) ? kept.picks.map(String).slice(0, PICKS_MAX) : [];
    const grid = GRIDS.find((each) => each === kept?.grid) ?? FIRST.grid;
    return { grid, from, picks, hasBoxes: kept?.hasBoxes !== false };
  } catch {
    return FIRST;
  }
}

export const loadChoice = (): WallChoice => readChoice(localStorage.getItem(KEY));

export function keepChoice(choice: WallChoice): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // A browser that keeps nothing shows the wall all the same.
  }
}

export type WallPageOf = { tiles: (CameraView | null)[]; pages: number; page: number };

/** The cameras of one page, one for each place, null where a place stays empty. `page` counts from 0. */
export function tilesOf(cameras: readonly CameraView[], choice: WallChoice, wantedPage: number): WallPageOf {
  const places = placesOf(choice.grid);
  if (choice.from.name === 'picked') {
    const find = (id: string | undefined) => cameras.find((camera) => camera.id === id) ?? null;
    return { tiles: Array.from({ length: places }, (_, place) => find(choice.picks[place])), pages: 1, page: 0 };
  }
  const shown = camerasIn(cameras, choice.from);
  const pages = Math.max(1, Math.ceil(shown.length / places));
  const page = Math.min(Math.max(wantedPage, 0), pages - 1);
  const tiles = Array.from({ length: places }, (_, place) => shown[page * places + place] ?? null);
  return { tiles, pages, page };
}

/** Those that are switched off have nothing to show, unless somebody picks them. */
function camerasIn(cameras: readonly CameraView[], from: WallChoice['from']): CameraView[] {
  const byName = new Intl.Collator(undefined, { numeric: true });
  const isIn = ({ areaPath }: CameraView) => from.name !== 'area' || areaPath.includes(from.area);
  return cameras
    .filter((camera) => camera.isEnabled && isIn(camera))
    .sort((a, b) => byName.compare(a.name, b.name) || byName.compare(a.id, b.id));
}

/** Another camera in one place: what is shown now becomes the person's own choice. */
export function withPick(
  choice: WallChoice,
  tiles: readonly (CameraView | null)[],
  place: number,
  id: string,
): WallChoice {
  const shown = tiles.map((camera) => camera?.id ?? '');
  const picks = [...shown, ...choice.picks.slice(shown.length)];
  picks[place] = id;
  return { ...choice, from: { name: 'picked' }, picks };
}
