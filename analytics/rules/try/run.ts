/** Feeds looks to the very engine and raiser that run live, for one or many variants of a rule at once. */
import type { Rule } from '#models/schema/rule.ts';
import { createEngine, type Engine, type RuleOutcome } from '../engine.ts';
import type { Firing } from '../firing.ts';
import type { CameraWord, Look } from '../look.ts';
import type { Normals } from '../normal-now.ts';
import { createRaiser, type Raised, type Raiser } from '../raise.ts';
import { createTally, type Tally } from './tally.ts';
import type { TryWorld } from './world.ts';

/** Its rule runs under its own id; ids of variants differ. */
export type Variant = { rule: Rule; tally: Tally; outcome: RuleOutcome };

export type TryRun = {
  variants: readonly Variant[];
  look: (look: Look) => void;
  word: (word: CameraWord) => void;
  /** What fired by a look of that time in another engine. */
  take: (firings: readonly Firing[], atMs: number) => void;
};

type Options = { rules: readonly Rule[]; world: TryWorld; zone: string; fromMs: number; normals?: Normals | undefined };

/** Each variant has a raiser of its own: their incidents and limits are no affair of each other. */
export function startRun({ rules, world, zone, fromMs, normals }: Options): TryRun {
  const engine = engineOf({ world, zone, normals });
  const running = new Map(
    rules.map((rule) => {
      const variant: Variant = { rule, tally: createTally({ zone, fromMs }), outcome: engine.setRule(rule) };
      return [rule.id, { variant, raiser: raiserOf(rule, world, zone) }] as const;
    }),
  );
  const all = [...running.values()];

  function take(firings: readonly Firing[], atMs: number): void {
    for (const firing of firings) {
      const one = running.get(firing.rule);
      if (one === undefined) continue;
      one.variant.tally.note(firing);
      keep(one.variant, one.raiser.raise([firing], firing.atMs));
    }
    // Incidents end and quiet spans are over also where nothing fires.
    for (const { variant, raiser } of all) keep(variant, raiser.advance(atMs, atMs));
  }
  return {
    variants: all.map(({ variant }) => variant),
    take,
    look: (look) => take(engine.look(look), look.capturedAtMs),
    word: (word) => take(engine.cameraState(word), word.atMs),
  };
}

/** Without rules yet. */
export function engineOf({ world, zone, normals }: Pick<Options, 'world' | 'zone' | 'normals'>): Engine {
  const engine = createEngine({ zone });
  engine.setHolidays(world.holidays);
  if (normals !== undefined) engine.setNormals(normals);
  for (const [id, facts] of world.cameras) engine.setCamera(id, facts);
  for (const [id, calibration] of world.calibrations) engine.setCalibration(id, calibration);
  return engine;
}

function raiserOf(rule: Rule, { cameras, areaNames, quiets }: TryWorld, zone: string): Raiser {
  const raiser = createRaiser({ zone });
  for (const [id, facts] of cameras) raiser.setCamera(id, facts);
  for (const [id, name] of areaNames) raiser.setAreaName(id, name);
  raiser.setQuiets(quiets);
  raiser.setRule(rule);
  return raiser;
}

function keep({ tally }: Variant, raised: readonly Raised[]): void {
  for (const one of raised) {
    if (one.type === 'alert') tally.alert(one.alert);
    else tally.incident(one.incident.id);
  }
}
