/** A camera's picture on which the line or the zone of a rule is drawn, point by point; points are dragged or moved by keys. */
import { useRef, useState } from 'react';
import { useWords } from '../words/language.tsx';

export type Point = [x: number, y: number];

type BoardProps = {
  picture: string | undefined;
  shape: 'line' | 'zone';
  points: readonly (readonly number[])[];
  isOpen: boolean;
  /** Tracks of a try, as ways of foot points. */
  ways?: readonly (readonly Point[])[];
  onPoints: (points: Point[]) => void;
  onDone: () => void;
};

/** Of the picture's width: a click this close to the first corner closes the zone. */
const CLOSE_TO = 0.02;
const KEY_STEP = 0.005;
const DIRECTIONS: Record<string, Point> = {
  ArrowUp: [0, -KEY_STEP],
  ArrowDown: [0, KEY_STEP],
  ArrowLeft: [-KEY_STEP, 0],
  ArrowRight: [KEY_STEP, 0],
};
const clamp = (value: number) => Math.min(1, Math.max(0, value));
const rounded = ([x, y]: Point): Point => [Math.round(clamp(x) * 1e4) / 1e4, Math.round(clamp(y) * 1e4) / 1e4];
const textOf = (points: readonly (readonly number[])[]) => points.map(([x, y]) => `${x},${y}`).join(' ');
/** The picture's width over its height, which the arrow must be square to. */
const ASPECT = 16 / 9;

/** Stands on the middle of the line and points where things that go forth go: from its left to its right. */
function arrowOf(points: readonly (readonly number[])[]): { from: Point; to: Point } | undefined {
  const middle = Math.floor((points.length - 1) / 2);
  const [a, b] = [points[middle], points[middle + 1]];
  if (a === undefined || b === undefined) return undefined;
  const [ax = 0, ay = 0] = a;
  const [bx = 0, by = 0] = b;
  const [dx, dy] = [(bx - ax) * ASPECT, by - ay];
  const length = Math.hypot(dx, dy) || 1;
  const from: Point = [(ax + bx) / 2, (ay + by) / 2];
  return { from, to: [from[0] + ((-dy / length) * 0.08) / ASPECT, from[1] + (dx / length) * 0.08] };
}

export function ShapeBoard({ picture, shape, points, isOpen, ways = [], onPoints, onDone }: BoardProps) {
  const words = useWords();
  const board = useRef<HTMLDivElement>(null);
  const [cross, setCross] = useState<Point>();
  const at = (event: { clientX: number; clientY: number }): Point => {
    const frame = board.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return rounded([(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height]);
  };
  const least = shape === 'line' ? 2 : 3;
  const add = (point: Point) => {
    if (!isOpen) return;
    const [first] = points;
    const isClosing = first !== undefined && Math.hypot(first[0]! - point[0], first[1]! - point[1]) < CLOSE_TO;
    if (shape === 'zone' && isClosing && points.length >= least) onDone();
    else onPoints([...points, point] as Point[]);
  };
  const onKey = (event: React.KeyboardEvent) => {
    const [x, y] = cross ?? [0.5, 0.5];
    const step = DIRECTIONS[event.key];
    if (step !== undefined) setCross(rounded([x + step[0], y + step[1]]));
    else if (event.key === 'Enter' && points.length >= least) onDone();
    else if (event.key === ' ') add([x, y]);
    else return;
    event.preventDefault();
  };
  const drawn = isOpen && cross !== undefined ? [...points, cross] : points;
  const arrow = shape === 'line' ? arrowOf(drawn) : undefined;
  return (
    <div
      ref={board}
      className={`picture-board shape-board${isOpen ? ' is-open' : ''}`}
      data-testid="shape-board"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cross.
      tabIndex={0}
      aria-label={shape === 'line' ? words.rules.drawLine : words.rules.drawZone}
      onPointerMove={(event) => setCross(at(event))}
      onPointerLeave={() => setCross(undefined)}
      onClick={(event) => add(at(event))}
      onKeyDown={onKey}
    >
      {picture === undefined ? (
        <p className="shape-no-picture">{words.rules.noPicture}</p>
      ) : (
        <img src={picture} alt="" draggable={false} />
      )}
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {ways.map((way) => (
          <polyline key={textOf(way)} className="shape-way" points={textOf(way)} />
        ))}
        {shape === 'zone' && !isOpen && <polygon className="shape-zone" points={textOf(points)} />}
        {(shape === 'line' || isOpen) && <polyline className="shape-line" points={textOf(drawn)} />}
        {arrow !== undefined && (
          <line className="shape-arrow" x1={arrow.from[0]} y1={arrow.from[1]} x2={arrow.to[0]} y2={arrow.to[1]} />
        )}
      </svg>
      {arrow !== undefined && (
        <span className="shape-head" style={{ left: `${arrow.to[0] * 100}%`, top: `${arrow.to[1] * 100}%` }} />
      )}
      {points.map(([x = 0, y = 0], index) => (
        <Handle
          // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place in the shape.
          key={index}
          point={[x, y]}
          label={`${words.rules.draw} ${index + 1}`}
          at={at}
          onMove={(to) => onPoints(points.map((was, place) => (place === index ? to : was)) as Point[])}
          onPress={() => isOpen && index === 0 && shape === 'zone' && points.length >= least && onDone()}
        />
      ))}
    </div>
  );
}

type HandleProps = {
  point: Point;
  label: string;
  at: (event: { clientX: number; clientY: number }) => Point;
  onMove: (to: Point) => void;
  onPress: () => void;
};

function Handle({ point: [x, y], label, at, onMove, onPress }: HandleProps) {
  const step = (event: React.KeyboardEvent) => {
    const direction = DIRECTIONS[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(rounded([x + direction[0], y + direction[1]]));
  };
  return (
    <button
      type="button"
      className="ring-corner"
      aria-label={label}
      style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) onMove(at(event));
      }}
      onKeyDown={step}
      onClick={(event) => {
        event.stopPropagation();
        onPress();
      }}
    />
  );
}
