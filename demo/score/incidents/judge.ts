/** What was raised against what should be: right time, right camera, right place; each expected one once. */
import { frameOf } from '#demo/world/incidents/frame.ts';
import type { Expected, Incident } from '#demo/world/incidents/incident.ts';
import { toMetres } from '#demo/world/origin.ts';
import { viewOf } from '#demo/world/views.ts';
import type { Alert } from '#models/schema/alert.ts';

export type Verdict = { incident: Incident; found: number; missed: Expected[]; wrong: Alert[]; lateS: number[] };

/** A wheel is not the middle of a car, and the foot of a person at 25 m is vague. */
const PLACE_SLACK_M = 3.5;

export function judge(incident: Incident, alerts: readonly Alert[]): Verdict {
  const rest = [...alerts];
  const missed: Expected[] = [];
  const lateS: number[] = [];
  for (const expected of incident.expected) {
    const index = rest.findIndex((alert) => isIt(alert, expected, incident));
    if (index < 0) missed.push(expected);
    else lateS.push(secondOf(rest.splice(index, 1)[0]!, incident) - expected.atS);
  }
  return { incident, found: incident.expected.length - missed.length, missed, wrong: rest, lateS };
}

export const secondOf = ({ atMs }: Alert, { beginsAt }: Incident) => (atMs - Date.parse(beginsAt)) / 1000;

function isIt(alert: Alert, { atS, slackS, spot }: Expected, incident: Incident): boolean {
  if (Math.abs(secondOf(alert, incident) - atS) > slackS) return false;
  if (alert.camera !== null && alert.camera !== incident.view && 'cameras' in incident.rule.where) return false;
  if (spot === undefined || alert.position === undefined) return true;
  const [x, y] = toMetres(...frameOf(viewOf(incident.view)).toLonLat(spot));
  const [alertX, alertY] = toMetres(alert.position.lon, alert.position.lat);
  return Math.hypot(x - alertX, y - alertY) <= PLACE_SLACK_M;
}
