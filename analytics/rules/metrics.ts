/** What the engine of rules counts and times, and how it is in the words of doctor and the health page. */
import { FAULTS, type FaultCode } from '#models/schema/fault.ts';
import type { RuleState } from '#models/schema/rule.ts';
import type { Broker } from '#system/broker.ts';
import type { ProcessHealth } from '#system/control.ts';
import type { Metrics } from '#system/metrics.ts';
import type { QuarantineReason } from '../store/rows.ts';
import type { Firing } from './firing.ts';
import type { Look } from './look.ts';
import type { Raised } from './raise.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10];
/** Looks are behind by this much: the engine does not keep up, or what came before it does not. */
const LAG_MAX_MS = 60_000;

export type Gauges = {
  leading: (isLeading: boolean) => void;
  /** `isLate`: it had not come on the quick way. */
  looked: (look: Look, isLate: boolean) => void;
  refused: (reason: QuarantineReason | 'failed') => void;
  fired: (firings: readonly Firing[]) => void;
  raised: (raised: Raised) => void;
  published: (tookMs: number) => void;
  held: (counts: { quieted: number; held: number }) => void;
  lost: (messages: number) => void;
  snapshot: (bytes: number) => void;
  rules: (counts: Record<RuleState['state'], number>) => void;
  health: (broker: Broker) => ProcessHealth;
};

export function createGauges({ counter, gauge, histogram }: Metrics): Gauges {
  const looks = counter('sharp_eyes_rules_looks_total', 'Looks that the rules took in');
  const lateLooks = counter('sharp_eyes_rules_looks_late_total', 'Looks that had not come by the stream of looks');
  const updates = counter('sharp_eyes_rules_track_updates_total', 'Things in looks that the rules took in');
  const aside = counter('sharp_eyes_rules_messages_refused_total', 'Messages that no rule may see', ['reason']);
  const firings = counter('sharp_eyes_rules_firings_total', 'What rules waited for began or was over', ['phase']);
  const alerts = counter('sharp_eyes_rules_alerts_sent_total', 'Alerts sent', ['severity']);
  const late = counter('sharp_eyes_rules_alerts_late_total', 'Alerts by data that came after the watermark');
  const incidents = counter('sharp_eyes_rules_incident_changes_total', 'Changes of incidents sent');
  const held = gauge('sharp_eyes_rules_alerts_held', 'Alerts held back, since the beginning', ['by']);
  const lost = counter(
    'sharp_eyes_rules_messages_lost_total',
    'Messages that the stream dropped before rules saw them',
  );
  const lag = gauge('sharp_eyes_rules_lag_seconds', 'From capture to the rules, of the last look');
  const delay = histogram(
    'sharp_eyes_rules_delay_seconds',
    'From a deciding frame’s last packet to its alert',
    SECONDS,
  );
  const publish = histogram(
    'sharp_eyes_rules_publish_seconds',
    'From an event to the broker’s word that it has it',
    SECONDS,
  );
  const bytes = gauge('sharp_eyes_rules_snapshot_bytes', 'Size of the last snapshot, packed');
  const states = gauge('sharp_eyes_rules_rules', 'Rules by how they do', ['state']);
  const startedAtMs = Date.now();
  const details = {
    isLeading: false,
    lagMs: 0,
    lastLookAtMs: 0,
    rules: {} as Partial<Record<RuleState['state'], number>>,
  };
  return {
    leading(isLeading) {
      details.isLeading = isLeading;
    },
    looked({ capturedAtMs, seen }, isLate) {
      looks.inc();
      if (isLate) lateLooks.inc();
      updates.inc(seen.length);
      details.lastLookAtMs = Date.now();
      details.lagMs = details.lastLookAtMs - capturedAtMs;
      lag.set(details.lagMs / 1000);
    },
    refused: (reason) => aside.inc({ reason }),
    fired(all) {
      for (const { phase } of all) firings.inc({ phase });
    },
    raised(raised) {
      if (raised.type === 'incident') {
        incidents.inc();
        return;
      }
      const { severity, raisedAtMs, cause, isLate } = raised.alert;
      alerts.inc({ severity });
      if (isLate) late.inc();
      delay.observe(Math.max(0, raisedAtMs - cause.receivedAtMs) / 1000);
    },
    published: (tookMs) => publish.observe(tookMs / 1000),
    held(counts) {
      held.set({ by: 'quiet' }, counts.quieted);
      held.set({ by: 'cap' }, counts.held);
    },
    lost: (messages) => lost.inc(messages),
    snapshot: (size) => bytes.set(size),
    rules(counts) {
      details.rules = counts;
      for (const [state, count] of Object.entries(counts)) states.set({ state }, count);
    },
    health(broker) {
      const trouble = troubleOf(broker, details);
      return {
        ...{ role: 'rules', process: `rules-${process.pid}`, isWell: trouble === undefined, startedAtMs },
        ...(trouble === undefined ? {} : { message: trouble.message, cure: FAULTS[trouble.code].cure }),
        details: { ...details, ...(trouble === undefined ? {} : { code: trouble.code }) },
      };
    },
  };
}

type Trouble = { code: FaultCode; message: string };

function troubleOf(
  broker: Broker,
  {
    isLeading,
    lagMs,
    lastLookAtMs,
    rules,
  }: { isLeading: boolean; lagMs: number; lastLookAtMs: number; rules: Partial<Record<RuleState['state'], number>> },
): Trouble | undefined {
  if (!broker.isConnected()) return { code: 'broker-unreachable', message: 'the broker does not answer' };
  const isBehind = isLeading && lagMs > LAG_MAX_MS && Date.now() - lastLookAtMs < LAG_MAX_MS;
  if (isBehind) return { code: 'rules-behind', message: `rules work on looks of ${Math.round(lagMs / 1000)} s ago` };
  if ((rules.quarantined ?? 0) > 0) {
    const message = `${rules.quarantined} rules do not run: ./sharp-eyes rule list says why`;
    return { code: 'rule-failed', message };
  }
  return undefined;
}
