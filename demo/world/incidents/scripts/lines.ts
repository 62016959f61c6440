/** Lines: who crosses, who only comes near, who trembles on it, and a flow to one side. */
import type { Kind } from '#models/schema/kind.ts';
import type { Actor, Incident } from '../incident.ts';
import { lineAcross } from '../shapes.ts';
import { makeIncident, type Scene, secondAt, straight, walker } from './make.ts';

const WALK = 1.35;

/** `away`: over a line drawn from left to right that is the way back, to the camera forth. */
export function crossings(
  scene: Scene,
  { kind = 'person', isAway = true }: { kind?: Kind; isAway?: boolean } = {},
): Incident[] {
  const { frame, middle } = scene;
  const space = kind === 'person' ? 'picture' : 'ground';
  const line = lineAcross(frame, space, { ahead: middle, half: 5 });
  const [near, far] = [middle - 5, middle + 5];
  const speed = kind === 'person' ? WALK : 6;
  const path = straight([0.8, isAway ? near : far], [0.8, isAway ? far : near], { fromS: 1, speed });
  const when = { type: 'line', line, direction: isAway ? 'back' : 'forth' } as const;
  const seconds = Math.ceil(path.at(-1)![0]) + 3;
  const spot = [0.8, middle] as const;
  return [
    makeIncident(scene, {
      ...{ id: `line-${kind}-${isAway ? 'away' : 'here'}`, says: `A ${kind} goes over the line`, seconds, when },
      actors: [{ kind, path }],
      expected: [{ atS: secondAt(path, 0.5), slackS: kind === 'person' ? 1.5 : 2, spot }],
    }),
    makeIncident(scene, {
      ...{ id: `line-${kind}-other-way-${isAway}`, says: `A ${kind} goes over the line the other way`, seconds },
      when: { ...when, direction: isAway ? 'forth' : 'back' },
      actors: [{ kind, path }],
      expected: [],
    }),
  ];
}

/** To the line and back again; and one who stands on it while the box trembles. */
export function nearMisses(scene: Scene): Incident[] {
  const { frame, middle } = scene;
  const line = lineAcross(frame, 'picture', { ahead: middle, half: 5 });
  const when = { type: 'line', line } as const;
  const turning = [
    ...straight([-1, middle - 5], [-1, middle - 0.8], { fromS: 1, speed: WALK }),
    [8, -1, middle - 0.8],
    [12, -1, middle - 5],
  ] as const;
  return [
    makeIncident(scene, {
      ...{
        id: 'line-turned-back',
        says: 'Somebody comes near the line and turns back',
        seconds: 15,
        when,
        expected: [],
      },
      actors: [walker([...turning])],
    }),
    makeIncident(scene, {
      ...{ id: 'line-along', says: 'Somebody walks along the line, on its near side', seconds: 12, when, expected: [] },
      actors: [walker(straight([-4.5, middle - 1.2], [4.5, middle - 1.2], { fromS: 1, speed: WALK }))],
    }),
    makeIncident(scene, {
      ...{
        id: 'line-trembles',
        says: 'Somebody stands at the line, and the box trembles',
        seconds: 30,
        when,
        expected: [],
      },
      actors: [
        walker(
          [
            [0, 0.5, middle - 0.45],
            [29.9, 0.5, middle - 0.45],
          ],
          { trembles: 0.002 },
        ),
      ],
    }),
  ];
}

/** Fourteen within a minute, most of them away from the camera. */
export function flows(scene: Scene): Incident[] {
  const { frame, middle } = scene;
  const line = lineAcross(frame, 'picture', { ahead: middle, half: 6 });
  const when = { type: 'flow-imbalance', line, windowS: 60, shareAbove: 0.8, countMin: 10 } as const;
  const crowd = (isAway: (index: number) => boolean): Actor[] =>
    Array.from({ length: 14 }, (_, index) => {
      const side = ((index * 5) % 9) - 4;
      const [from, to] = isAway(index) ? [middle - 4, middle + 4] : [middle + 4, middle - 4];
      return walker(straight([side, from], [side, to], { fromS: 1 + index * 2.5, speed: WALK }));
    });
  const tenthS = secondAt(straight([0, 0], [0, 8], { fromS: 1 + 9 * 2.5, speed: WALK }), 0.5);
  return [
    makeIncident(scene, {
      ...{ id: 'flow-one-way', says: 'Everybody goes away', seconds: 50, when },
      actors: crowd(() => true),
      expected: [{ atS: tenthS, slackS: 3 }],
    }),
    makeIncident(scene, {
      ...{ id: 'flow-both-ways', says: 'As many come as go', seconds: 50, when, expected: [] },
      actors: crowd((index) => index % 2 === 0),
    }),
  ];
}
