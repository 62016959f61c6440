/** A site with the city's cameras registered and calibrated as the demo settles them, and no worker that looks. */
import { findScene } from '#demo/scene.ts';
import { solveCalibration } from '#models/registry/homography.ts';
import type { Config } from '#system/config.ts';
import { type CountingSite, startCountingSite } from '#test/analytics/counting-site.ts';

/** `views`: only these cameras. */
export async function startPastSite(values: Partial<Config> = {}, views?: readonly string[]): Promise<CountingSite> {
  const counting = await startCountingSite(values);
  const scene = findScene('');
  if (scene === undefined) throw new Error('the city has no clips');
  const { areas, cameras, calibrations } = counting.registry;
  for (const area of scene.areas) await areas.put(area.id, area);
  const wanted = scene.cameras.filter(({ id }) => views === undefined || views.includes(id));
  for (const { id, name, file, area, position, calibration } of wanted) {
    await cameras.put(id, {
      ...{ id, name, area, position, isEnabled: true, sampleFps: 2, isGated: true, fullLookIntervalS: 10 },
      source: { kind: 'file', path: file, isLooped: true },
      ...{ createdAtMs: 1, updatedAtMs: 1 },
    });
    await calibrations.put(id, solveCalibration({ camera: id, version: 1, points: calibration, createdAtMs: 1 }));
  }
  return counting;
}
