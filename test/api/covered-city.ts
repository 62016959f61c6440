/** Settles cameras of the city, its areas, houses and key places in a site, through its API, as the demo does. */
import { calibrationOf } from '#demo/world/calibration.ts';
import { toCity } from '#demo/world/placement.ts';
import { cityAreas } from '#demo/world/plan/areas.ts';
import { gridAt } from '#demo/world/plan/grid-at.ts';
import { stageLonLat } from '#demo/world/sight.ts';
import type { View } from '#demo/world/view.ts';

/** Throws where the API refuses. */
export type Send = (method: 'PUT' | 'POST', path: string, body: unknown) => Promise<unknown>;

export async function settleCameras(send: Send, views: readonly View[]): Promise<void> {
  const features = cityAreas().map(({ geometry, version: _version, ...properties }) => {
    return { type: 'Feature', properties, geometry };
  });
  await send('PUT', '/areas', { type: 'FeatureCollection', features });
  for (const view of views) {
    const { id, name, camera, stage } = view;
    const [lon, lat] = stageLonLat(view, [camera.x, camera.y]);
    const area = gridAt(toCity(stage.place, [camera.x, camera.y + 15])) ?? view.area;
    await send('POST', '/cameras', { id, name, url: 'rtsp://127.0.0.1/x', area, position: { lon, lat } });
    await send('PUT', `/cameras/${id}/calibration`, { points: calibrationOf(view) });
  }
}
