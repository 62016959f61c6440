/** Traffic lights: who has green when, repeating with a cycle that divides the loop. */

export type SignalColour = 'green' | 'amber' | 'red';

/** Windows of green in seconds from the cycle's start; `always` and `never` need none. */
export type SignalPlan = { cycleS: number; green: Readonly<Record<string, readonly [fromS: number, toS: number]>> };

/** As in GB 14886 and most handbooks: three seconds. */
export const AMBER_S = 3;

export function colourAt(plan: SignalPlan, group: string, timeS: number): SignalColour {
  const window = plan.green[group];
  if (window === undefined) return 'red';
  const [fromS, toS] = window;
  if (toS - fromS >= plan.cycleS) return 'green';
  const now = ((timeS % plan.cycleS) + plan.cycleS) % plan.cycleS;
  const since = (((now - fromS) % plan.cycleS) + plan.cycleS) % plan.cycleS;
  if (since < toS - fromS) return 'green';
  return since < toS - fromS + AMBER_S ? 'amber' : 'red';
}

/** Seconds until a walker who needs `needsS` may start: 0 while enough green is left. */
export function waitForGreen(
  plan: SignalPlan,
  group: string,
  { timeS, needsS }: { timeS: number; needsS: number },
): number {
  const window = plan.green[group];
  if (window === undefined) return Number.POSITIVE_INFINITY;
  const [fromS, toS] = window;
  if (toS - fromS >= plan.cycleS) return 0;
  if (toS - fromS < needsS) return Number.POSITIVE_INFINITY;
  const now = ((timeS % plan.cycleS) + plan.cycleS) % plan.cycleS;
  const since = (((now - fromS) % plan.cycleS) + plan.cycleS) % plan.cycleS;
  return since + needsS <= toS - fromS ? 0 : plan.cycleS - since;
}
