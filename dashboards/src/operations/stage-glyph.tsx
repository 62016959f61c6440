/** How a stage is, by shape and colour: a disc, a triangle, a square; a ring where nothing is known. */
import type { StageNow } from '#models/schema/operations.ts';

const SHAPES: Record<StageNow['state'], string> = {
  well: 'M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11Z',
  warned: 'M8 1.500 15 14H1Z',
  unwell: 'M2.500 2.500h11v11h-11Z',
  unknown: 'M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11Z',
};

type GlyphProps = { state: StageNow['state']; x?: number; y?: number };

export function StageGlyph({ state, x = 0, y = 0 }: GlyphProps) {
  return (
    <svg
      className={`stage-glyph is-${state}`}
      x={x}
      y={y}
      width="14"
      height="14"
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <path d={SHAPES[state]} />
    </svg>
  );
}
