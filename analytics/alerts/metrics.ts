/** What the alerts process counts, and how it is. */
import { FAULTS } from '#models/schema/fault.ts';
import type { Broker } from '#system/broker.ts';
import type { ProcessHealth } from '#system/control.ts';
import type { Metrics } from '#system/metrics.ts';

export type AlertStages = {
  stored: (outcomes: { stored: number; undecodable: number }) => void;
  lost: (messages: number) => void;
  recreated: (reason: string) => void;
  storeReached: () => void;
  storeFailed: (error: Error) => void;
  health: (broker: Broker) => ProcessHealth;
};

export function createAlertStages({ counter }: Metrics): AlertStages {
  const events = counter(
    'sharp_eyes_alerts_events_total',
    'Events taken from the stream of alerts; in = stored + undecodable, lost were dropped by the stream before',
    ['outcome'],
  );
  const recreated = counter('sharp_eyes_alerts_consumer_recreated_total', 'Subscriptions begun anew', ['reason']);
  const startedAtMs = Date.now();
  let storeError: string | undefined;
  let lastStoredAtMs: number | null = null;
  return {
    stored(outcomes) {
      for (const [outcome, count] of Object.entries(outcomes)) events.inc({ outcome }, count);
      lastStoredAtMs = Date.now();
    },
    lost: (messages) => events.inc({ outcome: 'lost' }, messages),
    recreated: (reason) => recreated.inc({ reason }),
    storeReached() {
      storeError = undefined;
    },
    storeFailed(error) {
      storeError = error.message;
    },
    health(broker) {
      const code = !broker.isConnected()
        ? 'broker-unreachable'
        : storeError === undefined
          ? undefined
          : 'store-unreachable';
      const details = { lastStoredAtMs, ...(code === undefined ? {} : { code }) };
      const trouble =
        code === undefined
          ? {}
          : {
              message: `${FAULTS[code].title}${storeError === undefined ? '' : `: ${storeError}`}`,
              cure: FAULTS[code].cure,
            };
      return {
        role: 'alerts',
        process: `alerts-${process.pid}`,
        isWell: code === undefined,
        ...trouble,
        startedAtMs,
        details,
      };
    },
  };
}
