/** Corners that are drawn on a picture: places as fractions of it, moved by arrow keys or dragged. */

/** [x, y], fractions, origin top left. */
export type Corner = [x: number, y: number];

const KEY_STEP = 0.005;
const STEPS: Record<string, Corner> = {
  ArrowUp: [0, -KEY_STEP],
  ArrowDown: [0, KEY_STEP],
  ArrowLeft: [-KEY_STEP, 0],
  ArrowRight: [KEY_STEP, 0],
};
const clamp = (value: number) => Math.min(1, Math.max(0, value));
const rounded = ([x, y]: Corner): Corner => [Math.round(clamp(x) * 1e4) / 1e4, Math.round(clamp(y) * 1e4) / 1e4];

type Pointed = { clientX: number; clientY: number };

/** Where on the board something is pointed at. */
export function cornerAt(board: HTMLElement | null, { clientX, clientY }: Pointed): Corner {
  const frame = board?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
  return rounded([(clientX - frame.left) / frame.width, (clientY - frame.top) / frame.height]);
}

/** A step further by an arrow key; undefined for other keys. */
export function cornerBeside([x, y]: Corner, key: string): Corner | undefined {
  const step = STEPS[key];
  return step === undefined ? undefined : rounded([x + step[0], y + step[1]]);
}

/** As the points of an SVG shape. */
export const cornersText = (corners: readonly (readonly number[])[]) => corners.map(([x, y]) => `${x},${y}`).join(' ');

type HandleProps = {
  corner: Corner;
  label: string;
  at: (event: Pointed) => Corner;
  onMove: (to: Corner) => void;
  onPress?: () => void;
};

export function CornerHandle({ corner, label, at, onMove, onPress }: HandleProps) {
  const [x, y] = corner;
  const step = (event: React.KeyboardEvent) => {
    const to = cornerBeside(corner, event.key);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(to);
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
        onPress?.();
      }}
    />
  );
}
