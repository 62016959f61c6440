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
import { type Column, nativeBlock } from './native-block.ts';
import { createMarker, rebuildSlices, type Settings } from './roll-up.ts';
import {
  type CoverageRow,
  coverageLine,
  lookColumns,
  type PlacedMessage,
  type Quarantined,
  quarantineLine,
  type RevisionRow,
  revisionLine,
  sightingColumns,
} from './rows.ts';
import { floorTo, SLICE_MS } from './time-ranges.ts';

export type Batch = {
  messages: readonly PlacedMessage[];
  quarantined: readonly Quarantined[];
  revisions: readonly RevisionRow[];
  coverage: readonly CoverageRow[];
  /** Messages that may have been stored before: what stood in their slices may vanish. */
  repeated: ReadonlySet<PlacedMessage>;
};

export type Written = { rows: number; slices: number; insertMs: number; rebuildMs: number };

export type Writer = {
  /** Throws what the client throws; the batch can be written again as it is. */
  write: (batch: Batch) => Promise<Written>;
  writeCoverage: (rows: readonly CoverageRow[]) => Promise<void>;
};

type Insert = { into: string; format: 'Native' | 'JSONCompactEachRow'; body: Iterable<Uint8Array | string> };

async function insert(client: ClickHouseClient, settings: Settings, { into, format, body }: Insert): Promise<void> {
  const { stream } = await client.exec({
    query: `INSERT INTO ${DATABASE}.${into} FORMAT ${format}`,
    values: Readable.from(body, { objectMode: false }),
    clickhouse_settings: settings,
  });
  await finished(stream.resume());
}

/** Rows of the base alone; whoever calls it rolls up what they touch. Returns how many sightings. */
export async function insertBase(
  client: ClickHouseClient,
  messages: readonly PlacedMessage[],
  settings: Settings,
): Promise<number> {
  const sightings = sightingColumns(messages);
  await insertBlocks(client, { sightings, looks: lookColumns(messages) }, settings);
  return sightings.rows;
}

export type Block = { rows: number; columns: Readonly<Record<string, Column>> };

/** The same, of rows that are columns already. */
export async function insertBlocks(
  client: ClickHouseClient,
  blocks: Record<'sightings' | 'looks', Block>,
  settings: Settings,
): Promise<void> {
  const insertColumns = async (table: string, { rows, columns }: Block) => {
    if (rows === 0) return;
    const names = Object.keys(columns).join(', ');
    await insert(client, settings, { into: `${table} (${names})`, format: 'Native', body: nativeBlock(rows, columns) });
  };
  await Promise.all([insertColumns('sightings', blocks.sightings), insertColumns('looks', blocks.looks)]);
}

export function createWriter(client: ClickHouseClient, config: Config): Writer {
  const settings = writeSettings(config);
  const mark = createMarker(client);

  async function insertLines(into: string, lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await insert(client, settings, { into, format: 'JSONCompactEachRow', body: joined(lines) });
  }

  const writeCoverage = async (rows: readonly CoverageRow[]) => {
    const version = `${BigInt(Date.now()) * 1_000_000n}`;
    const lines = rows.map((row) => coverageLine(row, version));
    const columns =
      'camera, calibration_version, cell, area_path, version, hidden_by, person_px, recall_day, recall_night';
    await insertLines(`coverage (${columns})`, lines);
  };

  return {
    writeCoverage,
    async write({ messages, quarantined, revisions, coverage, repeated }) {
      const began = performance.now();
      await writeCoverage(coverage);
      await insertLines('revisions (camera, revision, first_captured_at)', revisions.map(revisionLine));
      const aside = quarantined.map(quarantineLine);
      await insertLines('quarantine (reason, id, camera, captured_at, message, payload)', aside);
      const rows = await insertBase(client, messages, settings);
      const stored = performance.now();
      const slices = [...new Set(messages.flatMap(touchedSlices))];
      const mayVanish = [...new Set([...repeated].flatMap(touchedSlices))];
      if (slices.length > 0) {
        const version = await rebuildSlices(client, { slices, mayVanish }, settings);
        await mark({ slices, mayVanish }, version, settings);
      }
      const rebuildMs = performance.now() - stored;
      return { rows, slices: slices.length, insertMs: stored - began, rebuildMs };
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
