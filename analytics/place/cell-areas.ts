/** Keeps the table `cell_areas`: in which area of today, and of each published division, every covered cell lies. */
import { setImmediate } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { cellToLatLng } from 'h3-js';
import type { Settings } from '#analytics/store/roll-up.ts';
import { buildAreaTree } from '#models/registry/area-tree.ts';
import { buildAreaIndex } from '#models/registry/polygon.ts';
import { type Area, UNKNOWN_AREA_PATH } from '#models/schema/area.ts';
import { DATABASE } from '#system/store-client.ts';

/** The division that is the areas of today. */
const TODAY = 0;
/** Cells that are looked up before others get their turn; some 40 ms. */
const CELLS_AT_ONCE = 10_000;

export type CellAreas = {
  /** The areas of today, all of them. */
  setAreas: (areas: readonly Area[]) => void;
  /** A published division; its areas are asked for when its cells are looked up. */
  addDivision: (version: number, load: () => Promise<readonly Area[] | undefined>) => void;
  /** Looks up what is new: all cells where areas changed, else those that are covered since. Says how many rows it wrote. */
  write: (signal: AbortSignal) => Promise<number>;
};

export function createCellAreas(client: ClickHouseClient, settings: Settings): CellAreas {
  let today: readonly Area[] = [];
  let isTodayNew = false;
  const divisions = new Map<number, () => Promise<readonly Area[] | undefined>>();
  /** The newest coverage that a division's cells were looked up for. */
  const done = new Map<number, string>();

  return {
    setAreas(areas) {
      today = areas;
      isTodayNew = true;
    },
    addDivision(version, load) {
      divisions.set(version, load);
    },
    async write(signal) {
      const newest = await readNewest(client);
      let rows = 0;
      if (isTodayNew || done.get(TODAY) !== newest) {
        isTodayNew = false;
        try {
          rows += await lookUp({ client, settings, signal }, TODAY, today);
        } catch (error) {
          isTodayNew = true;
          throw error;
        }
        done.set(TODAY, newest);
      }
      for (const [version, load] of divisions) {
        if (done.get(version) === newest || signal.aborted) continue;
        const areas = await load();
        if (areas === undefined) continue;
        rows += await lookUp({ client, settings, signal }, version, areas);
        done.set(version, newest);
      }
      return rows;
    },
  };
}

async function readNewest(client: ClickHouseClient): Promise<string> {
  const query = `SELECT toString(max(version)) AS newest FROM ${DATABASE}.coverage`;
  const result = await client.query({ query, format: 'JSONEachRow' });
  return (await result.json<{ newest: string }>())[0]!.newest;
}

type Parts = { client: ClickHouseClient; settings: Settings; signal: AbortSignal };
type Row = [cell: string, index: string, known: string];

/** Writes what differs from what is there. */
async function lookUp({ client, settings, signal }: Parts, division: number, areas: readonly Area[]): Promise<number> {
  const index = buildAreaIndex(areas);
  const tree = buildAreaTree(areas);
  const unknown = UNKNOWN_AREA_PATH.join('.');
  const paths = new Map(areas.map(({ id }) => [id, tree.pathOf(id).join('.')]));
  const result = await client.query({
    query: `SELECT toString(cell), h3ToString(cell), area_path
      FROM (SELECT DISTINCT cell FROM ${DATABASE}.coverage) AS covered
      LEFT JOIN (SELECT cell, area_path FROM ${DATABASE}.cell_areas FINAL WHERE division = ${division}) AS known USING (cell)`,
    format: 'JSONCompactEachRow',
    abort_signal: signal,
  });
  const cells = await result.json<Row>();
  const version = `${BigInt(Date.now()) * 1_000_000n}`;
  let written = 0;
  for (let start = 0; start < cells.length && !signal.aborted; start += CELLS_AT_ONCE) {
    const values = cells.slice(start, start + CELLS_AT_ONCE).flatMap(([cell, name, known]) => {
      const [lat, lon] = cellToLatLng(name);
      const area = index.locate(lon, lat);
      const path = area === null ? unknown : (paths.get(area) ?? unknown);
      return path === known ? [] : [[division, cell, path, version]];
    });
    written += values.length;
    const into = {
      table: `${DATABASE}.cell_areas`,
      format: 'JSONCompactEachRow',
      clickhouse_settings: settings,
    } as const;
    if (values.length > 0) await client.insert({ ...into, values });
    await setImmediate();
  }
  return written;
}
