/** Looks by hand: things that move by a function of time, seen five times a second, and what rules make of them. */
import { createEngine, type Engine } from '#analytics/rules/engine.ts';
import type { Firing } from '#analytics/rules/firing.ts';
import type { CameraWord, Look, Seen, Trouble } from '#analytics/rules/look.ts';
import type { Normals } from '#analytics/rules/normal-now.ts';
import { groundProjector } from '#models/registry/homography.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import { checker } from '#models/schema/check.ts';
import type { Kind } from '#models/schema/kind.ts';
import { Rule } from '#models/schema/rule.ts';
import type { Condition } from '#models/schema/rule-condition.ts';

export const T0 = Date.parse('2026-11-23T04:00:00Z');
export const STEP_MS = 200;
export const ZONE = 'Asia/Shanghai';

const checkRule = checker('the rule', Rule);

export function ruleOf(when: Condition, more: Partial<Rule> = {}): Rule {
  return checkRule({
    ...{ id: 'r1', name: 'Rule', isEnabled: true, where: { cameras: ['gate'] }, when, severity: 'minor' },
    ...{ version: 1, updatedAtMs: 1, updatedBy: 'me', ...more },
  });
}

export const picture = (...points: number[][]) => ({ space: 'picture' as const, points });
/** Corners of an upright rectangle of the picture. */
export const rectangle = (left: number, top: number, right: number, bottom: number) =>
  picture([left, top], [right, top], [right, bottom], [left, bottom]);

/** Where the foot is in the picture `s` seconds after T0; undefined: not seen then. */
export type Actor = {
  track?: string;
  kind?: Kind;
  score?: number;
  at: (s: number) => readonly [x: number, y: number] | undefined;
  width?: number;
  height?: number;
  /** Of the track, where it has several. */
  trackAt?: (s: number) => string;
  isHeld?: (s: number) => boolean;
};

type Options = {
  camera?: string;
  fromS?: number;
  toS: number;
  calibration?: Calibration;
  isWatched?: (s: number) => boolean;
  /** No looks at all then. */
  isSilent?: (s: number) => boolean;
  revision?: number;
  areaPath?: readonly string[];
  stepMs?: number;
};

export const PATH = ['city', 'east', 'north-street', 'village', 'grid-1'];

export function looksOf(actors: readonly Actor[], options: Options): Look[] {
  const { camera = 'gate', fromS = 0, toS, revision = 1, areaPath = PATH, stepMs = STEP_MS, calibration } = options;
  const project = calibration === undefined ? undefined : groundProjector(calibration);
  const looks: Look[] = [];
  for (let step = 0; fromS * 1000 + step * stepMs <= toS * 1000; step++) {
    const s = fromS + (step * stepMs) / 1000;
    if (options.isSilent?.(s) === true) continue;
    const capturedAtMs = T0 + Math.round(s * 1000);
    const seen = actors.flatMap((actor, index) => seenAt(actor, s, { index, project }));
    const isWatched = options.isWatched?.(s) ?? true;
    looks.push({
      ...{ id: `${camera}:${revision}:${step}`, camera, areaPath, revision, sequence: step },
      ...{ capturedAtMs, receivedAtMs: capturedAtMs + 40, watchedFromMs: capturedAtMs - stepMs },
      ...{ watchedToMs: capturedAtMs, isWatched, model: 'test', calibrationVersion: calibration?.version ?? 0 },
      seen: isWatched ? seen : [],
    });
  }
  return looks;
}

function seenAt(
  actor: Actor,
  s: number,
  {
    index,
    project,
  }: { index: number; project: ((x: number, y: number) => { lon: number; lat: number } | undefined) | undefined },
): Seen[] {
  const foot = actor.at(s);
  if (foot === undefined) return [];
  const { kind = 'person', score = 0.9, width = 0.05, height = 0.15 } = actor;
  const [x, y] = foot;
  const place = project?.(x, y);
  return [
    {
      ...{ track: actor.trackAt?.(s) ?? actor.track ?? `track000000${index}`, kind, score },
      ...{ box: [x - width / 2, y - height, width, height], isHeld: actor.isHeld?.(s) ?? false },
      ...(place === undefined ? {} : { place: { ...place, errorM: 0.2, varianceM2: 0.04 } }),
    },
  ];
}

/** From one place to another at an even pace, and only then there. */
export const walk =
  (from: readonly [number, number], to: readonly [number, number], fromS: number, toS: number): Actor['at'] =>
  (s) => {
    if (s < fromS || s > toS) return undefined;
    const share = (s - fromS) / (toS - fromS);
    return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
  };

/** At a place between two times. */
export const stay = (x: number, y: number, fromS: number, toS: number) => walk([x, y], [x, y], fromS, toS);

type World = {
  calibrations?: Record<string, Calibration>;
  normals?: Normals;
  cameras?: readonly string[];
  holidays?: string[];
};

export function engineOf(rules: readonly Rule[], world: World = {}): Engine {
  const engine = createEngine({ zone: ZONE });
  engine.setHolidays(new Set(world.holidays ?? []));
  for (const id of world.cameras ?? ['gate']) engine.setCamera(id, { name: id, areaPath: PATH });
  for (const [id, calibration] of Object.entries(world.calibrations ?? {})) engine.setCalibration(id, calibration);
  if (world.normals !== undefined) engine.setNormals(world.normals);
  for (const rule of rules) engine.setRule(rule);
  return engine;
}

export const play = (engine: Engine, looks: readonly Look[]): Firing[] => looks.flatMap((look) => engine.look(look));

/** What fired as `begin s` or `end s`, seconds after T0 to a tenth. */
export const told = (firings: readonly Firing[]) =>
  firings.map(({ phase, atMs }) => `${phase} ${Math.round((atMs - T0) / 100) / 10}`);

export const begins = (firings: readonly Firing[]) => firings.filter(({ phase }) => phase === 'begin');

export function fired(
  when: Condition,
  actors: readonly Actor[],
  options: Options & { more?: Partial<Rule> },
): Firing[] {
  const { calibration, more } = options;
  const world = calibration === undefined ? {} : { calibrations: { gate: calibration } };
  return play(engineOf([ruleOf(when, more)], world), looksOf(actors, options));
}

export function wordOf(camera: string, s: number, troubles: Partial<Record<Trouble, number>>): CameraWord {
  const atMs = T0 + s * 1000;
  const all: Trouble[] = ['down', 'tampered', 'moved', 'frozen', 'dark'];
  return {
    ...{ id: `${camera}:state:${atMs}`, camera, areaPath: PATH, atMs, receivedAtMs: atMs },
    troubles: all.map((trouble) => {
      const since = troubles[trouble];
      return { trouble, isOn: since !== undefined, sinceMs: since === undefined ? atMs : T0 + since * 1000 };
    }),
  };
}
