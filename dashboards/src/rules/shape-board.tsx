/** A camera's picture on which the line or the zone of a rule is drawn, point by point; points are dragged or moved by keys. */
import { useRef, useState } from 'react';
import { type Corner, CornerHandle, cornerAt, cornerBeside, cornersText } from '../cameras/picture-corner.tsx';
import { useWords } from '../words/language.tsx';

type BoardProps = {
  picture: string | undefined;
  shape: 'line' | 'zone';
  points: readonly (readonly number[])[];
  isOpen: boolean;
  /** Tracks of a try, as ways of foot points. */
  ways?: readonly (readonly Corner[])[];
  onPoints: (points: Corner[]) => void;
  onDone: () => void;
};

/** Of the picture's width: a click this close to the first corner closes the zone. */
const CLOSE_TO = 0.02;
const MIDDLE: Corner = [0.5, 0.5];
/** The picture's width over its height, which the arrow must be square to. */
const ASPECT = 16 / 9;

/** Stands on the middle of the line and points where things that go forth go: from its left to its right. */
function arrowOf(points: readonly (readonly number[])[]): { from: Corner; to: Corner } | undefined {
  const middle = Math.floor((points.length - 1) / 2);
  const [a, b] = [points[middle], points[middle + 1]];
  if (a === undefined || b === undefined) return undefined;
  const [ax = 0, ay = 0] = a;
  const [bx = 0, by = 0] = b;
  const [dx, dy] = [(bx - ax) * ASPECT, by - ay];
  const length = Math.hypot(dx, dy) || 1;
  const from: Corner = [(ax + bx) / 2, (ay + by) / 2];
  return { from, to: [from[0] + ((-dy / length) * 0.08) / ASPECT, from[1] + (dx / length) * 0.08] };
}

export function ShapeBoard({ picture, shape, points, isOpen, ways = [], onPoints, onDone }: BoardProps) {
  const words = useWords();
  const board = useRef<HTMLDivElement>(null);
  const [cross, setCross] = useState<Corner>();
  const at = (event: { clientX: number; clientY: number }) => cornerAt(board.current, event);
  const least = shape === 'line' ? 2 : 3;
  const add = (point: Corner) => {
    if (!isOpen) return;
    const [first] = points;
    const isClosing = first !== undefined && Math.hypot(first[0]! - point[0], first[1]! - point[1]) < CLOSE_TO;
    if (shape === 'zone' && isClosing && points.length >= least) onDone();
    else onPoints([...points, point] as Corner[]);
  };
  const onKey = (event: React.KeyboardEvent) => {
    const from = cross ?? MIDDLE;
    const to = cornerBeside(from, event.key);
    if (to !== undefined) setCross(to);
    else if (event.key === 'Enter' && points.length >= least) onDone();
    else if (event.key === ' ') add(from);
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
          <polyline key={cornersText(way)} className="shape-way" points={cornersText(way)} />
        ))}
        {shape === 'zone' && !isOpen && <polygon className="shape-zone" points={cornersText(points)} />}
        {(shape === 'line' || isOpen) && <polyline className="shape-line" points={cornersText(drawn)} />}
        {arrow !== undefined && (
          <line className="shape-arrow" x1={arrow.from[0]} y1={arrow.from[1]} x2={arrow.to[0]} y2={arrow.to[1]} />
        )}
      </svg>
      {arrow !== undefined && (
        <span className="shape-head" style={{ left: `${arrow.to[0] * 100}%`, top: `${arrow.to[1] * 100}%` }} />
      )}
      {points.map(([x = 0, y = 0], index) => (
        <CornerHandle
          // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place in the shape.
          key={index}
          corner={[x, y]}
          label={`${words.rules.draw} ${index + 1}`}
          at={at}
          onMove={(to) => onPoints(points.map((was, place) => (place === index ? to : was)) as Corner[])}
          onPress={() => isOpen && index === 0 && shape === 'zone' && points.length >= least && onDone()}
        />
      ))}
    </div>
  );
}
