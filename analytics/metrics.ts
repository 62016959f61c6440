/** What analytics counts and times at each stage, and what its health answer is made of. */
import type { Metrics } from '#system/metrics.ts';
import type { Quarantined } from './store/rows.ts';
import type { Batch, Written } from './store/writer.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export type StageHealth = {
  lastBatchAtMs: number | null;
  lastError: string | null;
  isStoreReachable: boolean;
  pending: number;
  termsBehind: TermsBehind | null;
  /** Closed hours without totals of areas, which are answered all the same. */
  hoursWithoutTotals: number;
};

/** A camera whose highest stored revision is above all that the leases can have given. */
export type TermsBehind = { camera: string; revision: number; limit: number };

export type Stages = {
  time: (stage: 'prepare' | 'write' | 'close') => () => void;
  received: (messages: number, quarantined: readonly Quarantined[]) => void;
  written: (written: Written) => void;
  writeFailed: (error: Error) => void;
  acknowledged: (batch: Batch) => void;
  lost: (messages: number) => void;
  /** What became of words on cameras; in = stored + other + implausible. */
  statesStored: (outcomes: { received: number; stored: number; other: number; implausible: number }) => void;
  statesLost: (messages: number) => void;
  recreated: (reason: string) => void;
  lag: (state: { pending: number; unacknowledged: number }) => void;
  storeReached: (isReachable: boolean) => void;
  termsBehind: (found: TermsBehind | undefined) => void;
  totalsLacking: (hours: number) => void;
  health: () => StageHealth;
};

export function createStages({ counter, gauge, histogram }: Metrics): Stages {
  const received = counter('sharp_eyes_analytics_messages_received_total', 'Messages taken from the stream');
  const stored = counter('sharp_eyes_analytics_messages_stored_total', 'Messages stored, rolled up and acknowledged');
  const quarantined = counter('sharp_eyes_analytics_messages_quarantined_total', 'Messages put aside', ['reason']);
  const rows = counter('sharp_eyes_analytics_rows_stored_total', 'Sightings written, repeats included');
  const unplaced = counter('sharp_eyes_analytics_unplaced_total', 'Sightings counted but not placed', ['reason']);
  const slices = counter('sharp_eyes_analytics_slices_rebuilt_total', 'Slices of ten seconds rebuilt');
  const failures = counter('sharp_eyes_analytics_write_failures_total', 'Batches that the store did not take at once');
  const lost = counter('sharp_eyes_messages_lost_total', 'Messages that the stream dropped before they were consumed');
  const states = counter('sharp_eyes_analytics_camera_states_total', 'Words on cameras for their history', ['outcome']);
  const recreated = counter('sharp_eyes_analytics_consumer_recreated_total', 'Subscriptions begun anew', ['reason']);
  const pending = gauge('sharp_eyes_analytics_pending_messages', 'Messages in the stream not delivered yet');
  const unacknowledged = gauge('sharp_eyes_analytics_unacknowledged_messages', 'Messages delivered, not acknowledged');
  const lacking = gauge('sharp_eyes_analytics_hours_without_totals', 'Closed hours whose totals are to be filled in');
  const age = histogram('sharp_eyes_analytics_age_seconds', 'From capture to acknowledgement', SECONDS);
  const seconds = histogram('sharp_eyes_analytics_stage_seconds', 'Time per batch and stage', SECONDS, ['stage']);
  const health: StageHealth = {
    lastBatchAtMs: null,
    lastError: null,
    isStoreReachable: true,
    pending: 0,
    termsBehind: null,
    hoursWithoutTotals: 0,
  };
  return {
    time: (stage) => seconds.startTimer({ stage }),
    received(messages, aside) {
      received.inc(messages);
      for (const { reason } of aside) quarantined.inc({ reason });
    },
    written(written) {
      rows.inc(written.rows);
      slices.inc(written.slices);
      seconds.observe({ stage: 'insert' }, written.insertMs / 1000);
      seconds.observe({ stage: 'roll-up' }, written.rebuildMs / 1000);
      health.isStoreReachable = true;
      health.lastError = null;
    },
    writeFailed(error) {
      failures.inc();
      health.isStoreReachable = false;
      health.lastError = error.message;
    },
    acknowledged({ messages }) {
      stored.inc(messages.length);
      health.lastBatchAtMs = Date.now();
      for (const { places } of messages)
        for (const { unplacedReason } of places) if (unplacedReason !== '') unplaced.inc({ reason: unplacedReason });
      const last = messages.at(-1);
      if (last !== undefined) age.observe(Math.max(0, Date.now() - last.message.capturedAtMs) / 1000);
    },
    lost: (messages) => lost.inc(messages),
    statesStored(outcomes) {
      for (const [outcome, count] of Object.entries(outcomes)) states.inc({ outcome }, count);
    },
    statesLost: (messages) => states.inc({ outcome: 'lost' }, messages),
    recreated: (reason) => recreated.inc({ reason }),
    lag(state) {
      pending.set(state.pending);
      unacknowledged.set(state.unacknowledged);
      health.pending = state.pending;
    },
    storeReached(isReachable) {
      health.isStoreReachable = isReachable;
    },
    termsBehind(found) {
      health.termsBehind = found ?? null;
    },
    totalsLacking(hours) {
      lacking.set(hours);
      health.hoursWithoutTotals = hours;
    },
    health: () => ({ ...health }),
  };
}
