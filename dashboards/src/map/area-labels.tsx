/** Names of areas on the map, as text of the page: shown while the area is about as large as a hand and the name fits. */
import { useEffect, useMemo } from 'react';
import type { AreaLevel } from '#models/schema/area.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { type AreaCollection, type AreaLabel, labelsOf } from './areas.ts';
import type { CityMap } from './city-map.ts';

const WIDTH_MIN_PX = 110;
/** A figure below the name is wanted wherever it fits at all. */
const COLOURED_MIN_PX = 60;
const WIDTH_MAX_PX = 480;
const LABELS_MAX = 400;
const GAP_PX = 4;
/** A name that would lie under a camera gives way this far. */
const SHIFTS_PX = [0, -30, 30];

/** Where names collide the nearer to the ground wins. */
const RANK: Record<AreaLevel, number> = { grid: 0, village: 1, street: 2, district: 3, city: 4 };

type Placed = { label: AreaLabel; element: HTMLElement; text: HTMLElement };
type Rectangle = { left: number; top: number; right: number; bottom: number };

type AreaLabelsProps = {
  map: CityMap;
  areas: AreaCollection | undefined;
  cameras: CameraView[] | undefined;
  /** Figures below the names, where areas are coloured by them. */
  values?: ReadonlyMap<string, string>;
};

const NO_VALUES: ReadonlyMap<string, string> = new Map();

export function AreaLabels({ map, areas, cameras, values = NO_VALUES }: AreaLabelsProps) {
  const labels = useMemo(
    () =>
      (areas === undefined ? [] : labelsOf(areas)).sort((a, b) => RANK[a.level] - RANK[b.level]).slice(0, LABELS_MAX),
    [areas],
  );
  const places = (cameras ?? []).map(({ position }) => `${position?.lon} ${position?.lat}`).join(',');
  // biome-ignore lint/correctness/useExhaustiveDependencies: where cameras stand decides where names have room
  useEffect(() => {
    const placed = labels.map((label) => {
      const element = document.createElement('div');
      element.className = `area-label is-${label.level}`;
      const text = element.appendChild(document.createElement('span'));
      text.textContent = label.name;
      const value = values.get(label.id);
      element.classList.toggle('is-coloured', value !== undefined);
      if (value !== undefined) text.appendChild(document.createElement('b')).textContent = value;
      element.ariaHidden = 'true';
      return { label, element, text, remove: map.place(element, label.lon, label.lat).remove };
    });
    let frame = 0;
    // Names of cameras find their room first, on the same move.
    const choose = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => chooseLabels(map, placed));
    };
    choose();
    const stop = map.onMoved(choose);
    return () => {
      stop();
      cancelAnimationFrame(frame);
      for (const { remove } of placed) remove();
    };
  }, [map, labels, places, values]);
  return null;
}

function chooseLabels(map: CityMap, placed: readonly Placed[]): void {
  const taken: Rectangle[] = [...document.querySelectorAll('.camera-marker')].map((it) => it.getBoundingClientRect());
  for (const { label, element, text } of placed) {
    const room = rectangleOf(element);
    const shift = SHIFTS_PX.find((by) => !taken.some((other) => overlaps(moved(room, by), other)));
    const isShown = shift !== undefined && isReadable(map, label, element.classList.contains('is-coloured'));
    element.classList.toggle('is-shown', isShown);
    if (!isShown) continue;
    taken.push(moved(room, shift));
    text.style.translate = `0 ${shift}px`;
  }
}

function isReadable(map: CityMap, { bounds }: AreaLabel, isColoured: boolean): boolean {
  const [west, south, east, north] = bounds;
  const width = map.project(east, south).x - map.project(west, north).x;
  return width >= (isColoured ? COLOURED_MIN_PX : WIDTH_MIN_PX) && width <= WIDTH_MAX_PX;
}

/** In the window, as the markers: a map seldom begins in its corner. */
function rectangleOf(element: HTMLElement): Rectangle {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return { left: left - GAP_PX, top: top - GAP_PX, right: right + GAP_PX, bottom: bottom + GAP_PX };
}

const moved = (room: Rectangle, by: number): Rectangle => ({ ...room, top: room.top + by, bottom: room.bottom + by });

const overlaps = (a: Rectangle, b: Rectangle): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
