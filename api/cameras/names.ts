/** Ids from names: what people call a camera becomes letters, digits and hyphens. */
import { randomBytes } from 'node:crypto';

const LENGTH_MAX = 56;

/** "Gate 3 (Süd)" → gate-3-sud; a name with nothing to keep, like 三号门, → camera-<random>. Never one that is taken. */
export function makeId(name: string, isTaken: (id: string) => boolean): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LENGTH_MAX)
    .replace(/^-+|-+$/g, '');
  // A single digit left over of a Chinese name says less than none.
  const base = /[a-z]/.test(slug) ? slug : `camera-${randomBytes(3).toString('hex')}`;
  if (!isTaken(base)) return base;
  for (let number = 2; ; number++) if (!isTaken(`${base}-${number}`)) return `${base}-${number}`;
}
