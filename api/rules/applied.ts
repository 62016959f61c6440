/** Waits for the word of the engine that it goes by a version of a rule, or cannot. */
import type { Rule } from '#models/schema/rule.ts';
import type { Context } from '../context.ts';

/** The engine hears of a change within some milliseconds. */
export const RULE_WAIT_MAX_S = 15;

/** Returns in any case; whether it was said shows in the rule's state. */
export async function waitForEngine(
  { id, version }: Rule,
  waitS: number | undefined,
  { alerting, signal }: Pick<Context, 'alerting' | 'signal'>,
): Promise<void> {
  const isSaid = () => (alerting.ruleStates.get(id)?.version ?? 0) >= version;
  if (waitS === undefined || isSaid()) return;
  const over = Promise.withResolvers<void>();
  const stop = alerting.ruleStates.onChange((changed) => changed === id && isSaid() && over.resolve());
  const timer = setTimeout(over.resolve, waitS * 1000);
  const onAbort = () => over.resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  await over.promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
  stop();
}
