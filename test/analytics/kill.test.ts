import { expect, it } from 'vitest';
import { closeBuckets } from '#analytics/store/close.ts';
import { readHeatMap, readSummary } from '#analytics/store/queries.ts';
import { countStored, verifyRollups } from '#analytics/store/verify.ts';
import { openRegistry } from '#models/registry/registry.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { ensureStream, openBroker } from '#system/broker.ts';
import { pause } from '#system/lifecycle.ts';
import { openStoreClient } from '#system/store-client.ts';
import { startSite, testLogger, until } from '#test/site/site.ts';
import { calibrationOf, messageOf, publish, sightingAt, untilAcknowledged } from './counting-site.ts';
import { killable, randomFrom } from './killable.ts';

const ROUNDS = 10;
const SEED = 20261123;
const HOUR_MS = 3_600_000;
const CAMERAS = ['gate-1', 'gate-2', 'gate-3'];

/** 1,500 looks with 0 to 4 sightings: half of them in an hour that is over, half in the last minutes. */
function lookStream(nowMs: number, random: () => number): DetectionMessage[] {
  const over = Math.floor(nowMs / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
  return Array.from({ length: 1500 }, (_, index) => {
    const sequence = Math.floor(index / CAMERAS.length);
    const capturedAtMs = (sequence % 2 === 0 ? over + 600_000 : nowMs - 300_000) + sequence * 400;
    const sightings = Array.from({ length: Math.floor(random() * 5) }, (_, ordinal) =>
      sightingAt(random(), 0.3 + random() * 0.7, {
        track: `t${Math.floor(sequence / 20)}x${ordinal}`.padEnd(10, '0'),
        kind: ordinal % 2 === 0 ? 'person' : 'car',
      }),
    );
    return messageOf({ camera: CAMERAS[index % CAMERAS.length]!, sequence, capturedAtMs, sightings });
  });
}

it(`stores every message once and keeps all roll-ups equal to the base, with ${ROUNDS} kills of analytics, of the store and two of the broker`, async () => {
  const random = randomFrom(SEED);
  await using site = await startSite({ batchMs: 100 });
  await using store = killable(site, 'store', 'analytics/store/main.ts');
  await using analytics = killable(site, 'analytics', 'analytics/main.ts');
  await Promise.all([store.start(), analytics.start()]);
  await using broker = await openBroker(site.config, 'site', { logger: testLogger, name: 'test' });
  await ensureStream(broker, DETECTIONS_STREAM);
  const registry = await openRegistry(broker.connection);
  for (const camera of CAMERAS) await registry.calibrations.put(camera, calibrationOf(camera));

  const nowMs = Date.now();
  const looks = lookStream(nowMs, random);
  const share = Math.ceil(looks.length / ROUNDS);
  for (let round = 0; round < ROUNDS; round++) {
    // A fifth of what was published before comes again, in other company.
    const before = looks.slice(0, round * share).filter(() => random() < 0.2);
    const mixed = [...looks.slice(round * share, (round + 1) * share), ...before].sort(() => random() - 0.5);
    await publish(broker, mixed);
    const victims = round % 3 === 0 ? [analytics, store] : random() < 0.5 ? [analytics] : [store];
    const rest = [analytics, store].filter((victim) => !victims.includes(victim));
    for (const group of [victims, rest].filter(({ length }) => length > 0)) {
      await pause(random() * 500);
      await Promise.all(group.map((victim) => victim.kill()));
      // Analytics may be killed again while it waits for a store that is starting.
      await Promise.all(group.map((victim) => victim.start()));
    }
    if (round === 3 || round === 7) {
      const { pid } = site.children.status().find(({ name }) => name === 'nats')!;
      process.kill(pid!, 'SIGKILL');
      await until('the broker is back', () =>
        broker.connection.flush().then(
          () =>
            site.children.status().some(({ name, pid: next }) => name === 'nats' && next !== pid && next !== undefined),
          () => false,
        ),
      );
    }
  }
  await untilAcknowledged({ broker }, 60_000);

  await using stack = new AsyncDisposableStack();
  const writer = stack.adopt(openStoreClient(site.config, 'writer'), (client) => client.close());
  await closeBuckets(writer, { settings: { async_insert: 0 } });
  const range = { fromMs: nowMs - 4 * HOUR_MS, toMs: nowMs + HOUR_MS };
  const sightings = looks.flatMap((look) => look.sightings);
  expect(await countStored(writer, range)).toEqual({
    messages: looks.length,
    sightings: sightings.length,
    observedMs: looks.length * 200,
    quarantined: 0,
  });
  expect(await verifyRollups(writer, range)).toEqual([]);
  const heat = await readHeatMap(writer, { ...range, kind: null, resolution: 12, measure: 'presence' });
  expect(heat.cells.reduce((sum, { value }) => sum + (value ?? 0), 0)).toBeCloseTo(sightings.length * 0.2, 6);
  const summary = await readSummary(writer, range);
  expect(summary.observedS).toBeCloseTo(looks.length * 0.2, 6);
  for (const { kind, presenceS, tracks } of summary.kinds) {
    const own = sightings.filter((sighting) => sighting.kind === kind);
    expect(presenceS).toBeCloseTo(own.length * 0.2, 6);
    expect(tracks).toBe(new Set(own.map(({ track }) => track)).size);
  }
}, 300_000);
