/** Cameras in trouble: long enough to matter, or back before. */
import type { Incident, ScriptedTrouble } from '../incident.ts';
import { makeIncident, type Scene } from './make.ts';

export function troubles(scene: Scene, trouble: ScriptedTrouble['trouble']): Incident[] {
  const when = { type: 'camera' as const, troubles: [trouble], afterS: 30 };
  const told = { when, seconds: 120, actors: [] };
  return [
    makeIncident(scene, {
      ...{ ...told, id: `camera-${trouble}`, says: `The camera is ${trouble} for a minute and a half` },
      troubles: [{ trouble, fromS: 10, toS: 100 }],
      expected: [{ atS: 40, slackS: 16 }],
    }),
    makeIncident(scene, {
      ...{ ...told, id: `camera-${trouble}-short`, says: `The camera is ${trouble} for twenty seconds`, expected: [] },
      troubles: [{ trouble, fromS: 10, toS: 30 }],
    }),
  ];
}
