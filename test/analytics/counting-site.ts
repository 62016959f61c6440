/** A site that counts: broker, store and analytics as real processes, and what a test needs to feed and read them. */
import { resolve } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { solveCalibration } from '#models/registry/homography.ts';
import { openRegistry, type Registry } from '#models/registry/registry.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Area } from '#models/schema/area.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import type { DetectionMessage, Sighting } from '#models/schema/detection.ts';
import { encodeMessage, messageId } from '#models/wire/codec.ts';
import { ANALYTICS_CONSUMER, DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { detectionsSubject } from '#models/wire/subjects.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import type { ChildSpec } from '#system/children.ts';
import { type Config, ROOT_DIR } from '#system/config.ts';
import { openStoreClient } from '#system/store-client.ts';
import { PATIENCE_MS, type Site, startSite, testLogger, until } from '#test/site/site.ts';

export type CountingSite = AsyncDisposable & {
  site: Site;
  /** As `site`, who may publish anything. */
  broker: Broker;
  registry: Registry;
  writer: ClickHouseClient;
  reader: ClickHouseClient;
};

export const childOf = (site: Site, name: string, main: string): ChildSpec => ({
  name,
  command: process.execPath,
  args: [resolve(ROOT_DIR, main)],
  env: site.env,
});

export async function startCountingSite(values: Partial<Config> = {}): Promise<CountingSite> {
  const stack = new AsyncDisposableStack();
  try {
    const site = stack.use(await startSite({ batchMs: 200, ...values }));
    await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
    await site.children.start(childOf(site, 'analytics', 'analytics/main.ts'));
    const broker = stack.use(await openBroker(site.config, 'site', { logger: testLogger, name: 'test' }));
    const writer = stack.adopt(openStoreClient(site.config, 'writer'), (client) => client.close());
    const reader = stack.adopt(openStoreClient(site.config, 'reader'), (client) => client.close());
    await ensureStream(broker, DETECTIONS_STREAM);
    const registry = await openRegistry(broker.connection);
    const owned = stack.move();
    return { site, broker, registry, writer, reader, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** A made-up square of 200 m with a camera over its middle; east and north in metres from the middle. */
export const SQUARE = tangentPlane(117.0009, 36.6758);

/** Looks north and down so that the ground from 10 to 50 m north fills the picture; x spans 10 m near, 40 m far. */
export function calibrationOf(camera: string, version = 1, shiftEast = 0): Calibration {
  const at = (x: number, y: number, east: number, north: number) => {
    const [lon, lat] = SQUARE.toDegrees(east + shiftEast, north);
    return { x, y, lon, lat };
  };
  const points = [at(0, 1, -5, 10), at(1, 1, 5, 10), at(0, 0.2, -20, 50), at(1, 0.2, 20, 50)];
  return solveCalibration({ camera, version, points, createdAtMs: 1 });
}

export function areaOf(id: string, level: Area['level'], parent: string | null, size: number): Area {
  const corner = (east: number, north: number) => SQUARE.toDegrees(east, north);
  const ring = [
    corner(-size, -size),
    corner(size, -size),
    corner(size, size),
    corner(-size, size),
    corner(-size, -size),
  ];
  return { id, name: id, level, parent, geometry: { type: 'Polygon', coordinates: [ring] }, version: 1 };
}

/** A small box whose lower edge's middle is at the given fractions of the picture. */
export function sightingAt(x: number, y: number, values: Partial<Sighting> = {}): Sighting {
  const box: Sighting['box'] = [x - 0.01, y - 0.1, 0.02, 0.1];
  return { track: 'track00000001', kind: 'person', score: 0.9, box, presenceMs: 200, isHeld: false, ...values };
}

type Wanted = Partial<DetectionMessage> & Pick<DetectionMessage, 'camera' | 'sequence' | 'capturedAtMs'>;

/** A look of 200 ms with the given sightings. */
export function messageOf(wanted: Wanted): DetectionMessage {
  const { camera, sequence, capturedAtMs, revision = 1 } = wanted;
  return {
    version: 1,
    id: messageId(camera, revision, sequence),
    revision,
    areaPath: ['_', '_', '_', '_', '_'],
    model: 'test',
    receivedAtMs: capturedAtMs + 20,
    watchedFromMs: capturedAtMs,
    watchedToMs: capturedAtMs + 200,
    looks: 1,
    sightings: [],
    ...wanted,
  };
}

/** Publishes without a message id: nothing that the broker knows protects from repeats. */
export async function publish(broker: Broker, messages: readonly DetectionMessage[]): Promise<void> {
  for (let start = 0; start < messages.length; start += 200) {
    await Promise.all(
      messages
        .slice(start, start + 200)
        .map((message) =>
          broker.stream.publish(detectionsSubject(message.areaPath, message.camera), encodeMessage(message)),
        ),
    );
  }
}

/** Waits until everything published is stored, rolled up and acknowledged. */
export async function untilAcknowledged(
  { broker }: Pick<CountingSite, 'broker'>,
  timeoutMs = PATIENCE_MS,
): Promise<void> {
  await until(
    'every message is acknowledged',
    async () => {
      const info = await broker.manager.consumers
        .info(DETECTIONS_STREAM.name, ANALYTICS_CONSUMER)
        .catch(() => undefined);
      return info?.num_pending === 0 && info.num_ack_pending === 0;
    },
    timeoutMs,
  );
}
