/** What all scripts share: a rule of one view, and a script's usual hours. */
import type { RuleDraft } from '#models/schema/rule.ts';
import { viewOf } from '../../views.ts';
import { type Frame, frameOf, type Spot } from '../frame.ts';
import type { Actor, Incident, Light, Waypoint } from '../incident.ts';

export type Told = Pick<Incident, 'id' | 'says' | 'seconds' | 'actors' | 'expected'> & {
  when: RuleDraft['when'];
  rule?: Partial<RuleDraft>;
} & Partial<Pick<Incident, 'beginsAt' | 'troubles' | 'normal'>>;

export type Scene = { frame: Frame; light: Light; view: string; middle: number };

const BEGINS: Record<Light, string> = {
  day: '2026-11-10T14:00:00+08:00',
  night: '2026-11-10T22:30:00+08:00',
  rain: '2026-11-11T10:15:00+08:00',
};

export function sceneOf(view: string, light: Light): Scene {
  const frame = frameOf(viewOf(view));
  return { frame, light, view, middle: (frame.nearM + frame.farM) / 2 };
}

export function makeIncident({ view, light }: Scene, { when, rule, ...told }: Told): Incident {
  const id = `${told.id}-${view}-${light}`;
  return {
    ...{ view, light, beginsAt: BEGINS[light], ...told, id },
    isDecoy: told.expected.length === 0,
    rule: {
      ...{ id, name: told.says, isEnabled: true, where: { cameras: [view] }, when, severity: 'minor' },
      ...rule,
    },
  };
}

/** Straight on at a speed (m/s) from a spot to another, from a second on. */
export function straight(from: Spot, to: Spot, { fromS, speed }: { fromS: number; speed: number }): Waypoint[] {
  const far = Math.hypot(to[0] - from[0], to[1] - from[1]);
  return [
    [fromS, ...from],
    [fromS + far / speed, ...to],
  ];
}

/** The second at which somebody on a straight way has come so far (0 to 1). */
export const secondAt = (path: readonly Waypoint[], share: number): number => {
  const [first, last] = [path[0]!, path.at(-1)!];
  return first[0] + (last[0] - first[0]) * share;
};

export const walker = (path: Waypoint[], more: Partial<Actor> = {}): Actor => ({ kind: 'person', path, ...more });
