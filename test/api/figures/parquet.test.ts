import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { gridDisk, latLngToCell } from 'h3-js';
import { afterAll, describe, expect, it } from 'vitest';
import { COLUMNS, cellRows, type ExportRow } from '#api/figures/export.ts';
import { asParquet } from '#api/figures/parquet.ts';
import type { HeatMap } from '#models/schema/heat-map.ts';

const CELLS = 12_000;
const fromMs = Date.UTC(2026, 10, 1);

const heatMap: HeatMap = {
  ...{ fromMs, toMs: fromMs + 3_600_000, kind: null, measure: 'speed', resolution: 13 },
  cells: gridDisk(latLngToCell(36.6758, 117.0009, 13), 64)
    .slice(0, CELLS)
    .map((cell, index) => ({ cell, value: index % 3 === 0 ? null : index / 8, observedS: 3600, errorM: 0.5 })),
};

describe('figures as Parquet', () => {
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-parquet-'));
  const file = resolve(folder, 'figures.parquet');
  afterAll(() => rmSync(folder, { recursive: true }));

  async function ask(query: string) {
    const duck = await (await DuckDBInstance.create()).connect();
    try {
      return (await duck.runAndReadAll(query)).getRows();
    } finally {
      duck.closeSync();
    }
  }

  async function write(rows: Iterable<ExportRow>): Promise<void> {
    const parts: Uint8Array[] = [];
    for await (const part of asParquet(rows)) parts.push(part);
    writeFileSync(file, Buffer.concat(parts));
  }

  it('hold every row of several groups, as another program reads them', async () => {
    await write(cellRows(heatMap));
    const known = heatMap.cells.filter(({ value }) => value !== null);
    const [row] = await ask(
      `SELECT count(*), count(DISTINCT cell), count(value), sum(value), epoch_ms(any_value("from")), any_value(kind), count(area) FROM '${file}'`,
    );
    const sum = known.reduce((total, { value }) => total + value!, 0);
    expect(row!.map(asNumber)).toEqual([CELLS, CELLS, known.length, sum, fromMs, 'all', 0]);
    const groups = await ask(`SELECT count(DISTINCT row_group_id) FROM parquet_metadata('${file}')`);
    expect(Number(groups[0]![0])).toBeGreaterThan(1);
    const [first] = await ask(`SELECT value, lat FROM '${file}' WHERE cell = '${heatMap.cells[4]!.cell}'`);
    expect(first).toEqual([0.5, expect.closeTo(36.6758, 2)]);
  });

  it('have all their columns without a row', async () => {
    await write([]);
    expect((await ask(`DESCRIBE SELECT * FROM '${file}'`)).map(([name]) => name)).toEqual(Object.keys(COLUMNS));
    expect(await ask(`SELECT count(*) FROM '${file}'`)).toEqual([[0n]]);
  });

  it('leave while the rows are still being made', async () => {
    let made = 0;
    const counted = cellRows(heatMap).map((row) => {
      made += 1;
      return row;
    });
    const bytes = asParquet(counted);
    expect((await bytes.next()).value?.length).toBeGreaterThan(1000);
    expect(made).toBeLessThan(CELLS / 2);
    await bytes.return(undefined);
  });
});

/** DuckDB counts in 64 bits. */
const asNumber = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
