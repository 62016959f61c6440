/** Streams on a real nats-server of ours: they are promised what they may grow to, however full the disk is when it starts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, ensureStream, openBroker, shareOfDisk } from '#system/broker.ts';
import { type Site, startSite, testLogger } from '#test/site/site.ts';

const GB = 1024 ** 3;

describe('a stream', () => {
  let site: Site;
  let broker: Broker;
  const wanted = (name: string, maxBytes: number) => ({
    ...{ name, subjects: [`${name}.>`], maxBytes },
    ...{ maxAgeS: 3600, duplicateWindowS: 60 },
  });
  const whole = () => ({ manager: broker.manager, streamShare: 1 });
  const maxBytes = async (name: string) => (await broker.manager.streams.info(name)).config.max_bytes;
  beforeAll(async () => {
    site = await startSite();
    broker = await openBroker(site.config, 'site', { logger: testLogger, name: 'test' });
  });
  afterAll(async () => {
    await broker?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  it('is made as large as it is wanted, also where less is free', async () => {
    await ensureStream(whole(), wanted('LARGE', 900 * GB));
    expect(await maxBytes('LARGE')).toBe(900 * GB);
  });

  it('for which the broker has no room says so, and what to do', async () => {
    await expect(ensureStream(whole(), wanted('TOO_LARGE', 200 * GB))).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('TOO_LARGE, which may grow to 204800 MB'),
      cure: expect.stringContaining('max_file_store'),
    });
  });

  it('that is there stays as it is where it could not grow', async () => {
    await ensureStream(whole(), wanted('SMALL', GB));
    await ensureStream(whole(), wanted('SMALL', 300 * GB));
    expect(await maxBytes('SMALL')).toBe(GB);
    await ensureStream(whole(), wanted('SMALL', 2 * GB));
    expect(await maxBytes('SMALL')).toBe(2 * GB);
  });

  it('is smaller where the whole disk is small', async () => {
    expect([3, 15, 30, 300].map((gb) => shareOfDisk(gb * GB))).toEqual([0.1, 0.5, 1, 1]);
    await ensureStream({ manager: broker.manager, streamShare: 0.1 }, wanted('SHARE', 10 * GB));
    expect(await maxBytes('SHARE')).toBe(GB);
  });
});
