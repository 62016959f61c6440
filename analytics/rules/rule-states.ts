/** Says of each rule which version runs, or why it does not: the acknowledgement that whoever changed it waits for. */
import { hostname } from 'node:os';
import type { Table } from '#models/registry/table.ts';
import type { Rule, RuleState } from '#models/schema/rule.ts';
import type { Logger } from '#system/logs.ts';
import type { Engine, RuleOutcome } from './engine.ts';

export type RuleStates = {
  tell: (rule: Pick<Rule, 'id' | 'version'>, outcome: RuleOutcome) => void;
  forget: (rule: string) => void;
  /** Tells those that changed by themselves: failed, calibrated meanwhile, learned enough. */
  refresh: (engine: Engine) => void;
  counts: () => Record<RuleState['state'], number>;
};

export function createRuleStates(table: Table<RuleState>, logger: Logger): RuleStates {
  const told = new Map<string, RuleState>();
  const engineName = `${hostname()}:${process.pid}`;
  /** One write after the other; of a rule that changes often the last one counts. */
  const waiting = new Map<string, RuleState | undefined>();
  let isWriting = false;

  async function write(): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    for (const [id, state] of waiting) {
      waiting.delete(id);
      try {
        await (state === undefined ? table.remove(id) : table.put(id, state));
      } catch (error) {
        logger.warn({ rule: id, error: (error as Error).message }, 'rule state not told');
        if (told.get(id) === state) told.delete(id);
      }
    }
    isWriting = false;
  }

  function tell({ id, version }: Pick<Rule, 'id' | 'version'>, outcome: RuleOutcome): void {
    const before = told.get(id);
    const isSame =
      before !== undefined &&
      before.version === version &&
      before.state === outcome.state &&
      before.reason === outcome.reason;
    if (isSame) return;
    const state: RuleState = { rule: id, version, ...outcome, engine: engineName, appliedAtMs: Date.now() };
    told.set(id, state);
    waiting.set(id, state);
    void write();
  }

  return {
    tell,
    forget(id) {
      told.delete(id);
      waiting.set(id, undefined);
      void write();
    },
    refresh(engine) {
      for (const { rule, version, message } of engine.takeQuarantined())
        logger.error({ rule, version, error: message }, 'rule put aside');
      for (const [id, { version }] of told) {
        const outcome = engine.outcomeOf(id);
        if (outcome !== undefined) tell({ id, version }, outcome);
      }
    },
    counts() {
      const counts = { active: 0, disabled: 0, quarantined: 0, waiting: 0 };
      for (const { state } of told.values()) counts[state]++;
      return counts;
    },
  };
}
