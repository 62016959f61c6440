/** A picture to point into: numbered points, the net of the ground over it, a loupe under the pointer, arrow keys. */
import { useRef, useState } from 'react';
import type { CalibrationTrial } from '#models/schema/calibration.ts';

export type PicturePoint = { x: number; y: number };

type PictureBoardProps = {
  picture: string | undefined;
  label: string;
  hint: string;
  points: readonly PicturePoint[];
  /** Points that miss their place by much are drawn as such. */
  isPoor: readonly boolean[];
  pending: PicturePoint | undefined;
  trial: CalibrationTrial | undefined;
  onPoint: (point: PicturePoint) => void;
  onMove: (index: number, point: PicturePoint) => void;
};

const LOUPE_ZOOM = 4;
/** Half of the loupe's width, as the style sheet has it. */
const LOUPE_MIDDLE_PX = 70;
const KEY_STEP = 0.002;
const LONG_KEY_STEP = 0.02;
const DIRECTIONS: Record<string, PicturePoint> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};
/** Where an arrow key leads; undefined for other keys. */
function stepFrom({ x, y }: PicturePoint, event: React.KeyboardEvent): PicturePoint | undefined {
  const direction = DIRECTIONS[event.key];
  if (direction === undefined) return undefined;
  const step = event.shiftKey ? LONG_KEY_STEP : KEY_STEP;
  return { x: clamp(x + direction.x * step), y: clamp(y + direction.y * step) };
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));
const percent = (value: number) => `${value * 100}%`;

export function PictureBoard(props: PictureBoardProps) {
  const { picture, points, isPoor, pending, trial, onPoint, onMove } = props;
  const board = useRef<HTMLDivElement>(null);
  const [cross, setCross] = useState<PicturePoint>();
  const at = (event: React.PointerEvent): PicturePoint => {
    const frame = board.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return {
      x: clamp((event.clientX - frame.left) / frame.width),
      y: clamp((event.clientY - frame.top) / frame.height),
    };
  };
  const onKey = (event: React.KeyboardEvent) => {
    const from = cross ?? { x: 0.5, y: 0.5 };
    const to = stepFrom(from, event);
    if (to !== undefined) setCross(to);
    else if (event.key === 'Enter') onPoint(from);
    else return;
    event.preventDefault();
  };
  return (
    <div className="picture-pane">
      <div
        ref={board}
        className="picture-board"
        data-testid="picture-board"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cross.
        tabIndex={0}
        aria-label={props.label}
        onPointerMove={(event) => setCross(at(event))}
        onPointerLeave={() => setCross(undefined)}
        onClick={(event) => onPoint(at(event as unknown as React.PointerEvent))}
        onKeyDown={onKey}
      >
        {picture !== undefined && <img src={picture} alt="" draggable={false} />}
        {trial !== undefined && <Net trial={trial} />}
        {points.map((point, index) => (
          <BoardPoint
            // biome-ignore lint/suspicious/noArrayIndexKey: the number is what a point is called by.
            key={index}
            point={point}
            number={index + 1}
            isPoor={isPoor[index] === true}
            at={at}
            onMove={(to) => onMove(index, to)}
          />
        ))}
        {pending !== undefined && (
          <span className="board-point is-pending" style={{ left: percent(pending.x), top: percent(pending.y) }}>
            {points.length + 1}
          </span>
        )}
        {cross !== undefined && picture !== undefined && <Loupe at={cross} picture={picture} board={board.current} />}
      </div>
      <p className="picture-hint">{props.hint}</p>
    </div>
  );
}

type BoardPointProps = {
  point: PicturePoint;
  number: number;
  isPoor: boolean;
  at: (event: React.PointerEvent) => PicturePoint;
  onMove: (to: PicturePoint) => void;
};

function BoardPoint({ point, number, isPoor, at, onMove }: BoardPointProps) {
  const step = (event: React.KeyboardEvent) => {
    const to = stepFrom(point, event);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(to);
  };
  return (
    <button
      type="button"
      className={`board-point${isPoor ? ' is-poor' : ''}`}
      style={{ left: percent(point.x), top: percent(point.y) }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) onMove(at(event));
      }}
      onKeyDown={step}
      onClick={(event) => event.stopPropagation()}
    >
      {number}
    </button>
  );
}

export function Net({ trial }: { trial: CalibrationTrial }) {
  return (
    <svg className="board-net" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      {trial.net.map((line) => (
        <polyline key={line.join(' ')} points={line.map(([x, y]) => `${x},${y}`).join(' ')} />
      ))}
    </svg>
  );
}

function Loupe({ at, picture, board }: { at: PicturePoint; picture: string; board: HTMLElement | null }) {
  if (board === null) return null;
  const [width, height] = [board.clientWidth * LOUPE_ZOOM, board.clientHeight * LOUPE_ZOOM];
  return (
    <span
      className={`board-loupe${at.x > 0.5 ? ' is-left' : ''}`}
      aria-hidden="true"
      style={{
        backgroundImage: `url("${picture}")`,
        backgroundSize: `${width}px ${height}px`,
        backgroundPositionX: `${-(at.x * width) + LOUPE_MIDDLE_PX}px`,
        backgroundPositionY: `${-(at.y * height) + LOUPE_MIDDLE_PX}px`,
      }}
    />
  );
}
