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
import { createMarker, rebuildSlices } from './roll-up.ts';
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
import { floorTo, SLICE_MS } from './time-ranges.ts';

export type Batch = {
  messages: readonly PlacedMessage[];
  quarantined: readonly Quarantined[];
  revisions: readonly RevisionRow[];
  coverage: readonly CoverageRow[];
  /** Messages that may have been stored before: what stood in their minutes may vanish. */
  repeated: ReadonlySet<PlacedMessage>;
};

export type Written = { rows: number; slices: number; insertMs: number; rebuildMs: number };

export type Writer = {
  /** Throws what the client throws; the batch can be written again as it is. */
  write: (batch: Batch) => Promise<Written>;
  writeCoverage: (rows: readonly CoverageRow[]) => Promise<void>;
};

export function createWriter(client: ClickHouseClient, config: Config): Writer {
  const settings = writeSettings(config);
  const mark = createMarker(client);

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
      const slices = [...new Set(messages.flatMap(touchedSlices))];
      const mayVanish = [...new Set([...repeated].flatMap(touchedSlices))];
      if (slices.length > 0) {
        const version = await rebuildSlices(client, { slices, mayVanish }, settings);
        await mark({ slices, mayVanish }, version, settings);
      }
      return {
        rows: messages.reduce((sum, { message }) => sum + message.sightings.length, 0),
        slices: slices.length,
        insertMs: stored - began,
        rebuildMs: performance.now() - stored,
      };
    },
  };
}

/** A sighting belongs to the time of its capture, watched time to the moment at which it began. */
function touchedSlices({ message }: PlacedMessage): number[] {
  return [floorTo(message.capturedAtMs, SLICE_MS), floorTo(message.watchedFromMs, SLICE_MS)];
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
