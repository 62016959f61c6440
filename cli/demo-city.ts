/** Settles the demo's city in a running site: its division, its cameras and their calibrations, through the API. */
import { resolve } from 'node:path';
import { SERVING_ENVIRONMENT, SERVING_FLAGS } from '#demo/devices/serve-process.ts';
import type { Scene, SceneStream } from '#demo/main.ts';
import { exampleRules } from '#demo/world/example-rules.ts';
import { keyPlaceMap } from '#demo/world/plan/key-places.ts';
import { houseMap } from '#demo/world/plan/map.ts';
import { VIEWS } from '#demo/world/views.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { faultCodeOf } from '#models/schema/fault.ts';
import type { Children } from '#system/children.ts';
import { type Config, configEnvironment, ROOT_DIR } from '#system/config.ts';
import { type ApiClient, openApi } from './api-client.ts';

/** Something always moves before all twelve cameras: five looks a second would take more than two cores. */
const DEMO_FPS = 2;

export type DemoCameras = { scene: Scene | undefined; streams: Record<string, SceneStream>; rtspPort: number };

/** Starts the process that plays the clips and asks it for its scene; without footage there is none. */
export async function startDemoCameras(children: Children, config: Config, rtspPort: number): Promise<DemoCameras> {
  await children.start({
    name: 'cameras',
    command: process.execPath,
    args: [...SERVING_FLAGS, resolve(ROOT_DIR, 'demo/main.ts'), '--rtsp-port', String(rtspPort)],
    env: { ...process.env, ...configEnvironment(config), ...SERVING_ENVIRONMENT },
    readyTimeoutMs: 20_000,
  });
  const { scene, streams } = children.details('cameras') as Omit<DemoCameras, 'rtspPort'>;
  return { scene, streams, rtspPort };
}

/** Registers what is not registered yet; what a person changed since stays. Returns one sentence for the terminal. */
export async function settleDemo(config: Config, { scene, streams, rtspPort }: DemoCameras): Promise<string> {
  if (scene === undefined)
    return `${missing(config, scene)} Everything runs all the same: ./sharp-eyes camera add --name … --url rtsp://…`;
  const api = openApi(config);
  await api.json('PUT', '/areas', asCollection(scene));
  for (const camera of scene.cameras) await settleCamera(api, camera, streams[camera.id]);
  if (scene.shows === 'city') await settleGround(api);
  if (scene.shows === 'city') await settleRules(api, scene);
  const model = findModelName(config);
  const eyes = model === undefined ? missing(config, scene) : `The model is ${model}.`;
  const what = scene.shows === 'city' ? 'the city’s loops' : 'real footage';
  return `${scene.cameras.length} cameras play ${what} over RTSP from port ${rtspPort} on. ${eyes}`;
}

function findModelName(config: Config): string | undefined {
  try {
    return resolveModel({ name: config.model, modelsDir: config.modelsDir, materialDir: config.materialDir }).manifest
      .name;
  } catch (error) {
    if (faultCodeOf(error) === 'model-missing') return undefined;
    throw error;
  }
}

function missing(config: Config, scene: Scene | undefined): string {
  const model = findModelName(config) === undefined ? 'model' : undefined;
  const footage = scene === undefined ? 'footage' : undefined;
  const what = [model, footage].filter((one) => one !== undefined).join(' and no ');
  return `There is no ${what} yet: set SHARP_EYES_MATERIAL_DIR to a folder with models/ and footage/, or add a model with ./sharp-eyes model add --file x.onnx --like yolox.`;
}

/** The city's houses and what it wants watched, where nobody has imported any. */
async function settleGround(api: ApiClient): Promise<void> {
  const kept = async (path: string) => (await api.json<{ features: unknown[] }>('GET', path)).features.length > 0;
  if (!(await kept('/buildings'))) await api.json('PUT', '/buildings', houseMap(VIEWS));
  if (!(await kept('/key-places'))) await api.json('PUT', '/key-places', keyPlaceMap(VIEWS));
}

/** Only where there is no rule at all: what a person removed stays removed. */
async function settleRules(api: ApiClient, { areas }: Scene): Promise<void> {
  const city = areas.find(({ level }) => level === 'city');
  const { rules } = await api.json<{ rules: unknown[] }>('GET', '/rules');
  if (city === undefined || rules.length > 0) return;
  for (const rule of exampleRules(city.id)) await api.json('POST', '/rules', rule);
}

function asCollection(scene: Scene): object {
  return {
    type: 'FeatureCollection',
    features: scene.areas.map(({ version: _, geometry, ...properties }) => ({
      type: 'Feature',
      properties,
      geometry,
    })),
  };
}

async function settleCamera(
  api: ApiClient,
  camera: Scene['cameras'][number],
  stream: SceneStream | undefined,
): Promise<void> {
  if (stream === undefined) throw new Error(`the demo does not serve ${camera.id}`);
  const { url, user, password } = stream;
  const { hostname, port } = new URL(stream.onvif);
  const device = { host: hostname, port: Number(port), scheme: 'onvif' };
  const { id, name, area, position } = camera;
  try {
    await api.json('POST', '/cameras', {
      ...{ id, name, url, user, password, device, area, position },
      sampleFps: DEMO_FPS,
    });
  } catch (error) {
    if (faultCodeOf(error) !== 'already-exists') throw error;
    await api.json('PATCH', `/cameras/${id}`, { url, user, password, device });
    return;
  }
  await api.json('PUT', `/cameras/${id}/calibration`, { points: camera.calibration });
}
