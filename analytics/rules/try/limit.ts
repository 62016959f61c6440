/** The main number of a condition: what one turns to get fewer alerts, and which values of it are worth a try. */
import type { RuleDraft } from '#models/schema/rule.ts';
import type { Condition } from '#models/schema/rule-condition.ts';

export type Limit = {
  /** Of the condition, or of the rule: `overS`. */
  field: string;
  /** null: it stands at its default. */
  now: number | null;
  /** What is tried, from the one that fires most to the one that fires least. */
  loosest: number;
  strictest: number;
  isWhole: boolean;
  /** The rule with another value. */
  withValue: (value: number) => RuleDraft;
};

type Turned = { name: string; loosest: number; strictest: number; isWhole?: boolean };

const DAY_S = 86_400;

/** By condition; where nothing of the condition itself is a number that counts, the cooldown is. */
function turnedOf(when: Condition): Turned | undefined {
  switch (when.type) {
    case 'count':
    case 'area-total':
      if (when.above !== undefined)
        return { name: 'above', loosest: when.above, strictest: Math.max(20, when.above * 20), isWhole: true };
      return { name: 'below', loosest: when.below ?? 1, strictest: 1, isWhole: true };
    case 'dwell':
      return { name: 'overS', loosest: when.overS, strictest: Math.max(3600, when.overS * 50) };
    case 'zone':
      if (when.event !== 'presence') return undefined;
      return { name: 'overS', loosest: when.overS ?? 1, strictest: Math.max(3600, (when.overS ?? 1) * 50) };
    case 'density':
      return { name: 'abovePerM2', loosest: when.abovePerM2, strictest: Math.min(20, when.abovePerM2 * 20) };
    case 'speed':
      if (when.aboveKmh !== undefined)
        return { name: 'aboveKmh', loosest: when.aboveKmh, strictest: Math.min(400, when.aboveKmh + 150) };
      return { name: 'belowKmh', loosest: when.belowKmh ?? 1, strictest: 0.1 };
    case 'wrong-way': {
      const now = when.distance ?? (when.zone.space === 'ground' ? 5 : 0.1);
      return { name: 'distance', loosest: now, strictest: Math.min(1000, now * 30) };
    }
    case 'stopped':
      return { name: 'afterS', loosest: when.afterS, strictest: Math.max(2 * 3600, when.afterS * 50) };
    case 'flow-imbalance':
      return { name: 'countMin', loosest: when.countMin, strictest: Math.max(100, when.countMin * 50), isWhole: true };
    case 'unlike-normal':
      return { name: 'sigmas', loosest: when.sigmas, strictest: 20 };
    case 'camera':
      return { name: 'afterS', loosest: Math.max(1, when.afterS ?? 1), strictest: DAY_S };
    case 'sequence':
      return { name: 'withinS', loosest: when.withinS, strictest: 1 };
    case 'line':
      return undefined;
  }
}

const COOLDOWN_S = 60;

export function limitOf(rule: RuleDraft): Limit {
  const turned = turnedOf(rule.when);
  if (turned === undefined) {
    const now = rule.cooldownS ?? COOLDOWN_S;
    return {
      ...{
        field: 'cooldownS',
        now: rule.cooldownS ?? null,
        loosest: Math.max(1, now),
        strictest: DAY_S,
        isWhole: true,
      },
      withValue: (cooldownS) => ({ ...rule, cooldownS }),
    };
  }
  const { name, loosest, strictest, isWhole = false } = turned;
  const now = (rule.when as Record<string, unknown>)[name];
  return {
    ...{ field: name, now: typeof now === 'number' ? now : null, loosest, strictest, isWhole },
    withValue: (value) => ({ ...rule, when: { ...rule.when, [name]: value } as Condition }),
  };
}

/** Evenly spread by ratio, the loosest first; whole numbers once each. */
export function valuesBetween(
  loosest: number,
  strictest: number,
  { count, isWhole }: { count: number; isWhole: boolean },
): number[] {
  const [from, to] = [loosest, strictest].map((value) => Math.max(value, 1e-3)) as [number, number];
  const values = Array.from({ length: count }, (_, index) => {
    const value = from * (to / from) ** (index / (count - 1));
    return isWhole ? Math.round(value) : Number(value.toPrecision(3));
  });
  return [...new Set(values)];
}
