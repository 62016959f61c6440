/** The rules that a new demo has: one of most kinds, drawn on the pictures of the city's cameras. */
import type { RuleDraft } from '#models/schema/rule.ts';

const zone = (...points: [number, number][]) => ({ space: 'picture' as const, points });
const at = (camera: string) => ({ cameras: [camera] });

/** Five minutes: a demo should show what an alert is, not what noise is. */
const CALM_S = 300;

/** `city` is the id of the area that all cameras stand in. */
export function exampleRules(city: string): RuleDraft[] {
  return [
    {
      id: 'school-zebra-blocked',
      name: 'Vehicle on the school’s zebra',
      isEnabled: true,
      where: at('school'),
      when: { type: 'stopped', zone: zone([0.44, 0.63], [0.66, 0.56], [0.85, 0.8], [0.6, 0.92]), afterS: 15 },
      severity: 'major',
      cooldownS: CALM_S,
    },
    {
      id: 'bus-stop-blocked',
      name: 'Car in the bus bay',
      isEnabled: true,
      where: at('bus-stop'),
      when: { type: 'stopped', zone: zone([0.52, 0.52], [0.72, 0.52], [0.9, 0.78], [0.66, 0.85]), afterS: 20 },
      kinds: ['car', 'truck'],
      severity: 'minor',
      cooldownS: CALM_S,
    },
    {
      id: 'depot-at-night',
      name: 'Somebody in the depot at night',
      isEnabled: true,
      where: at('yard'),
      when: {
        type: 'zone',
        zone: zone([0.12, 0.3], [0.9, 0.3], [0.75, 0.85], [0.12, 0.85]),
        event: 'presence',
        overS: 2,
      },
      kinds: ['person'],
      schedule: { spans: [{ from: '20:00', to: '06:00' }] },
      severity: 'critical',
      cooldownS: CALM_S,
    },
    {
      id: 'square-crowd',
      name: 'Crowd on Linjiang Square',
      isEnabled: true,
      where: at('square'),
      when: { type: 'count', above: 22, forS: 10 },
      kinds: ['person'],
      severity: 'major',
      cooldownS: CALM_S,
    },
    {
      id: 'crossing-on-foot',
      name: 'People between the cars at the crossing',
      isEnabled: true,
      where: at('crossing'),
      when: {
        type: 'zone',
        zone: zone([0.05, 0.46], [0.58, 0.4], [0.66, 0.5], [0.1, 0.68]),
        event: 'presence',
        overS: 2,
      },
      kinds: ['person'],
      severity: 'minor',
      cooldownS: CALM_S,
    },
    {
      id: 'avenue-speed',
      name: 'Too fast on People Avenue',
      isEnabled: true,
      where: at('avenue'),
      when: { type: 'speed', aboveKmh: 60 },
      kinds: ['car', 'bus', 'truck', 'motorcycle'],
      severity: 'info',
      cooldownS: CALM_S,
    },
    {
      id: 'cameras-in-trouble',
      name: 'Cameras in trouble',
      isEnabled: true,
      where: { area: city },
      when: { type: 'camera', troubles: ['down', 'tampered', 'moved', 'frozen', 'dark'], afterS: 20 },
      severity: 'minor',
    },
  ];
}
