/** A real nats-server that has gone deaf: stopped by a signal, which to whoever asks is what a full disk leaves of it. */
import { pino } from 'pino';
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
  const timing = { everyMs: 200, missesMax: 5, graceMs: 300 };
  const said: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void said.push(line) });
  const hasSaid = (words: string) => said.some((line) => line.includes(words));
  await using _watch = watchOwnBroker(config, { children, logger, timing });
  const { pid } = nats();
  // One that was not heard yet is given all its time.
  await until('it to be heard', () => hasSaid('broker well'));
  process.kill(pid!, 'SIGSTOP');
  await until('another one runs', () => nats().pid !== undefined && nats().pid !== pid);
  await using after = await open();
  expect(hasSaid('broker deaf')).toBe(true);
  await until('its streams are there', async () => (await after.manager.streams.info('KEPT')).state.messages === 1);
});
