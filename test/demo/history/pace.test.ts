import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DETECTIONS, ensureConsumer } from '#analytics/consume/messages.ts';
import { createPace, readLag } from '#demo/history/pace.ts';
import { ANALYTICS_CONSUMER, DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import { messageOf, publish } from '#test/analytics/counting-site.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';

const { signal } = new AbortController();

describe('the pace of writing a past', () => {
  let site: Site;
  let broker: Broker;
  beforeAll(async () => {
    site = await startSite();
    broker = await openBroker(site.config, 'site', { logger: testLogger, name: 'test' });
    await ensureStream(broker, DETECTIONS_STREAM);
    await ensureConsumer(broker, DETECTIONS);
  });
  afterAll(async () => {
    await broker[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  it('waits until live rows are stored, and then works', async () => {
    const lags = [3000, 900, 20];
    const pace = createPace(async () => lags.shift() ?? 0, { signal });
    expect(await pace(async () => lags.length)).toBe(0);
  });

  it('goes on at last where live rows never are', async () => {
    const pace = createPace(async () => 60_000, { signal, waitMaxMs: 300 });
    expect(await pace(async () => 'written')).toBe('written');
  });

  it('rests as long as it worked', async () => {
    const pace = createPace(async () => 0, { signal });
    const began = performance.now();
    const workedMs = await pace(async () => {
      await until('a while has passed', async () => performance.now() - began > 200);
      return performance.now() - began;
    });
    expect(performance.now() - began).toBeGreaterThan(1.9 * workedMs);
  });

  it('knows how long the oldest detection has waited to be stored', async () => {
    expect(await readLag(broker)).toBe(0);
    await publish(
      broker,
      [1, 2].map((sequence) => messageOf({ camera: 'gate', sequence, capturedAtMs: Date.now() })),
    );
    await until('it has waited a while', async () => (await readLag(broker)) > 300);
    const consumer = await broker.stream.consumers.get(DETECTIONS_STREAM.name, ANALYTICS_CONSUMER);
    for await (const message of await consumer.fetch({ max_messages: 2, expires: 2000 })) await message.ackAck();
    await until('none waits', async () => (await readLag(broker)) === 0);
  });
});
