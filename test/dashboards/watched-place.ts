/** A place for tests of the page: one grid, two cameras, and a minute of looks that travel the way a worker's do. */
import { openRegistry } from '#models/registry/registry.ts';
import type { CameraState } from '#models/schema/camera.ts';
import type { DetectionMessage, Sighting } from '#models/schema/detection.ts';
import { encodeMessage, messageId } from '#models/wire/codec.ts';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { detectionsSubject } from '#models/wire/subjects.ts';
import { ensureStream, openBroker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import { testLogger } from '#test/site/site.ts';

const [WEST, SOUTH] = [117.03, 36.66];
const SPAN = 0.0012;
const LOOKS = 60;
const LOOK_MS = 1000;
const AREA_PATH = ['_', '_', '_', '_', 'grid-1'];

export const PLACE = { lon: WEST + SPAN / 2, lat: SOUTH + SPAN / 2 };

const corner = (east: number, north: number) => [WEST + SPAN * east, SOUTH + SPAN * north];

export const AREAS = {
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { id: 'grid-1', name: 'Grid One', level: 'grid', parent: null, households: 320 },
      geometry: {
        type: 'Polygon',
        coordinates: [[corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1), corner(0, 0)]],
      },
    },
  ],
};

/** The picture's corners lie on a rectangle of about 40 m around the place. */
const point = (x: number, y: number) => ({
  x,
  y,
  lon: PLACE.lon + (x - 0.5) * 0.00045,
  lat: PLACE.lat + (0.5 - y) * 0.00036,
});

export const CALIBRATION = { points: [point(0, 0), point(1, 0), point(1, 1), point(0, 1)] };

export const CAMERAS = [
  { id: 'gate', name: 'North Gate', url: 'rtsp://127.0.0.1:9/gate', area: 'grid-1', position: PLACE },
  {
    id: 'yard',
    name: 'South Yard',
    url: 'rtsp://127.0.0.1:9/yard',
    area: 'grid-1',
    position: { lon: PLACE.lon + 0.0004, lat: PLACE.lat - 0.0003 },
  },
];

/** Where the parked car's wheels touch the ground: the middle of its box's lower edge. */
export const PARKED = point(0.7, 0.75);

const NO_COUNTS = { reconnects: 0, packets: 0, decoded: 0, skipped: 0, looked: 0, dropped: 0, failed: 0, timeJumps: 0 };

const states = (nowMs: number): CameraState[] => [
  {
    ...{ camera: 'gate', state: 'live', sinceMs: nowMs, updatedAtMs: nowMs, worker: 'worker-1', ...NO_COUNTS },
    ...{ codec: 'h264', fps: 25, width: 1920, height: 1080, isGateOpen: true },
  },
  {
    ...{ camera: 'yard', state: 'down', sinceMs: nowMs, updatedAtMs: nowMs, worker: 'worker-1', ...NO_COUNTS },
    reason: 'camera-refused',
    message: 'the camera at 127.0.0.1 refused the connection',
    cure: 'See that the address and port are right and RTSP is switched on.',
  },
];

function sightingsAt(look: number): Sighting[] {
  const common = { score: 0.9, presenceMs: LOOK_MS, isHeld: false };
  return [
    { ...common, track: 'walker01', kind: 'person', box: [0.1 + (0.7 * look) / LOOKS, 0.4, 0.05, 0.2] },
    { ...common, track: 'parked01', kind: 'car', box: [0.6, 0.6, 0.2, 0.15] },
  ];
}

function messageOf(look: number, fromMs: number): DetectionMessage {
  const capturedAtMs = fromMs + look * LOOK_MS;
  return {
    version: 1,
    id: messageId('gate', 1, look),
    ...{ camera: 'gate', revision: 1, sequence: look, areaPath: AREA_PATH, model: 'test', looks: 1 },
    ...{ capturedAtMs, receivedAtMs: capturedAtMs, watchedFromMs: capturedAtMs, watchedToMs: capturedAtMs + LOOK_MS },
    sightings: sightingsAt(look),
  };
}

const STATES_EVERY_MS = 3000;

/** Publishes a minute of looks that ends now, then one look a second, and the states as often as a worker does. */
export async function playWorker(config: Config, signal: AbortSignal): Promise<void> {
  await using broker = await openBroker(config, 'ingest', { logger: testLogger, name: 'test-worker' });
  await ensureStream(broker, DETECTIONS_STREAM);
  const registry = await openRegistry(broker.connection);
  const fromMs = Date.now() - LOOKS * LOOK_MS;
  let toldAtMs = 0;
  for (let look = 0; !signal.aborted; look++) {
    if (Date.now() - toldAtMs >= STATES_EVERY_MS) {
      toldAtMs = Date.now();
      for (const state of states(toldAtMs)) await registry.states.put(state.camera, state);
    }
    const message = messageOf(look, fromMs);
    if (message.capturedAtMs > Date.now()) {
      await new Promise((done) => setTimeout(done, 100));
      look--;
      continue;
    }
    await broker.stream.publish(detectionsSubject(AREA_PATH, 'gate'), encodeMessage(message), { msgID: message.id });
  }
}
