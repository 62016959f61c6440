/** A place for tests of calibrating: a street camera of the city over real RTSP, and people who were seen in it. */
import { resolve } from 'node:path';
import { startRtspServer } from '#demo/rtsp/server.ts';
import { PICTURE } from '#demo/world/camera.ts';
import { toLonLat } from '#demo/world/origin.ts';
import { toCity } from '#demo/world/placement.ts';
import { loadTruth } from '#demo/world/truth/load.ts';
import { VIEWS } from '#demo/world/views.ts';
import type { Viewpoint } from '#models/schema/calibration.ts';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { ensureStream, openBroker } from '#system/broker.ts';
import { ROOT_DIR } from '#system/config.ts';
import { childOf, messageOf, publish, sightingAt } from '#test/analytics/counting-site.ts';
import { type Site, startSite, testLogger } from '#test/site/site.ts';
import { startWorker } from '#test/site/worker.ts';

const view = VIEWS.find(({ id }) => id === 'square') ?? VIEWS[0]!;
const { camera, stage } = view;
const [lon, lat] = toLonLat(toCity(stage.place, [camera.x, camera.y]));

/** As the city has built it. */
export const REAL: Viewpoint = {
  ...{ lon, lat, heightM: camera.heightM, tiltDeg: camera.pitchDeg, rollDeg: 0 },
  headingDeg: (stage.place.bearingDeg + camera.yawDeg + 720) % 360,
  fieldOfViewDeg: (2 * Math.atan(PICTURE.widthPx / 2 / camera.focalPx) * 180) / Math.PI,
  ...{ aspect: PICTURE.widthPx / PICTURE.heightPx, k1: camera.k1, k2: camera.k2 },
};

export type CalibratePlace = AsyncDisposable & {
  site: Site;
  base: string;
  signInCode: string;
  ask: (method: string, path: string, body?: unknown) => Promise<unknown>;
};

export async function startCalibratePlace(): Promise<CalibratePlace> {
  await using opening = new AsyncDisposableStack();
  const site = opening.use(await startSite({ batchMs: 200, model: 'none' }));
  const file = resolve(ROOT_DIR, 'demo/clips/square-main.mp4');
  const rtsp = opening.use(await startRtspServer({ port: 0, streams: [{ path: 'square', file }] }));
  await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
  await site.children.start(childOf(site, 'analytics', 'analytics/main.ts'));
  await site.children.start(childOf(site, 'api', 'api/main.ts'));
  await startWorker(site, 'w1');
  const base = `http://127.0.0.1:${site.config.apiPort}`;
  const { firstPassword, signInCode } = site.children.details('api');
  const signedIn = await fetch(`${base}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'admin', password: firstPassword }),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${base}/api/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json', origin: base, cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { heightM, tiltDeg, headingDeg, fieldOfViewDeg } = REAL;
  await ask('POST', 'cameras', {
    ...{ id: 'square', name: 'Square', url: rtsp.url('square'), isGated: false, position: { lon, lat } },
    // Read off a plan, and the tilt guessed.
    placement: { heightM, headingDeg: Math.round(headingDeg), tiltDeg: tiltDeg + 4, fieldOfViewDeg },
  });
  await tellPeople(site);
  const owned = opening.move();
  return {
    ...{ site, base, signInCode: String(signInCode), ask },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Half a minute of the people that the clip holds in truth, as a worker would tell it. */
async function tellPeople(site: Site): Promise<void> {
  await using broker = await openBroker(site.config, 'site', { logger: testLogger, name: 'people' });
  await ensureStream(broker, DETECTIONS_STREAM);
  const { frames, fps } = loadTruth(view, 'main');
  const beganMs = Date.now() - 60_000;
  const looks = frames
    .filter((_, index) => index % 5 === 0)
    .slice(0, 150)
    .map((agents, index) =>
      messageOf({
        ...{ camera: 'square', sequence: index + 1, capturedAtMs: beganMs + Math.round((index * 5000) / fps) },
        sightings: agents
          .filter(({ kind, part, visible }) => kind === 'person' && part === 'whole' && visible > 0.9)
          .map(({ id, box }) => ({ ...sightingAt(0, 0, { track: `person${String(id).padStart(6, '0')}` }), box })),
      }),
    );
  await publish(broker, looks);
}
