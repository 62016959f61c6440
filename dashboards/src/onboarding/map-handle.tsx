/** Something on the map that is dragged, or moved by arrow keys. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { CityMap } from '../map/city-map.ts';
import { type Place, placeAt } from './sight.ts';

type HandleProps = {
  map: CityMap;
  at: Place;
  label: string;
  className: string;
  children?: ReactNode;
  onMove: (to: Place) => void;
};

const STEP_M = 0.5;
const LONG_STEP_M = 5;
const DIRECTIONS: Record<string, number> = { ArrowUp: 0, ArrowRight: 90, ArrowDown: 180, ArrowLeft: 270 };

export function MapHandle({ map, at, label, className, children, onMove }: HandleProps) {
  const [element] = useState(() => document.createElement('div'));
  const placed = useRef<ReturnType<CityMap['place']>>(undefined);
  const { lon, lat } = at;
  // Placed once, then moved: a new marker at every step of a drag would lose the pointer.
  // biome-ignore lint/correctness/useExhaustiveDependencies: where it stands first is only where it starts.
  useEffect(() => {
    placed.current = map.place(element, lon, lat);
    element.style.zIndex = '4';
    return placed.current.remove;
  }, [map, element]);
  useEffect(() => placed.current?.move(lon, lat), [lon, lat]);

  const drag = (event: React.PointerEvent<HTMLButtonElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const frame = element.closest('.maplibregl-map')?.getBoundingClientRect();
    if (frame !== undefined) onMove(map.unproject(event.clientX - frame.left, event.clientY - frame.top));
  };
  const step = (event: React.KeyboardEvent) => {
    const direction = DIRECTIONS[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(placeAt(at, direction, event.shiftKey ? LONG_STEP_M : STEP_M));
  };
  return createPortal(
    <button
      type="button"
      className={className}
      aria-label={label}
      title={label}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onMouseDown={(event) => event.stopPropagation()}
      onTouchStart={(event) => event.stopPropagation()}
      onPointerMove={drag}
      onKeyDown={step}
      onClick={(event) => event.stopPropagation()}
    >
      {children}
    </button>,
    element,
  );
}
