/** What workers say of cameras becomes their history, through a real broker, store and analytics that is killed. */
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addInto, availabilityOf, emptyTally, timelineOf } from '#analytics/store/availability.ts';
import { readStates } from '#analytics/store/camera-states.ts';
import { openRegistry } from '#models/registry/registry.ts';
import type { CameraState } from '#models/schema/camera.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { HEALTH_CONSUMER, HEALTH_STREAM } from '#models/wire/streams.ts';
import { healthSubject } from '#models/wire/subjects.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import { openStoreClient } from '#system/store-client.ts';
import { type Killable, killable } from '#test/analytics/killable.ts';
import { startSite, testLogger, until } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';

const MINUTE_MS = 60_000;
const AREA_PATH = ['jinan', '_', '_', '_', 'g1'];
const COUNTS = { reconnects: 0, packets: 0, decoded: 0, skipped: 0, looked: 0, dropped: 0, failed: 0, timeJumps: 0 };

describe('the history of a camera', () => {
  const stack = new AsyncDisposableStack();
  let broker: Broker;
  let reader: ClickHouseClient;
  let analytics: Killable;
  const endMs = Date.now() - MINUTE_MS;
  const startMs = endMs - 40 * MINUTE_MS;
  beforeAll(async () => {
    const site = stack.use(await startSite({ batchMs: 200 }));
    await startStore(site);
    analytics = stack.use(killable(site, 'analytics', 'analytics/main.ts'));
    await analytics.start();
    broker = stack.use(await openBroker(site.config, 'site', { logger: testLogger, name: 'test' }));
    reader = stack.adopt(openStoreClient(site.config, 'reader'), (client) => client.close());
    await ensureStream(broker, HEALTH_STREAM);
  });
  afterAll(() => stack.disposeAsync());

  const say = (camera: string, state: Partial<CameraState> & Pick<CameraState, 'state' | 'sinceMs' | 'updatedAtMs'>) =>
    broker.stream.publish(
      healthSubject(AREA_PATH, camera),
      encodeMessage({ camera, worker: 'worker-1', reasonSinceMs: state.sinceMs, ...COUNTS, ...state }),
    );

  /** As a worker does: at once at a change, then every 15 seconds. */
  async function live(camera: string, fromMs: number, toMs: number): Promise<void> {
    for (let atMs = fromMs; atMs < toMs; atMs += 15_000)
      await say(camera, { state: 'live', sinceMs: fromMs, updatedAtMs: atMs, fps: 25 });
  }
  async function down(camera: string, fromMs: number, toMs: number): Promise<void> {
    for (let atMs = fromMs; atMs < toMs; atMs += 15_000) {
      const state = atMs % 2 === 0 ? 'down' : 'connecting';
      await say(camera, { state, reason: 'camera-refused', sinceMs: atMs, ...since(fromMs), updatedAtMs: atMs });
    }
  }
  const since = (fromMs: number) => ({ downSinceMs: fromMs, reasonSinceMs: fromMs });

  const untilStored = () =>
    until('every word is acknowledged', async () => {
      const info = await broker.manager.consumers.info(HEALTH_STREAM.name, HEALTH_CONSUMER);
      return info.num_pending === 0 && info.num_ack_pending === 0;
    });

  it('loses nothing while analytics is away for ten minutes, and words that come twice change nothing', async () => {
    await live('gate-1', startMs, startMs + 5 * MINUTE_MS);
    await untilStored();
    await analytics.kill();
    await down('gate-1', startMs + 5 * MINUTE_MS, startMs + 15 * MINUTE_MS);
    await live('gate-1', startMs + 15 * MINUTE_MS, endMs);
    await live('gate-1', startMs, startMs + 5 * MINUTE_MS);
    await broker.stream.publish(healthSubject(AREA_PATH, 'gate-1'), encodeMessage({ something: 'else' }));
    await analytics.start();
    await untilStored();
    const said = await readStates(reader, { cameras: ['gate-1'], fromMs: startMs, toMs: endMs });
    const line = timelineOf(said.get('gate-1')!, { fromMs: startMs, toMs: endMs });
    expect(line.map(({ condition, reason, fromMs }) => [condition, reason, (fromMs - startMs) / MINUTE_MS])).toEqual([
      ['live', '', 0],
      ['down', 'camera-refused', 5],
      ['live', '', 15],
    ]);
    expect(availabilityOf(addInto(emptyTally(), line))).toBeCloseTo(30 / 40, 5);
  });

  it('has a hole where no worker spoke', async () => {
    await live('gate-2', startMs, startMs + 5 * MINUTE_MS);
    await live('gate-2', startMs + 25 * MINUTE_MS, endMs);
    await untilStored();
    const said = await readStates(reader, { cameras: ['gate-2'], fromMs: startMs, toMs: endMs });
    const line = timelineOf(said.get('gate-2')!, { fromMs: startMs, toMs: endMs });
    expect(line.map(({ condition }) => condition)).toEqual(['live', 'unknown', 'live']);
    expect(availabilityOf(addInto(emptyTally(), line))).toBe(1);
  });

  it('says of a camera that is switched off that it is, though no worker speaks of it', async () => {
    const camera = { id: 'gate-3', name: 'gate-3', area: null, isEnabled: false, sampleFps: 5, isGated: true };
    const registry = await openRegistry(broker.connection);
    await registry.cameras.create('gate-3', {
      ...camera,
      source: { kind: 'file', path: '/none.mp4', isLooped: true },
      ...{ fullLookIntervalS: 10, createdAtMs: 1, updatedAtMs: Date.now() - 5 * MINUTE_MS },
    });
    await analytics.kill();
    await analytics.start();
    const period = { fromMs: Date.now() - 4 * MINUTE_MS, toMs: Date.now() };
    await until('it is said', async () => {
      const said = await readStates(reader, { cameras: ['gate-3'], ...period });
      return timelineOf(said.get('gate-3')!, period).every(({ condition }) => condition === 'disabled');
    });
  });
});
