/** A real nats-server that has gone deaf: stopped by a signal, which to whoever asks is what a full disk leaves of it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureStream, openBroker } from '#system/broker.ts';
import { watchOwnBroker } from '#system/broker-watch.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.[Symbol.asyncDispose]());

it('is started again, with what it had', async () => {
  const { config, children } = site;
  const nats = () => children.status().find(({ name }) => name === 'nats')!;
  const open = () => openBroker(config, 'site', { logger: testLogger, name: 'test' });
  const stream = { name: 'KEPT', subjects: ['kept.>'], maxBytes: 1024 ** 2, maxAgeS: 3600, duplicateWindowS: 60 };
  await using before = await open();
  await ensureStream(before, stream);
  await before.stream.publish('kept.one', 'here');
  const timing = { everyMs: 100, deafAfterMs: 1000, graceMs: 300 };
  await using _watch = watchOwnBroker(config, { children, logger: testLogger, timing });
  const { pid } = nats();
  const beganAtMs = Date.now();
  await until('some questions to be answered', () => Date.now() - beganAtMs > 2 * timing.deafAfterMs);
  expect(nats().pid).toBe(pid);
  process.kill(pid!, 'SIGSTOP');
  await until('another one runs', () => nats().pid !== undefined && nats().pid !== pid);
  await using after = await open();
  await until('its streams are there', async () => (await after.manager.streams.info('KEPT')).state.messages === 1);
});
