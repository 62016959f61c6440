/** Keeps the history of cameras: what workers say, from the stream into the store, and which cameras are switched off. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { JsMsg } from '@nats-io/jetstream';
import type { Table } from '#models/registry/table.ts';
import { UNKNOWN_AREA_PATH } from '#models/schema/area.ts';
import type { Camera } from '#models/schema/camera.ts';
import { decodeCameraState } from '#models/wire/codec.ts';
import { readDetectionsSubject } from '#models/wire/subjects.ts';
import type { Config } from '#system/config.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { batches } from '../consume/batches.ts';
import { ACK_WAIT_MS } from '../consume/messages.ts';
import type { Stages } from '../metrics.ts';
import { writeStates } from '../store/camera-states.ts';
import { createStateRows, type StateRow, type StateRows } from './state-rows.ts';

type Parts = {
  client: ClickHouseClient;
  config: Config;
  cameras: Table<Camera>;
  stages: Stages;
  logger: Logger;
  signal: AbortSignal;
};

const BATCH_MESSAGES = 10_000;
const DISABLED_EVERY_MS = 60_000;

/** Ends when `messages` end. A message is acknowledged once its rows are stored; what comes twice changes nothing. */
export async function keepHistory(messages: AsyncIterable<JsMsg>, parts: Parts): Promise<void> {
  await Promise.all([storeWords(messages, parts), tellDisabled(parts)]);
}

async function storeWords(messages: AsyncIterable<JsMsg>, parts: Parts): Promise<void> {
  const rows = createStateRows({ offMaxMs: parts.config.quarantineHours * 3_600_000 });
  // An insert a second at the most: the store merges what it is given.
  const everyMs = Math.max(1000, parts.config.batchMs);
  for await (const batch of batches(messages, { weigh: () => 1, weightMax: BATCH_MESSAGES, everyMs })) {
    const read = readBatch(batch, rows);
    if (!(await storeUntilDone(read.rows, batch, parts))) return;
    for (const message of batch) message.ack();
    const { other, implausible } = read;
    parts.stages.statesStored({
      received: batch.length,
      stored: batch.length - other - implausible,
      other,
      implausible,
    });
  }
}

function readBatch(batch: readonly JsMsg[], rows: StateRows): { rows: StateRow[]; other: number; implausible: number } {
  // Of the rows that a batch lengthens, the longest says it all.
  const latest = new Map<string, StateRow>();
  let [other, implausible] = [0, 0];
  for (const message of batch) {
    const state = decodeCameraState(message.data);
    if (state === undefined) {
      other++;
      continue;
    }
    const areaPath = readDetectionsSubject(message.subject).areaPath.join('.');
    const told = rows.of(state, { areaPath, publishedAtMs: message.info.timestampNanos / 1e6 });
    if (told === undefined) implausible++;
    for (const row of told ?? []) {
      const key = `${row.camera} ${row.fromMs}`;
      if ((latest.get(key)?.toMs ?? -1) <= row.toMs) latest.set(key, row);
    }
  }
  return { rows: [...latest.values()], other, implausible };
}

/** Tries for as long as it takes, and tells the broker that the batch is being worked on; false when the process ends. */
async function storeUntilDone(rows: StateRow[], batch: readonly JsMsg[], parts: Parts): Promise<boolean> {
  const { client, config, logger, signal } = parts;
  const working = setInterval(() => {
    for (const message of batch) message.working();
  }, ACK_WAIT_MS / 3);
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        await writeStates(client, config, rows);
        return true;
      } catch (error) {
        logger.error({ error: (error as Error).message, attempt, rows: rows.length }, 'history of cameras not stored');
        if (signal.aborted) return false;
        await pause(backoffMs(attempt, { baseMs: 250, capMs: 10_000 }), signal);
      }
    }
  } finally {
    clearInterval(working);
  }
}

/** No worker speaks of a camera that is switched off: that it is so, and is not missed, is said here every minute. */
async function tellDisabled({ client, config, cameras, logger, signal }: Parts): Promise<void> {
  const rows = createStateRows({ offMaxMs: Number.POSITIVE_INFINITY });
  while (!signal.aborted) {
    try {
      const nowMs = Date.now();
      const off = (await cameras.list()).filter(({ value }) => !value.isEnabled);
      const told = off.flatMap(({ value }) => rows.of(switchedOff(value, nowMs), about(nowMs)) ?? []);
      await writeStates(client, config, told);
    } catch (error) {
      if (!signal.aborted) logger.warn({ error: (error as Error).message }, 'switched off cameras not told');
    }
    await pause(DISABLED_EVERY_MS, signal);
  }
}

const about = (publishedAtMs: number) => ({ areaPath: UNKNOWN_AREA_PATH.join('.'), publishedAtMs });

const NO_COUNTS = { reconnects: 0, packets: 0, decoded: 0, skipped: 0, looked: 0, dropped: 0, failed: 0, timeJumps: 0 };

function switchedOff({ id, updatedAtMs }: Camera, nowMs: number) {
  const sinceMs = Math.min(updatedAtMs, nowMs);
  return { camera: id, state: 'disabled' as const, sinceMs, updatedAtMs: nowMs, worker: '', ...NO_COUNTS };
}
