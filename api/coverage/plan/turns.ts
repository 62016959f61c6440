/** What turning a camera on its pole would bring: cells that are seen then and not now, less those that only it sees now. */
import { setImmediate as breathe } from 'node:timers/promises';
import { toGround } from '#models/registry/homography.ts';
import { outlookOf, type Surroundings } from '#models/registry/sight/outlook.ts';
import { type Light, SEEN_RECALL_MIN } from '#models/registry/sight/recall.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Calibration } from '#models/schema/calibration.ts';

/** A bracket lets a fixed camera be turned about this far without being hung anew. */
export const TURNS_DEG = [-60, -45, -30, -15, 15, 30, 45, 60] as const;
/** What is gained less what is lost must be this share of the gain, or the turn is not worth the ladder. */
const NET_MIN = 0.2;
/** The row of the picture at which its width on the ground is told. */
const ROW = 0.6;

export type Turn = { turnDeg: number; gained: string[]; lost: string[]; worth: number };

type Known = {
  surroundings: Surroundings;
  light: Light;
  /** Seen by any camera now. */
  isSeen: (cell: string) => boolean;
  /** Seen by this camera and by no other. */
  only: readonly string[];
  isWanted: (cell: string) => boolean;
  worthOf: (cell: string) => number;
};

/** The best of them, undefined where it is well as it is. Some 15 ms each, between which others have their turn. */
export async function bestTurn(calibration: Calibration, known: Known): Promise<Turn | undefined> {
  const turns: Turn[] = [];
  for (const turnDeg of TURNS_DEG) {
    turns.push(turnBy(calibration, turnDeg, known));
    await breathe();
  }
  const best = turns.reduce((one, other) => (other.worth > one.worth ? other : one));
  const gainedWorth = best.gained.reduce((sum, cell) => sum + known.worthOf(cell), 0);
  return best.worth > NET_MIN * gainedWorth ? best : undefined;
}

function turnBy(calibration: Calibration, turnDeg: number, known: Known): Turn {
  const { surroundings, light, isSeen, only, isWanted, worthOf } = known;
  const outlook = outlookOf(calibration, { ...surroundings, turnDeg });
  const seen = new Set(
    outlook.cells().filter((cell) => {
      const { hiddenBy, recallDay, recallNight } = outlook.look(cell);
      return hiddenBy === '' && (light === 'day' ? recallDay : recallNight) >= SEEN_RECALL_MIN;
    }),
  );
  const gained = [...seen].filter((cell) => !isSeen(cell) && isWanted(cell));
  const lost = only.filter((cell) => !seen.has(cell));
  const sum = (cells: readonly string[]) => cells.reduce((total, cell) => total + worthOf(cell), 0);
  return { turnDeg, gained, lost, worth: sum(gained) - sum(lost) };
}

export type Aim = { lon: number; lat: number; heightM: number; headingDeg: number; fieldOfViewDeg: number };

/** Where a calibrated camera hangs and looks: to the ground in the middle of its picture. */
export function aimOf(calibration: Calibration, { mounting }: Surroundings): Aim {
  const { eye } = outlookOf(calibration, { mounting });
  const plane = tangentPlane(eye.lon, eye.lat);
  const bearing = (x: number) => {
    const at = toGround(calibration, x, ROW) ?? toGround(calibration, x, 1);
    const [east, north] = at === undefined ? [0, 1] : plane.toMetres(at.lon, at.lat);
    return (Math.atan2(east, north) * 180) / Math.PI;
  };
  const [left, middle, right] = [bearing(0), bearing(0.5), bearing(1)];
  const { lon, lat, heightM } = eye;
  const fieldOfViewDeg = (((right - left) % 360) + 360) % 360;
  return { lon, lat, heightM, headingDeg: (middle + 360) % 360, fieldOfViewDeg };
}
