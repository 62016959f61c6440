/**
 * The one way into the store. `write` returns when a batch's rows are stored and every figure that they touch is
 * rebuilt; only then may its messages be acknowledged. A batch that is written twice, whole or regrouped, changes nothing.
 */
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Config } from '#system/config.ts';
import { DATABASE } from '#system/store-client.ts';
import { writeSettings } from './dialect.ts';
import { HOUR_MS, MINUTE_MS, markOpen, rebuildMinutes } from './roll-up.ts';
import {
  type CoverageRow,
  coverageLine,
  LOOK_COLUMNS,
  lookLine,
  type PlacedMessage,
  type Quarantined,
  quarantineLine,
  type RevisionRow,
  revisionLine,
  SIGHTING_COLUMNS,
  sightingLines,
} from './rows.ts';

export type Batch = {
  messages: readonly PlacedMessage[];
  quarantined: readonly Quarantined[];
  revisions: readonly RevisionRow[];
  coverage: readonly CoverageRow[];
  /** Messages that may have been stored before: what stood in their minutes may vanish. */
  repeated: ReadonlySet<PlacedMessage>;
};

export type Written = { rows: number; minutes: number; insertMs: number; rebuildMs: number };

export type Writer = {
  /** Throws what the client throws; the batch can be written again as it is. */
  write: (batch: Batch) => Promise<Written>;
  writeCoverage: (rows: readonly CoverageRow[]) => Promise<void>;
};

export function createWriter(client: ClickHouseClient, config: Config): Writer {
  const settings = writeSettings(config);
  /** Hours that this process has marked open; one that is over is marked again at every change. */
  const marked = new Set<number>();

  async function insert(into: string, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    // Ready lines as one body: `insert` would take rows apart and put them together again.
    const { stream } = await client.exec({
      query: `INSERT INTO ${DATABASE}.${into} FORMAT JSONCompactEachRow`,
      values: Readable.from(joined(lines), { objectMode: false }),
      clickhouse_settings: settings,
    });
    await finished(stream.resume());
  }

  const writeCoverage = async (rows: readonly CoverageRow[]) => {
    const version = `${BigInt(Date.now()) * 1_000_000n}`;
    await insert(
      'coverage',
      rows.map((row) => coverageLine(row, version)),
    );
  };

  return {
    writeCoverage,
    async write({ messages, quarantined, revisions, coverage, repeated }) {
      const began = performance.now();
      await writeCoverage(coverage);
      await insert('revisions', revisions.map(revisionLine));
      await insert('quarantine (reason, id, camera, captured_at, message, payload)', quarantined.map(quarantineLine));
      const withSightings = messages.filter(({ message }) => message.sightings.length > 0);
      await insert(`sightings (${SIGHTING_COLUMNS})`, withSightings.map(sightingLines));
      await insert(`looks (${LOOK_COLUMNS})`, messages.map(lookLine));
      const stored = performance.now();
      const minutes = [...new Set(messages.flatMap(touchedMinutes))];
      const mayVanish = [...new Set([...repeated].flatMap(touchedMinutes))];
      if (minutes.length > 0) {
        const version = await rebuildMinutes(client, { minutes, mayVanish }, settings);
        const engineMs = Number(BigInt(version) / 1_000_000n);
        const hours = [...new Set(minutes.map((minute) => Math.floor(minute / HOUR_MS) * HOUR_MS))];
        const toMark = hours.filter((hour) => !marked.has(hour) || hour + HOUR_MS <= engineMs);
        if (toMark.length > 0) await markOpen(client, toMark, settings);
        for (const hour of toMark) marked.add(hour);
        for (const hour of marked) if (hour < engineMs - 48 * HOUR_MS) marked.delete(hour);
      }
      return {
        rows: messages.reduce((sum, { message }) => sum + message.sightings.length, 0),
        minutes: minutes.length,
        insertMs: stored - began,
        rebuildMs: performance.now() - stored,
      };
    },
  };
}

/** A sighting belongs to the minute of its capture, watched time to the minute in which it began. */
function touchedMinutes({ message }: PlacedMessage): number[] {
  return [message.capturedAtMs, message.watchedFromMs].map((atMs) => Math.floor(atMs / MINUTE_MS) * MINUTE_MS);
}

/** Lines as chunks of about a megabyte, so that the socket gets few large writes. */
function* joined(lines: readonly string[]): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < 1 << 20) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
