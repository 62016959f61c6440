/** Numbers: too many, too few, too dense, unlike this hour, over a whole area; and numbers that are just right. */
import type { RuleDraft } from '#models/schema/rule.ts';
import type { Actor, Incident, Waypoint } from '../incident.ts';
import { square } from '../shapes.ts';
import { makeIncident, type Scene, walker } from './make.ts';

/** Comes at its second and stays in a grid of people, `apart` metres from each other. */
function gather(
  scene: Scene,
  {
    count,
    apart,
    everyS,
    untilS,
    view,
  }: { count: number; apart: number; everyS: number; untilS: number; view?: string },
): Actor[] {
  const columns = Math.ceil(Math.sqrt(count));
  return Array.from({ length: count }, (_, index) => {
    const side = ((index % columns) - (columns - 1) / 2) * apart;
    const ahead = scene.middle + (Math.floor(index / columns) - (columns - 1) / 2) * apart;
    const comesS = 1 + index * everyS;
    const path: Waypoint[] = [
      [comesS, side + 2, ahead],
      [comesS + 2, side, ahead],
      [untilS, side, ahead],
    ];
    return walker(path, view === undefined ? {} : { view });
  });
}

export function counts(scene: Scene): Incident[] {
  const { frame, middle } = scene;
  const zone = square(frame, 'picture', { left: -6, right: 6, near: middle - 5, far: middle + 5 });
  const when = { type: 'count', zone, above: 5, forS: 4 } as const;
  const crowd = (count: number) => gather(scene, { count, apart: 1.6, everyS: 1.5, untilS: 40 });
  // The sixth is in at once: it comes up within the zone.
  const sixthS = 1 + 5 * 1.5;
  return [
    makeIncident(scene, {
      ...{ id: 'count', says: 'Seven stand where five may', seconds: 40, when, actors: crowd(7) },
      expected: [{ atS: sixthS + 4, slackS: 3 }],
    }),
    makeIncident(scene, {
      ...{ id: 'count-enough', says: 'Five stand where five may', seconds: 40, when, actors: crowd(5), expected: [] },
    }),
    makeIncident(scene, {
      ...{ id: 'count-passing', says: 'A sixth passes for three seconds', seconds: 40, when, expected: [] },
      actors: [
        ...crowd(5),
        walker([
          [20, -7, middle - 3],
          [23, -5.2, middle - 3],
          [24, -7.5, middle - 3],
        ]),
      ],
    }),
  ];
}

export function densities(scene: Scene): Incident[] {
  const { frame, middle } = scene;
  const zone = square(frame, 'ground', { left: -2, right: 2, near: middle - 2, far: middle + 2 });
  const when = { type: 'density', zone, abovePerM2: 0.8, forS: 4 } as const;
  const crowd = (count: number) => gather(scene, { count, apart: 0.8, everyS: 0.6, untilS: 40 });
  return [
    makeIncident(scene, {
      ...{ id: 'density', says: 'Twenty stand on sixteen square metres', seconds: 40, when, actors: crowd(20) },
      expected: [{ atS: 1 + 12 * 0.6 + 1.5 + 4, slackS: 4 }],
    }),
    makeIncident(scene, {
      ...{
        id: 'density-thin',
        says: 'Eight stand on sixteen square metres',
        seconds: 40,
        when,
        actors: crowd(8),
        expected: [],
      },
    }),
  ];
}

export function unlikeNormal(scene: Scene): Incident[] {
  const when = { type: 'unlike-normal', side: 'above', sigmas: 4, windowS: 60 } as const;
  const crowd = (count: number) => gather(scene, { count, apart: 1.4, everyS: 0.5, untilS: 150 });
  const told = {
    seconds: 150,
    when,
    normal: { median: 2, spread: 1 },
    rule: { kinds: ['person'] } satisfies Partial<RuleDraft>,
  };
  return [
    makeIncident(scene, {
      ...{ ...told, id: 'unlike-normal', says: 'Twelve for two minutes, where two are normal', actors: crowd(12) },
      // 2 + 4 sigmas are 6 on average over a minute.
      expected: [{ atS: 60, slackS: 32 }],
    }),
    makeIncident(scene, {
      ...{ ...told, id: 'like-normal', says: 'Three, where two are normal', actors: crowd(3), expected: [] },
    }),
  ];
}

/** A second camera of the same area. */
export function areaTotals(scene: Scene, other: Scene, area: string): Incident[] {
  const when = { type: 'area-total', above: 8, forS: 5 } as const;
  const rule = { where: { area } };
  const crowd = (here: number, there: number) => [
    ...gather(scene, { count: here, apart: 1.5, everyS: 1, untilS: 50 }),
    ...gather(other, { count: there, apart: 1.5, everyS: 1, untilS: 50, view: other.view }),
  ];
  return [
    makeIncident(scene, {
      ...{
        id: 'area-total',
        says: 'Six here and five there, where eight are enough',
        seconds: 50,
        when,
        rule,
        actors: crowd(6, 5),
      },
      expected: [{ atS: 1 + 4 + 5, slackS: 5 }],
    }),
    makeIncident(scene, {
      ...{
        id: 'area-total-enough',
        says: 'Four here and four there',
        seconds: 50,
        when,
        rule,
        actors: crowd(4, 4),
        expected: [],
      },
    }),
  ];
}
