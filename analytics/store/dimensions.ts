/** Areas and cameras beside the rows, so that analysts can ask by name: what is registered, and what no longer is. */
import type { ClickHouseClient } from '@clickhouse/client';
import { buildAreaTree } from '#models/registry/area-tree.ts';
import type { Area } from '#models/schema/area.ts';
import type { Camera } from '#models/schema/camera.ts';
import { DATABASE } from '#system/store-client.ts';
import { readVersion, type Settings } from './roll-up.ts';

export type Registered = {
  areas: readonly Area[];
  cameras: readonly Camera[];
  calibrationVersion: (camera: string) => number;
};

/** Writes all that is registered, and marks as gone what stands there and is not. */
export async function writeDimensions(
  client: ClickHouseClient,
  registered: Registered,
  settings: Settings,
): Promise<void> {
  const { areas, cameras, calibrationVersion } = registered;
  const tree = buildAreaTree(areas);
  const version = await readVersion(client);
  const areaRows = areas.map((area) => ({
    id: area.id,
    name: area.name,
    level: area.level,
    parent: area.parent ?? '',
    area_path: tree.pathOf(area.id).join('.'),
    form: area.form ?? '',
    households: area.households ?? null,
    leaders: area.leaders ?? null,
    full_time_workers: area.fullTimeWorkers ?? null,
    part_time_workers: area.partTimeWorkers ?? null,
  }));
  const cameraRows = cameras.map((camera) => ({
    id: camera.id,
    name: camera.name,
    area: camera.area ?? '',
    area_path: tree.pathOf(camera.area).join('.'),
    lon: camera.position?.lon ?? null,
    lat: camera.position?.lat ?? null,
    is_enabled: camera.isEnabled,
    calibration_version: calibrationVersion(camera.id),
  }));
  await writeTable(client, { table: 'registered_areas', rows: areaRows, version, settings });
  await writeTable(client, { table: 'registered_cameras', rows: cameraRows, version, settings });
}

type Written = { table: string; rows: readonly { id: string }[]; version: string; settings: Settings };

async function writeTable(client: ClickHouseClient, { table, rows, version, settings }: Written): Promise<void> {
  const full = `${DATABASE}.${table}`;
  if (rows.length > 0) {
    const values = rows.map((row) => ({ ...row, is_gone: false, version }));
    await client.insert({ table: full, values, format: 'JSONEachRow', clickhouse_settings: settings });
  }
  await client.command({
    query: `INSERT INTO ${full} SELECT * REPLACE (true AS is_gone, ${version} AS version) FROM (
        SELECT * FROM ${full} FINAL WHERE NOT is_gone AND version < ${version}
      )`,
    clickhouse_settings: settings,
  });
}
