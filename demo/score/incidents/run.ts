/** A script through the product: its looks placed, judged by the engine, raised as alerts; exactly as a site does it. */
import { createPlacer } from '#analytics/place/placer.ts';
import { createEngine } from '#analytics/rules/engine.ts';
import { lookOf } from '#analytics/rules/look.ts';
import { createRaiser, type Raised } from '#analytics/rules/raise.ts';
import { type FilmedLook, film, LOOKS_PER_S, viewsOf } from '#demo/world/incidents/film.ts';
import type { Incident } from '#demo/world/incidents/incident.ts';
import { cityAreas } from '#demo/world/plan/areas.ts';
import { viewOf } from '#demo/world/views.ts';
import { buildAreaTree } from '#models/registry/area-tree.ts';
import type { Alert } from '#models/schema/alert.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { calibrated } from '../calibrated.ts';

const ZONE = 'Asia/Shanghai';
const LOOK_MS = 1000 / LOOKS_PER_S;
/** Workers say how a camera is this often. */
const WORD_S = 15;
const ERROR_MAX_M = 25;

/** Alerts that the script raises, in order. */
export function runIncident(incident: Incident): Alert[] {
  const beginMs = Date.parse(incident.beginsAt);
  const [engine, raiser] = [createEngine({ zone: ZONE }), createRaiser({ zone: ZONE })];
  const placer = createPlacer({ errorMaxM: ERROR_MAX_M, areCellsWanted: false });
  const tree = buildAreaTree(cityAreas());
  for (const id of viewsOf(incident)) {
    const view = viewOf(id);
    const calibration = calibrated(view);
    const facts = { name: view.name, areaPath: tree.pathOf(view.area) };
    for (const part of [engine, raiser]) part.setCamera(id, facts);
    engine.setCalibration(id, calibration);
    placer.setCalibration(id, calibration);
  }
  const { normal } = incident;
  if (normal !== undefined) {
    engine.setNormals({
      version: incident.id,
      of: (_camera, kind) => (kind === 'person' ? { ...normal, weeks: 4 } : undefined),
    });
  }
  const rule = { ...incident.rule, version: 1, updatedAtMs: 0, updatedBy: 'script' };
  raiser.setRule(rule);
  const { state, message } = engine.setRule(rule);
  if (state !== 'active') throw new Error(`${incident.id} is ${state}: ${message}`);

  const alerts: Alert[] = [];
  const take = (raised: readonly Raised[]) => {
    for (const one of raised) if (one.type === 'alert') alerts.push(one.alert);
  };
  let toldS = -WORD_S;
  for (const look of film(incident)) {
    const atMs = beginMs + look.atS * 1000;
    const placed = placer.place(messageOf(look, { atMs, path: tree.pathOf(viewOf(look.view).area) }));
    take(raiser.raise(engine.look(lookOf(placed)), atMs));
    take(raiser.advance(atMs, atMs));
    const isTold = incident.troubles !== undefined && look.atS - toldS >= WORD_S;
    if (!isTold) continue;
    toldS = look.atS;
    take(raiser.raise(engine.cameraState(wordAt(incident, look, beginMs)), atMs));
  }
  return alerts;
}

function messageOf({ view, atS, things }: FilmedLook, at: { atMs: number; path: string[] }): DetectionMessage {
  const sequence = Math.round(atS * LOOKS_PER_S);
  return {
    ...{
      version: 1,
      id: `${view}:1:${sequence}`,
      camera: view,
      revision: 1,
      sequence,
      areaPath: at.path,
      model: 'truth',
    },
    ...{
      capturedAtMs: at.atMs,
      receivedAtMs: at.atMs,
      watchedFromMs: at.atMs,
      watchedToMs: at.atMs + LOOK_MS,
      looks: 1,
    },
    sightings: things.map(({ track, kind, score, box }) => ({
      track,
      kind,
      score,
      box,
      presenceMs: LOOK_MS,
      isHeld: false,
    })),
  };
}

function wordAt({ troubles = [], view }: Incident, { atS }: FilmedLook, beginMs: number) {
  const atMs = beginMs + atS * 1000;
  return {
    ...{ id: `${view}:state:${atMs}`, camera: view, areaPath: [], atMs, receivedAtMs: atMs },
    troubles: troubles.map(({ trouble, fromS, toS }) => {
      return { trouble, isOn: atS >= fromS && atS < toS, sinceMs: beginMs + fromS * 1000 };
    }),
  };
}
