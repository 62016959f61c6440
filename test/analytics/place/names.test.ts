import { expect, it } from 'vitest';
import { startPastSite } from '#test/demo/history/past-site.ts';
import { until } from '#test/site/site.ts';

it('copies what is registered into the store, and marks as gone what no longer is', async () => {
  await using counting = await startPastSite({}, ['yard', 'square']);
  const { registry, reader } = counting;
  const ask = async (query: string) => {
    const result = await reader.query({ query, format: 'JSONEachRow' });
    return result.json<Record<string, unknown>>();
  };
  const cameras = () => ask('SELECT id, calibration_version FROM sharp_eyes.cameras ORDER BY id');
  const [square, yard] = ['square', 'yard'].map((id) => ({ id, calibration_version: 1 }));
  await until('both are there', async () => (await cameras()).length === 2);
  await until('and calibrated', async () => JSON.stringify(await cameras()) === JSON.stringify([square, yard]));
  const [grid] = await ask(
    "SELECT area_path, households FROM sharp_eyes.areas WHERE level = 'grid' ORDER BY id LIMIT 1",
  );
  expect(String(grid?.area_path).split('.').length).toBe(5);
  expect(grid?.households).toBeGreaterThanOrEqual(300);
  await registry.cameras.remove('yard');
  await until('one is gone', async () => JSON.stringify(await cameras()) === JSON.stringify([square]));
  expect(await ask('SELECT id FROM sharp_eyes.registered_cameras FINAL WHERE is_gone')).toEqual([{ id: 'yard' }]);
});
