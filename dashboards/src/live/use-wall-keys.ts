/** The keys of the live wall, wherever on it the focus is, but not while somebody types or chooses from a list. */
import { useEffect, useRef } from 'react';
import { GRIDS, type Grid } from './wall-choice.ts';

export type WallKeys = {
  move: (columns: number, rows: number) => void;
  turn: (pages: number) => void;
  wide: () => void;
  narrow: () => void;
  boxes: () => void;
  save: () => void;
  grid: (grid: Grid) => void;
};

const ARROWS: Record<string, readonly [columns: number, rows: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function useWallKeys(keys: WallKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const isTyping = target instanceof HTMLElement && target.closest('select, input, textarea') !== null;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (press(event, latest.current)) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

/** Whether the key was one of the wall's. */
function press({ key, target }: KeyboardEvent, keys: WallKeys): boolean {
  const arrow = ARROWS[key];
  const grid = GRIDS.find((each) => each === key);
  const isOnButton = target instanceof HTMLElement && target.closest('button, a') !== null;
  if (arrow !== undefined) keys.move(...arrow);
  else if (grid !== undefined) keys.grid(grid);
  else if (key === 'PageDown') keys.turn(1);
  else if (key === 'PageUp') keys.turn(-1);
  else if (key === 'Enter' && !isOnButton) keys.wide();
  else if (key === 'Escape') keys.narrow();
  else if (key === 'b' || key === 'B') keys.boxes();
  else if (key === 's' || key === 'S') keys.save();
  else return false;
  return true;
}
