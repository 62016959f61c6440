/**
 * The registry to lines of JSON and back: what people entered. Sessions, tokens and subscriptions stay behind, and what
 * processes say of themselves.
 */
import { createReadStream, existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { NatsConnection } from '@nats-io/nats-core';
import { openPublished } from '#models/registry/division/published.ts';
import { openAlertRegistry, openPeople, openRegistry } from '#models/registry/registry.ts';
import type { Table } from '#models/registry/table.ts';

/** A published version is there once its entry is, so its areas come before it. */
export const REGISTRY_TABLES = [
  'cameras',
  'areas',
  'calibrations',
  'users',
  'logins',
  'publishedAreas',
  'divisions',
  'calendar',
  'buildings',
  'keyPlaces',
  'totals',
  'rules',
  'quiets',
  'incidentWork',
  'channels',
] as const;
type TableName = (typeof REGISTRY_TABLES)[number];

async function openTables(connection: NatsConnection): Promise<Record<TableName, Table<unknown>>> {
  const { divisions, areas: publishedAreas } = await openPublished(connection);
  const tables = {
    ...(await openRegistry(connection)),
    ...(await openPeople(connection)),
    ...(await openAlertRegistry(connection)),
    ...{ divisions, publishedAreas },
  };
  return tables as unknown as Record<TableName, Table<unknown>>;
}

/** Writes `<folder>/<table>.jsonl`, one `{key, value}` a line; returns how many of each. */
export async function writeRegistry(connection: NatsConnection, folder: string): Promise<Record<string, number>> {
  const tables = await openTables(connection);
  const counts: Record<string, number> = {};
  for (const name of REGISTRY_TABLES) {
    const entries = await tables[name].list();
    const lines = entries.map(({ key, value }) => `${JSON.stringify({ key, value })}\n`);
    await writeFile(resolve(folder, `${name}.jsonl`), lines.join(''), { mode: 0o600 });
    counts[name] = entries.length;
  }
  return counts;
}

/** Puts every line back; each value is checked against its schema on the way. */
export async function readRegistry(connection: NatsConnection, folder: string): Promise<Record<string, number>> {
  const tables = await openTables(connection);
  const counts: Record<string, number> = {};
  for (const name of REGISTRY_TABLES) {
    counts[name] = 0;
    // A backup of an earlier version has not all of them.
    if (!existsSync(resolve(folder, `${name}.jsonl`))) continue;
    for await (const line of createInterface({ input: createReadStream(resolve(folder, `${name}.jsonl`)) })) {
      if (line === '') continue;
      const { key, value } = JSON.parse(line) as { key: string; value: unknown };
      await tables[name].put(key, value);
      counts[name]++;
    }
  }
  return counts;
}
