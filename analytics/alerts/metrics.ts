/** What the alerts process counts, and how it is. */
import type { Counter } from 'prom-client';
import type { Delivery } from '#models/schema/channel.ts';
import { FAULTS } from '#models/schema/fault.ts';
import type { Broker } from '#system/broker.ts';
import type { ProcessHealth } from '#system/control.ts';
import type { Metrics } from '#system/metrics.ts';

const DELAYS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600];

export type AlertStages = {
  stored: (outcomes: { stored: number; undecodable: number }) => void;
  lost: (messages: number) => void;
  recreated: (reason: string) => void;
  delivered: (delivery: Delivery) => void;
  /** Of their records, not of what was delivered. */
  deliveriesLost: Counter;
  storeReached: () => void;
  storeFailed: (error: Error) => void;
  health: (broker: Broker) => ProcessHealth;
};

export function createAlertStages({ counter, histogram }: Metrics): AlertStages {
  const events = counter(
    'sharp_eyes_alerts_events_total',
    'Events taken from the stream of alerts; in = stored + undecodable, lost were dropped by the stream before',
    ['outcome'],
  );
  const recreated = counter('sharp_eyes_alerts_consumer_recreated_total', 'Subscriptions begun anew', ['reason']);
  const deliveries = counter('sharp_eyes_alerts_deliveries_total', 'Attempts of channels', ['channel', 'outcome']);
  const delay = histogram('sharp_eyes_alerts_delivery_delay_seconds', 'From an alert to its delivery', DELAYS_S, [
    'channel',
  ]);
  const deliveriesLost = counter(
    'sharp_eyes_alerts_delivery_records_lost_total',
    'Records of attempts that the store did not take in time',
  );
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
    delivered({ channel, outcome, delayMs }) {
      deliveries.inc({ channel, outcome });
      if (outcome === 'delivered') delay.observe({ channel }, delayMs / 1000);
    },
    deliveriesLost,
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
