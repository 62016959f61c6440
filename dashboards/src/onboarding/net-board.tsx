/** The picture with the net of the ground over it, which is dragged as one. */
import { useRef } from 'react';
import type { CalibrationTrial } from '#models/schema/calibration.ts';
import { Net } from './picture-board.tsx';

type NetBoardProps = {
  picture: string | undefined;
  hint: string;
  trial: CalibrationTrial | undefined;
  /** By how much it was dragged, as fractions of the picture; absent where it cannot be. */
  onDrag?: (x: number, y: number) => void;
};

const KEY_STEP = 0.004;
const LONG_KEY_STEP = 0.04;
const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

export function NetBoard({ picture, hint, trial, onDrag }: NetBoardProps) {
  const from = useRef<{ x: number; y: number }>(undefined);
  const onMove = (event: React.PointerEvent<HTMLDivElement>) => {
    if (from.current === undefined) return;
    const { width, height } = event.currentTarget.getBoundingClientRect();
    onDrag?.((event.clientX - from.current.x) / width, (event.clientY - from.current.y) / height);
    from.current = { x: event.clientX, y: event.clientY };
  };
  const onKey = (event: React.KeyboardEvent) => {
    const direction = DIRECTIONS[event.key];
    if (direction === undefined || onDrag === undefined) return;
    event.preventDefault();
    const step = event.shiftKey ? LONG_KEY_STEP : KEY_STEP;
    onDrag(direction[0] * step, direction[1] * step);
  };
  return (
    <div className="picture-pane">
      <div
        className={`picture-board${onDrag === undefined ? '' : ' is-dragged'}`}
        data-testid="net-board"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the net.
        tabIndex={0}
        aria-label={hint}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = { x: event.clientX, y: event.clientY };
        }}
        onPointerMove={onMove}
        onPointerUp={() => {
          from.current = undefined;
        }}
        onKeyDown={onKey}
      >
        {picture !== undefined && <img src={picture} alt="" draggable={false} />}
        {trial !== undefined && <Net trial={trial} />}
      </div>
      <p className="picture-hint">{hint}</p>
    </div>
  );
}
