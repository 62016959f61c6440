/** A key place as a shape: square or diamond for what it is; full, half or crossed for how much of it is seen. */
import type { PlaceCoverage } from '#models/schema/coverage.ts';

type PlaceGlyphProps = { kind: PlaceCoverage['kind']; state: PlaceCoverage['state']['day'] };

export function PlaceGlyph({ kind, state }: PlaceGlyphProps) {
  const turn = kind === 'key-area' ? 'rotate(45 8 8)' : undefined;
  return (
    <svg className={`place-glyph is-${state}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <g transform={turn}>
        <rect className="place-body" x="3" y="3" width="10" height="10" rx="1" />
        {state === 'partly' && <path className="place-part" d="M3.8 12.2h8.400V3.800Z" />}
        {state === 'covered' && <rect className="place-part" x="4" y="4" width="8" height="8" />}
        {state === 'blind' && <path className="place-cross" d="m5.500 5.500 5 5m0-5-5 5" />}
      </g>
    </svg>
  );
}
