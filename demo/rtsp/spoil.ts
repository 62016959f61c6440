/** Pictures that arrive damaged: `share` of their payloads is noise. */
import { randomFillSync } from 'node:crypto';
import type { MediaUnit } from './broadcast.ts';

export function spoil(unit: MediaUnit, share: number): MediaUnit {
  const payloads = unit.payloads.map((payload) =>
    Math.random() < share ? randomFillSync(Buffer.allocUnsafe(payload.length)) : payload,
  );
  return { ...unit, payloads };
}
