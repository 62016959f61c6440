/** The word of a worker on a change, for the terminal: "applied on worker-2, 0.4 s", or why it was not. */
import type { Applied } from '#models/schema/camera-view.ts';

export function appliedText({ isApplied, worker, afterMs = 0, message, cure, code }: Applied): string {
  if (!isApplied) return `not applied yet: ${message}\n  what to do: ${cure}  [${code}]`;
  if (worker === undefined) return message ?? 'applied';
  const after = afterMs < 100 ? `${afterMs} ms` : `${(afterMs / 1000).toFixed(1)} s`;
  return `applied on ${worker}, ${after}`;
}
