/** A severity as shape and colour: a filled diamond, triangle, square, ring. */
import type { Severity } from '#models/schema/severity.ts';

const SHAPES: Record<Severity, React.ReactNode> = {
  critical: <path d="M8 1 15 8 8 15 1 8Z" />,
  major: <path d="M8 2 15 14 1 14Z" />,
  minor: <rect x="3" y="3" width="10" height="10" rx="1.500" />,
  info: <circle cx="8" cy="8" r="5" fill="none" stroke="currentcolor" strokeWidth="2" />,
};

export function SeverityGlyph({ severity, size = 14 }: { severity: Severity; size?: number }) {
  return (
    <svg className={`severity is-${severity}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[severity]}
    </svg>
  );
}
