/**
 * The pipeline as it runs now. Everything is asked at once, each with its deadline, and whoever asks within a few seconds gets
 * the same answer; counts of the last minute are remembered, so that rates are of a minute and not since the beginning.
 */

import { FAULTS } from '#models/schema/fault.ts';
import type { Operations } from '#models/schema/operations.ts';
import type { Finding } from '#models/schema/site-view.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { askAll } from '#system/control.ts';
import { DATABASE } from '#system/store-client.ts';
import type { Context } from '../context.ts';
import { reportHealth } from '../site/health.ts';
import { readStoreMetrics } from '../site/metrics-text.ts';
import type { RecentCounts } from '../site/recent-counts.ts';
import { findModel, readVersion } from '../site/site-view.ts';
import { readSample, type Sample } from './sample.ts';
import { stagesNow } from './stages.ts';
import { openWindow } from './window.ts';

const FRESH_MS = 2500;
const WINDOW_MS = 60_000;
const STORE_TIMEOUT_MS = 2000;
/** An error of a channel is told for so long after it happened. */
const TOLD_MS = 24 * 3_600_000;

export type OperationsDesk = { read: () => Promise<Operations> };

export function openOperations(context: Context, counts: RecentCounts): OperationsDesk {
  let samples: Sample[] = [];
  let kept: { answer: Promise<Operations>; atMs: number } | undefined;
  let storeVersion: string | undefined;

  async function take(): Promise<Operations> {
    const [health, counted, closedHourMs, version] = await Promise.all([
      reportHealth(context),
      countsNow(context),
      readClosedHour(context),
      storeVersion ?? readStoreVersion(context),
    ]);
    storeVersion = version;
    const sample = readSample(counted.parts, { ...counted, streamMessages: health.broker.messagesPublished ?? null });
    const earlier = samples.find(({ atMs }) => sample.atMs - atMs <= WINDOW_MS);
    samples = [...samples.filter(({ atMs }) => sample.atMs - atMs <= WINDOW_MS), sample];
    const window = openWindow(sample, earlier);
    const nowMs = Date.now();
    return {
      atMs: nowMs,
      windowS: window.seconds,
      stages: stagesNow({ window, health, closedHourMs, channels: channelsNow(context, nowMs), nowMs }),
      reconciliation: reconciled(counts),
      processes: health.processes,
      versions: versionsOf(context, version),
    };
  }

  return {
    read() {
      const nowMs = performance.now();
      if (kept !== undefined && nowMs - kept.atMs < FRESH_MS) return kept.answer;
      const answer = take();
      kept = { answer, atMs: nowMs };
      answer.catch(() => {
        kept = undefined;
      });
      return answer;
    },
  };
}

async function countsNow(context: Context): Promise<{ parts: unknown[]; text: string; atMs: number }> {
  const { broker, metrics } = context;
  const [parts, text] = await Promise.all([
    broker.isConnected()
      ? askAll(broker.connection, CONTROL.metrics)
      : metrics.registry.getMetricsAsJSON().then((own) => [own]),
    readStoreMetrics(context),
  ]);
  return { parts, text, atMs: Date.now() };
}

/** Null where the store is silent: that it is has its own finding. */
async function askStoreOnce<Row>({ reader }: Context, query: string): Promise<Row | undefined> {
  try {
    const abort_signal = AbortSignal.timeout(STORE_TIMEOUT_MS);
    const rows = await reader.query({ query, format: 'JSONEachRow', abort_signal });
    return (await rows.json<Row>())[0];
  } catch {
    return undefined;
  }
}

async function readClosedHour(context: Context): Promise<number | null> {
  const query = `SELECT toUnixTimestamp(max(hour)) AS at_s FROM ${DATABASE}.hours FINAL WHERE is_closed`;
  const row = await askStoreOnce<{ at_s: number }>(context, query);
  return row === undefined || Number(row.at_s) === 0 ? null : Number(row.at_s) * 1000;
}

async function readStoreVersion(context: Context): Promise<string | undefined> {
  return (await askStoreOnce<{ version: string }>(context, 'SELECT version() AS version'))?.version;
}

function channelsNow({ alerting }: Context, nowMs: number) {
  const states = alerting.channelStates.list();
  const names = new Map(alerting.channels.list().map(({ id, name }) => [id, name]));
  const findings: Finding[] = states.flatMap(({ channel, state, lastError, lastErrorAtMs = 0 }) => {
    const isOld = nowMs - lastErrorAtMs > TOLD_MS;
    if (!names.has(channel) || lastError === undefined || (isOld && state !== 'retrying')) return [];
    const at = new Date(lastErrorAtMs).toISOString().slice(0, 19);
    const message = `${names.get(channel)}: ${lastError} (${at} UTC)`;
    return [
      {
        code: 'channel-unreachable',
        title: FAULTS['channel-unreachable'].title,
        message,
        cure: FAULTS['channel-unreachable'].cure,
        isWarning: state !== 'retrying',
      },
    ];
  });
  return { backlog: states.reduce((sum, { backlog }) => sum + backlog, 0), findings, count: names.size };
}

function reconciled(counts: RecentCounts): Operations['reconciliation'] {
  const found = counts.look();
  if (found === undefined) return null;
  const { fromMs, toMs, isWhole, stored, discrepancies } = found;
  const { messages, lost, doubled } = stored;
  return { fromMs, toMs, isWhole, messages, lost, doubled, differences: discrepancies.length };
}

function versionsOf({ config, broker }: Context, clickhouse: string | undefined): Operations['versions'] {
  const { modelName } = findModel(config);
  const known: [string, string | undefined | null][] = [
    ['Sharp Eyes', readVersion()],
    ['Node', process.versions.node],
    ['NATS', broker.connection.info?.version],
    ['ClickHouse', clickhouse],
    ['model', modelName],
  ];
  return known.flatMap(([name, version]) => (version === undefined || version === null ? [] : [{ name, version }]));
}
