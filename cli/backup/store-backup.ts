/** The store to files and back: each table's definition, and its rows in ClickHouse's Native format, gzipped. */
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';

type TableInfo = { name: string; engine: string; create_table_query: string };

const TABLES = `SELECT name, engine, create_table_query FROM system.tables WHERE database = {database: String} AND NOT is_temporary ORDER BY name`;

const isStored = (table: TableInfo) => table.engine.includes('MergeTree') || table.engine.endsWith('Log');

/** Repeated rows, which the engine merges sooner or later, count once. */
async function countRows(client: ClickHouseClient, table: TableInfo): Promise<number> {
  const final = table.engine.includes('Replacing') ? 'FINAL' : '';
  const result = await client.query({
    query: `SELECT count() AS n FROM ${DATABASE}.\`${table.name}\` ${final}`,
    format: 'JSONEachRow',
  });
  return Number((await result.json<{ n: string }>())[0]?.n ?? 0);
}

/** Writes `<folder>/tables.json` and `<folder>/<table>.native.gz`; returns how many rows each has at least. */
export async function writeStore(client: ClickHouseClient, folder: string): Promise<Record<string, number>> {
  const result = await client.query({ query: TABLES, query_params: { database: DATABASE }, format: 'JSONEachRow' });
  const tables = await result.json<TableInfo>();
  await writeFile(resolve(folder, 'tables.json'), `${JSON.stringify(tables, null, 2)}\n`, { mode: 0o600 });
  const counts: Record<string, number> = {};
  for (const table of tables.filter(isStored)) {
    // Counted first: what arrives meanwhile may only make it more.
    counts[table.name] = await countRows(client, table);
    const { stream } = await client.exec({ query: `SELECT * FROM ${DATABASE}.\`${table.name}\` FORMAT Native` });
    await pipeline(
      stream,
      createGzip({ level: 1 }),
      createWriteStream(resolve(folder, `${table.name}.native.gz`), { mode: 0o600 }),
    );
  }
  return counts;
}

/** Makes the tables as they were and fills them; the database must not have them yet. */
export async function readStore(client: ClickHouseClient, folder: string): Promise<Record<string, number>> {
  const tables = JSON.parse(await readFile(resolve(folder, 'tables.json'), 'utf8')) as TableInfo[];
  await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${DATABASE}` });
  const inOrder = [...tables.filter(isStored), ...tables.filter((table) => !isStored(table))];
  const counts: Record<string, number> = {};
  for (const table of inOrder) {
    await client.command({ query: table.create_table_query });
    if (!isStored(table)) continue;
    const rows = createReadStream(resolve(folder, `${table.name}.native.gz`)).pipe(createGunzip());
    const { stream } = await client.exec({
      query: `INSERT INTO ${DATABASE}.\`${table.name}\` FORMAT Native`,
      values: rows,
    });
    stream.resume();
    counts[table.name] = await countRows(client, table);
  }
  return counts;
}
