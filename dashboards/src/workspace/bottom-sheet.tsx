/** The phone's panel: a sheet at the bottom with three heights, dragged by its handle or switched with a key. */
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useWords } from '../words/language.tsx';

type Height = 'low' | 'half' | 'full';

const HEIGHTS: readonly Height[] = ['low', 'half', 'full'];
const LOW_PX = 132;

const pixelsOf = (height: Height): number =>
  height === 'low' ? LOW_PX : Math.round(innerHeight * (height === 'half' ? 0.56 : 0.88));

/** Where the sheet settles: the nearest height, a little ahead in the direction of a quick move. */
function nearest(pixels: number, speed: number): Height {
  const aim = pixels + speed * 180;
  return [...HEIGHTS].sort((a, b) => Math.abs(pixelsOf(a) - aim) - Math.abs(pixelsOf(b) - aim))[0] ?? 'low';
}

type BottomSheetProps = { children: ReactNode; detail: ReactNode; isRaised: boolean };

/** `detail` (a chosen camera) takes the place of the content and raises the sheet, as `isRaised` does. */
export function BottomSheet({ children, detail, isRaised }: BottomSheetProps) {
  const words = useWords();
  const [height, setHeight] = useState<Height>('low');
  const [dragged, setDragged] = useState<number | null>(null);
  const grip = useRef<{ y: number; pixels: number; lastY: number; lastAtMs: number; speed: number } | null>(null);
  const isWanted = isRaised || detail !== null;
  // What raised itself goes down again with what it was raised for; where a person put it, it stays.
  const wasRaised = useRef(false);
  const put = (to: Height) => {
    wasRaised.current = false;
    setHeight(to);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a height that a person chooses raises nothing
  useEffect(() => {
    if (isWanted && height === 'low') {
      setHeight('half');
      wasRaised.current = true;
    } else if (!isWanted && wasRaised.current) put('low');
  }, [isWanted]);

  const onPointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = {
      y: event.clientY,
      pixels: pixelsOf(height),
      lastY: event.clientY,
      lastAtMs: event.timeStamp,
      speed: 0,
    };
  };
  const onPointerMove = (event: PointerEvent<HTMLButtonElement>) => {
    const held = grip.current;
    if (held === null) return;
    const elapsedMs = Math.max(event.timeStamp - held.lastAtMs, 1);
    Object.assign(held, {
      speed: (held.lastY - event.clientY) / elapsedMs,
      lastY: event.clientY,
      lastAtMs: event.timeStamp,
    });
    setDragged(Math.min(Math.max(held.pixels + held.y - event.clientY, 72), innerHeight * 0.92));
  };
  const onPointerUp = () => {
    const held = grip.current;
    grip.current = null;
    setDragged(null);
    if (held === null) return;
    const moved = held.y - held.lastY;
    if (Math.abs(moved) > 6) put(nearest(held.pixels + moved, held.speed));
    else put(height === 'low' ? 'half' : height === 'half' ? 'full' : 'low');
  };
  return (
    <aside
      className={`sheet is-${height}${dragged === null ? '' : ' is-dragged'}`}
      style={{ height: dragged ?? pixelsOf(height) }}
    >
      <button
        type="button"
        className="sheet-handle"
        aria-label={words.sheet.toggle}
        aria-expanded={height !== 'low'}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ' ')
            put(height === 'full' ? 'low' : height === 'low' ? 'half' : 'full');
        }}
      />
      <div className="sheet-content">{detail ?? children}</div>
    </aside>
  );
}
