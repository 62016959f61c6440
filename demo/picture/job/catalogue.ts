/** What the library offers: one entry for each body in each pose and for each vehicle. */
import type { Kind } from '#models/schema/kind.ts';

export type PersonPose =
  | 'walk'
  | 'walk-phone'
  | 'stand'
  | 'wait'
  | 'talk'
  | 'phone'
  | 'sit'
  | 'ride-bicycle'
  | 'ride-scooter'
  | 'ride-motorcycle';

export interface CatalogueEntry {
  /** Mesh of the first phase; the others follow with the next numbers. */
  readonly id: number;
  readonly kind: Kind;
  readonly name: string;
  readonly pose: PersonPose | 'roll';
  /** Size of the box round all phases along forward, right and up. */
  readonly lengthM: number;
  readonly widthM: number;
  readonly heightM: number;
  readonly phases: number;
  /** The way over which the phases run round once; 0 where the pose does not depend on the way. */
  readonly strideM: number;
  /** Seconds in which the phases run round once, for poses that sway on the spot. */
  readonly periodS?: number;
  /** Height of the bench of someone who sits; the origin is under its front edge. */
  readonly seatM?: number;
  /** What the palette's entries colour. */
  readonly slots: readonly string[];
  /** The machines a rider fits: same place, same phase, another agent. */
  readonly rides?: readonly string[];
  readonly triangles: number;
}

/** The mesh of an entry after a way of `distanceM`. */
export function meshAt(entry: CatalogueEntry, distanceM: number): number {
  if (entry.strideM === 0) return entry.id;
  const turn = distanceM / entry.strideM;
  return entry.id + (Math.floor((turn - Math.floor(turn)) * entry.phases + 0.5) % entry.phases);
}

/** The mesh of an entry that sways on the spot, after `seconds`. */
export function meshAtTime(entry: CatalogueEntry, seconds: number): number {
  if (entry.periodS === undefined) return entry.id;
  const turn = seconds / entry.periodS;
  return entry.id + (Math.floor((turn - Math.floor(turn)) * entry.phases + 0.5) % entry.phases);
}
