/** A camera's state as a shape and a colour: one can be told from the other by either alone. */
import type { ReactNode } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { StateName } from '../words/english.ts';

/** What to show: a camera that is switched off, or of which nothing was heard, has no state of its own. */
export const stateOf = (camera: CameraView): StateName =>
  camera.isEnabled ? (camera.state?.state ?? 'waiting') : 'disabled';

const shapes: Record<StateName, ReactNode> = {
  live: (
    <>
      <circle className="glyph-body" cx="8" cy="8" r="6.5" />
      <circle className="glyph-sign is-filled" cx="8" cy="8" r="2.4" />
    </>
  ),
  degraded: (
    <>
      <path className="glyph-body" d="M8 1.2 15 14H1Z" />
      <path className="glyph-sign" d="M8 6v3.6M8 11.600v.3" />
    </>
  ),
  down: (
    <>
      <rect className="glyph-body" x="1.8" y="1.8" width="12.4" height="12.4" rx="2" />
      <path className="glyph-sign" d="m5.5 5.5 5 5m0-5-5 5" />
    </>
  ),
  connecting: <circle className="glyph-ring is-turning" cx="8" cy="8" r="5.8" />,
  waiting: (
    <>
      <circle className="glyph-ring" cx="8" cy="8" r="5.8" />
      <path className="glyph-hands" d="M8 4.900V8l2 1.6" />
    </>
  ),
  disabled: (
    <>
      <circle className="glyph-ring" cx="8" cy="8" r="5.8" />
      <path className="glyph-hands" d="m4 12 8-8" />
    </>
  ),
};

export function StateGlyph({ state, size = 16 }: { state: StateName; size?: number }) {
  return (
    <svg className={`glyph is-${state}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[state]}
    </svg>
  );
}
