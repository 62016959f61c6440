/** Who and what takes which place at which frame of a loop, so that nobody walks through anybody or anything. */

/** A rectangle on the ground: middle, heading (radians clockwise from forward), half width and half length. */
export type Footprint = { x: number; y: number; heading: number; halfWidthM: number; halfLengthM: number };

export type Occupancy = {
  /** People need `radiusM` each; a group's own members are not in it yet. */
  isFree: (frame: number, at: { x: number; y: number; radiusM: number }, isAboard?: boolean) => boolean;
  /** No furniture there, at any time. */
  isOpen: (at: { x: number; y: number; radiusM: number }) => boolean;
  /** No vehicle and nobody where the footprint is. */
  isClear: (frame: number, footprint: Footprint) => boolean;
  addPerson: (frame: number, at: { x: number; y: number; radiusM: number }) => void;
  addVehicle: (frame: number, footprint: Footprint) => void;
};

type Disc = { x: number; y: number; radiusM: number };

/** Air that a walker leaves to what has a hard edge, metres. */
const VEHICLE_AIR_M = 0.22;
const FURNITURE_AIR_M = 0.02;

export function makeOccupancy(frames: number, furniture: readonly Footprint[]): Occupancy {
  const people: Disc[][] = Array.from({ length: frames }, () => []);
  const vehicles: Footprint[][] = Array.from({ length: frames }, () => []);
  const slot = <T>(lists: T[][], frame: number) => lists[((frame % frames) + frames) % frames]!;
  return {
    isFree(frame, at, isAboard = false) {
      for (const other of slot(people, frame)) {
        const apart = at.radiusM + other.radiusM;
        if ((other.x - at.x) ** 2 + (other.y - at.y) ** 2 < apart * apart) return false;
      }
      return isAboard || !slot(vehicles, frame).some((box) => isNear(box, at, VEHICLE_AIR_M));
    },
    isOpen: (at) => !furniture.some((box) => isNear(box, at, FURNITURE_AIR_M)),
    isClear(frame, footprint) {
      if (slot(vehicles, frame).some((box) => isOverlapping(box, footprint))) return false;
      return !slot(people, frame).some((at) => isNear(footprint, at, 0));
    },
    addPerson: (frame, at) => void slot(people, frame).push(at),
    addVehicle: (frame, footprint) => void slot(vehicles, frame).push(footprint),
  };
}

function isNear(box: Footprint, at: Disc, airM: number): boolean {
  const reach = at.radiusM + airM;
  const far = box.halfLengthM + box.halfWidthM + reach;
  if (Math.abs(box.x - at.x) > far || Math.abs(box.y - at.y) > far) return false;
  return edgeDistance(box, at) < reach;
}

/** From a place to a rectangle's edge, 0 inside. */
export function edgeDistance(box: Footprint, { x, y }: { x: number; y: number }): number {
  const [dx, dy] = [x - box.x, y - box.y];
  const [cos, sin] = [Math.cos(box.heading), Math.sin(box.heading)];
  const across = Math.abs(dx * cos - dy * sin) - box.halfWidthM;
  const along = Math.abs(dx * sin + dy * cos) - box.halfLengthM;
  return Math.hypot(Math.max(across, 0), Math.max(along, 0));
}

/** By the separating axis theorem. */
function isOverlapping(a: Footprint, b: Footprint): boolean {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const reach = a.halfLengthM + a.halfWidthM + b.halfLengthM + b.halfWidthM;
  if (Math.abs(dx) > reach || Math.abs(dy) > reach) return false;
  return [a.heading, a.heading + Math.PI / 2, b.heading, b.heading + Math.PI / 2].every((turn) => {
    const axis = { x: Math.sin(turn), y: Math.cos(turn) };
    return Math.abs(dx * axis.x + dy * axis.y) < extent(a, axis) + extent(b, axis);
  });
}

function extent({ heading, halfLengthM, halfWidthM }: Footprint, axis: { x: number; y: number }): number {
  const along = Math.abs(Math.sin(heading) * axis.x + Math.cos(heading) * axis.y);
  const across = Math.abs(Math.cos(heading) * axis.x - Math.sin(heading) * axis.y);
  return halfLengthM * along + halfWidthM * across;
}
