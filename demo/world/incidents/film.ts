/** A script as the looks of its cameras: true boxes, as steady as the light lets a detector be. No picture is drawn. */
import type { Box } from '#models/schema/detection.ts';
import { normal, type Random, randomStream } from '../random.ts';
import { viewOf } from '../views.ts';
import { boxOf } from './body.ts';
import { type Frame, frameOf, type Spot } from './frame.ts';
import type { Actor, Incident, Light } from './incident.ts';

export type FilmedThing = { track: string; kind: Actor['kind']; score: number; box: Box };
export type FilmedLook = { view: string; atS: number; things: FilmedThing[] };

/** Fractions of the picture by which edges tremble, and looks in which a thing is missed. */
const STEADINESS: Record<Light, { trembles: number; missed: number; score: number }> = {
  day: { trembles: 0.0008, missed: 0, score: 0.85 },
  night: { trembles: 0.0016, missed: 0.03, score: 0.62 },
  rain: { trembles: 0.0013, missed: 0.02, score: 0.7 },
};
export const LOOKS_PER_S = 5;
/** Of the box's area in the picture, so much is too little to be found. */
const SMALLEST = 0.0002;
const SEED = 8;

/** Views that the script takes place in. */
export const viewsOf = ({ view, actors }: Incident): string[] => [
  ...new Set([view, ...actors.flatMap((actor) => actor.view ?? [])]),
];

/** In order of time. */
export function* film(incident: Incident): Generator<FilmedLook> {
  const cameras = viewsOf(incident).map((id) => ({ id, frame: frameOf(viewOf(id)) }));
  const random = randomStream(SEED, incident.id);
  for (let look = 0; look < incident.seconds * LOOKS_PER_S; look++) {
    const atS = look / LOOKS_PER_S;
    for (const { id, frame } of cameras) {
      const things = incident.actors.flatMap((actor, index) => {
        if ((actor.view ?? incident.view) !== id) return [];
        const name = `${incident.id.replaceAll('-', '').slice(-10)}a${index}`;
        return filmOne(actor, { incident, frame, random, atS, name }) ?? [];
      });
      yield { view: id, atS, things };
    }
  }
}

type Shot = { incident: Incident; frame: Frame; random: Random; atS: number; name: string };

function filmOne(actor: Actor, { incident, frame, random, atS, name }: Shot): FilmedThing | undefined {
  const place = placeAt(actor, atS);
  const { trembles, missed, score } = STEADINESS[incident.light];
  // Drawn in any case: what one thing does changes no other.
  const [isMissed, ...shifts] = [
    random() < missed,
    ...[0, 1, 2, 3].map(() => normal(random, 0, trembles + (actor.trembles ?? 0))),
  ];
  if (place === undefined || isMissed || actor.hidden?.some(([fromS, toS]) => atS >= fromS && atS < toS))
    return undefined;
  const box = boxOf(frame, actor.kind, place);
  if (box === undefined || box[2] * box[3] < SMALLEST) return undefined;
  const [x, y, width, height] = box;
  const [dx = 0, dy = 0, dw = 0, dh = 0] = shifts;
  const hiddenBefore = actor.hidden?.filter(([, toS]) => atS >= toS).length ?? 0;
  const track = `${name}t${actor.isLostWhenHidden === true ? hiddenBefore : 0}`.padEnd(12, '0');
  return { track, kind: actor.kind, score, box: [x + dx, y + dy, width * (1 + dw), height * (1 + dh)] };
}

/** Undefined before it comes and after it has left. Who stands looks the way it came. */
export function placeAt({ path }: Pick<Actor, 'path'>, atS: number): { spot: Spot; headingRad: number } | undefined {
  const next = path.findIndex(([s]) => s > atS);
  if (next <= 0) return undefined;
  const [from, to] = [path[next - 1]!, path[next]!];
  const share = (atS - from[0]) / (to[0] - from[0]);
  const spot: Spot = [from[1] + (to[1] - from[1]) * share, from[2] + (to[2] - from[2]) * share];
  return { spot, headingRad: headingOf(path, next) };
}

function headingOf(path: Actor['path'], next: number): number {
  for (let index = next; index > 0; index--) {
    const [east, north] = [path[index]![1] - path[index - 1]![1], path[index]![2] - path[index - 1]![2]];
    if (Math.hypot(east, north) > 0.2) return Math.atan2(east, north);
  }
  return 0;
}
