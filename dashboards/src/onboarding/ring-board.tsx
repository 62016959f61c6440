/** A picture on which areas are drawn corner by corner; corners are dragged, or moved by arrow keys. */
import { useRef, useState } from 'react';
import type { PictureRing } from '#models/schema/mask.ts';
import { type Corner, CornerHandle, cornerAt, cornerBeside, cornersText } from '../cameras/picture-corner.tsx';
import type { MaskName } from './masks-step.tsx';

type RingBoardProps = {
  picture: string | undefined;
  label: string;
  hint: string;
  /** Which of the masks is drawn at; the other one is only shown. */
  mask: MaskName;
  rings: Record<MaskName, PictureRing[]>;
  open: PictureRing;
  onCorner: (corner: Corner) => void;
  onClose: () => void;
  onChange: (rings: PictureRing[]) => void;
};

/** Of the picture's width: a click this close to the first corner closes the area. */
const CLOSE_TO = 0.015;
const MIDDLE: Corner = [0.5, 0.5];

export function RingBoard(props: RingBoardProps) {
  const { picture, mask, rings, open, onCorner, onClose, onChange } = props;
  const board = useRef<HTMLDivElement>(null);
  const [cross, setCross] = useState<Corner>();
  const at = (event: { clientX: number; clientY: number }) => cornerAt(board.current, event);
  const add = (corner: Corner) => {
    const [first] = open;
    const isClosing = first !== undefined && Math.hypot(first[0]! - corner[0], first[1]! - corner[1]) < CLOSE_TO;
    if (isClosing && open.length >= 3) onClose();
    else onCorner(corner);
  };
  const onKey = (event: React.KeyboardEvent) => {
    const from = cross ?? MIDDLE;
    const to = cornerBeside(from, event.key);
    if (to !== undefined) setCross(to);
    else if (event.key === 'Enter' && open.length >= 3) onClose();
    else if (event.key === ' ' || event.key === 'Enter') add(from);
    else return;
    event.preventDefault();
  };
  const move = (ring: number, corner: number, to: Corner) =>
    onChange(
      rings[mask].map((each, index) =>
        index === ring ? each.map((was, place) => (place === corner ? to : was)) : each,
      ),
    );
  return (
    <div className="picture-pane">
      <div
        ref={board}
        className="picture-board"
        data-testid="ring-board"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cross.
        tabIndex={0}
        aria-label={props.label}
        onPointerMove={(event) => setCross(at(event))}
        onPointerLeave={() => setCross(undefined)}
        onClick={(event) => add(at(event))}
        onKeyDown={onKey}
      >
        {picture !== undefined && <img src={picture} alt="" draggable={false} />}
        <svg className="board-rings" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          {(['ground', 'privacy'] as const).flatMap((name) =>
            rings[name].map((ring) => (
              <polygon
                key={`${name} ${cornersText(ring)}`}
                className={`is-${name}${name === mask ? ' is-chosen' : ''}`}
                points={cornersText(ring)}
              />
            )),
          )}
          {open.length > 0 && (
            <polyline
              className={`is-${mask} is-open`}
              points={cornersText(cross === undefined ? open : [...open, cross])}
            />
          )}
        </svg>
        {rings[mask].map((ring, index) =>
          ring.map((corner, place) => (
            <CornerHandle
              // biome-ignore lint/suspicious/noArrayIndexKey: a corner is its place in the ring.
              key={`${index} ${place}`}
              corner={corner as Corner}
              label={`${props.label} ${index + 1}, ${place + 1}`}
              at={at}
              onMove={(to) => move(index, place, to)}
            />
          )),
        )}
        {open.map(([x, y]) => (
          <span
            key={`${x} ${y}`}
            className="ring-corner is-open"
            style={{ left: `${x! * 100}%`, top: `${y! * 100}%` }}
          />
        ))}
      </div>
      <p className="picture-hint">{props.hint}</p>
    </div>
  );
}
