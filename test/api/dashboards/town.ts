/** An API over a real store whose tables are made, with the town of `weeks.ts` registered, and no cameras that run. */
import type { ClickHouseClient } from '@clickhouse/client';
import { migrate } from '#analytics/store/schema.ts';
import type { Config } from '#system/config.ts';
import { openStoreClient } from '#system/store-client.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { testLogger } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';
import { TOWN, TOWN_AREAS } from './weeks.ts';

export type Town = AsyncDisposable & { api: ApiSite; writer: ClickHouseClient };

const square = (index: number) => {
  const lon = 117 + index * 0.01;
  const ring = [
    [lon, 36],
    [lon + 0.01, 36],
    [lon + 0.01, 36.01],
    [lon, 36.01],
    [lon, 36],
  ];
  return { type: 'Polygon' as const, coordinates: [ring as [number, number][]] };
};

export async function startTown(values: Partial<Config> = {}): Promise<Town> {
  await using opening = new AsyncDisposableStack();
  const api = opening.use(await startApi(values));
  await startStore(api.site);
  const writer = opening.adopt(openStoreClient(api.config, 'writer', { timeoutMs: 120_000 }), (client) =>
    client.close(),
  );
  await migrate(writer, { config: api.config, logger: testLogger, exclusively: (work) => work() });
  const { areas, cameras } = api.context;
  for (const [index, { id, level, parent }] of TOWN_AREAS.entries())
    await areas.create(id, { id, name: `name of ${id}`, level, parent, geometry: square(index), version: 1 });
  for (const { id, path } of TOWN) {
    const area = path.split('.').at(-1)!;
    await cameras.create(id, {
      ...{ id, name: `camera ${id}`, area, isEnabled: true, sampleFps: 2, isGated: true, fullLookIntervalS: 10 },
      source: { kind: 'file', path: 'none.mp4', isLooped: true },
      ...{ createdAtMs: 1, updatedAtMs: 1 },
    });
  }
  await writeNames(writer);
  const stack = opening.move();
  return { api, writer, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** What analytics writes of the registry: names for those who ask in SQL. */
async function writeNames(writer: ClickHouseClient): Promise<void> {
  const pathOf = (id: string) => {
    const path = TOWN.find(({ path: one }) => one.split('.').includes(id))?.path.split('.') ?? [];
    return ['city', 'district', 'street', 'village', 'grid']
      .map((_, index) => (index <= path.indexOf(id) ? (path[index] ?? '_') : '_'))
      .join('.');
  };
  const insert = (table: string, rows: readonly object[]) =>
    writer.insert({ table: `sharp_eyes.${table}`, values: rows, format: 'JSONEachRow' });
  await insert(
    'registered_areas',
    TOWN_AREAS.map(({ id, level, parent }) => ({
      ...{
        id,
        name: `name of ${id}`,
        level,
        parent: parent ?? '',
        area_path: pathOf(id),
        form: '',
        is_gone: false,
        version: 1,
      },
    })),
  );
  await insert(
    'registered_cameras',
    TOWN.map(({ id, path }) => ({
      ...{
        id,
        name: id,
        area: path.split('.').at(-1),
        area_path: path,
        is_enabled: true,
        calibration_version: 1,
        is_gone: false,
        version: 1,
      },
    })),
  );
}
