import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubscriptionMade } from '#models/schema/subscription.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { readSubscribers, writeSubscribers } from '#system/broker-subscribers.ts';
import { alertEvent, publishEvents, SHIZHONG } from '#test/site/alert-events.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';
import { CITY } from './small-city.ts';

const STREAM = 'SHARPEYES_ALERTS';
const MINE = 'sharpeyes.alerts.*.lixia.>';

describe('a subscription over NATS', () => {
  let api: ApiSite;
  let engine: Broker;
  let made: SubscriptionMade;
  let connection: NatsConnection;
  const subscribe = (body: object, token = api.adminToken) => api.ask('POST', '/api/v1/subscriptions', { body, token });
  const open = ({ user, password, inboxPrefix }: SubscriptionMade) =>
    connect({
      servers: `nats://127.0.0.1:${api.config.natsPort}`,
      user,
      pass: password,
      inboxPrefix,
      reconnect: false,
    });
  beforeAll(async () => {
    api = await startApi();
    engine = await openBroker(api.config, 'analytics', { logger: testLogger, name: 'test-engine' });
    expect((await api.ask('PUT', '/api/v1/areas', { body: CITY })).status).toBe(200);
    const officer = await api.enrol('wang', ['officer'], ['lixia']);
    const answer = await subscribe({ name: 'Screen in the hall', area: 'lixia' }, officer);
    expect(answer.status).toBe(201);
    made = answer.body as SubscriptionMade;
    expect((await subscribe({ name: 'Beyond', area: 'shizhong' }, officer)).status).toBe(404);
    expect((await subscribe({ name: 'Beyond', area: null }, officer)).status).toBe(404);
    connection = await open(made);
  });
  afterAll(async () => {
    await connection?.close();
    await engine[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  it('brings its area’s alerts live, and to a durable consumer from a sequence on, after it was away', async () => {
    const live: string[] = [];
    connection.subscribe(MINE, { callback: (_error, message) => void live.push(message.subject) });
    await connection.flush();
    const [first] = await publishEvents(engine, [
      alertEvent('one'),
      alertEvent('there', { areaPath: SHIZHONG }),
      alertEvent('two'),
    ]);
    await until('both', () => live.length === 2);
    const manager = await jetstreamManager(connection, { checkAPI: false });
    await manager.consumers.add(STREAM, {
      durable_name: made.user,
      name: made.user,
      filter_subject: MINE,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: first ?? 0,
    });
    const consume = async (count: number) => {
      const consumer = await jetstream(connection).consumers.get(STREAM, made.user);
      const texts: string[] = [];
      for await (const message of await consumer.fetch({ max_messages: count, expires: 3000 })) {
        texts.push(/\((.*?)\)/.exec(message.string())?.[1] ?? '');
        message.ack();
        if (texts.length === count) break;
      }
      return texts;
    };
    expect(await consume(2)).toEqual(['one', 'two']);
    await connection.flush();
    await connection.close();
    await publishEvents(engine, [alertEvent('while away'), alertEvent('there again', { areaPath: SHIZHONG })]);
    connection = await open(made);
    expect(await consume(1)).toEqual(['while away']);
  });

  /** What is asked with a payload; the broker never answers what it does not let through. */
  const ask = async (subject: string, payload: object | string = '') => {
    const refused = Promise.withResolvers<string>();
    void (async () => {
      for await (const status of connection.status())
        if (status.type === 'error') refused.resolve(String(status.error));
    })();
    const answer = connection
      .request(subject, typeof payload === 'string' ? payload : JSON.stringify(payload), { timeout: 20_000 })
      .then((reply) => reply.string())
      .catch((error: Error) => `refused: ${error.message}`);
    return await Promise.race([answer, refused.promise.then((said) => `refused: ${said}`)]);
  };

  const create = (name: string, filter: string) => ({
    stream_name: STREAM,
    config: { name, durable_name: name, filter_subject: filter, ack_policy: 'explicit' },
    action: '',
  });
  const name = () => made.user;

  it.each<[string, () => [string, object | string]]>([
    [
      'a neighbour’s area',
      () => [
        `$JS.API.CONSUMER.CREATE.${STREAM}.${name()}.sharpeyes.alerts.*.shizhong.>`,
        create(name(), 'sharpeyes.alerts.*.shizhong.>'),
      ],
    ],
    [
      'everything',
      () => [`$JS.API.CONSUMER.CREATE.${STREAM}.${name()}.sharpeyes.alerts.>`, create(name(), 'sharpeyes.alerts.>')],
    ],
    [
      'everything behind its own subject',
      () => [`$JS.API.CONSUMER.CREATE.${STREAM}.${name()}-2.${MINE}`, create(`${name()}-2`, 'sharpeyes.alerts.>')],
    ],
    [
      'no filter behind its own subject',
      () => [
        `$JS.API.CONSUMER.CREATE.${STREAM}.${name()}-2.${MINE}`,
        { stream_name: STREAM, config: { name: `${name()}-2`, durable_name: `${name()}-2`, ack_policy: 'explicit' } },
      ],
    ],
    [
      'its consumer changed to everything',
      () => [`$JS.API.CONSUMER.CREATE.${STREAM}.${name()}.${MINE}`, create(name(), 'sharpeyes.alerts.>')],
    ],
    ['a consumer without a filter', () => [`$JS.API.CONSUMER.CREATE.${STREAM}.${name()}`, create(name(), '')]],
    [
      'an ephemeral of old',
      () => [`$JS.API.CONSUMER.CREATE.${STREAM}`, { stream_name: STREAM, config: { ack_policy: 'none' } }],
    ],
    ['a durable of old', () => [`$JS.API.CONSUMER.DURABLE.CREATE.${STREAM}.${name()}`, create(name(), '')]],
    ['a message by its number', () => [`$JS.API.STREAM.MSG.GET.${STREAM}`, { seq: 2 }]],
    ['a message directly', () => [`$JS.API.DIRECT.GET.${STREAM}`, { seq: 2 }]],
    [
      'the last message of a subject',
      () => [`$JS.API.DIRECT.GET.${STREAM}.sharpeyes.alerts.jinan.shizhong._._._.major`, ''],
    ],
    ['the stream’s subjects', () => [`$JS.API.STREAM.INFO.${STREAM}`, { subjects_filter: '>' }]],
    ['the stream emptied', () => [`$JS.API.STREAM.PURGE.${STREAM}`, '']],
    ['another’s consumer', () => [`$JS.API.CONSUMER.MSG.NEXT.${STREAM}.alerts-store`, '1']],
    ['another bucket', () => [`$JS.API.DIRECT.GET.KV_sharpeyes_users.$KV.sharpeyes_users.admin`, '']],
    ['an alert of its own', () => ['sharpeyes.alerts.jinan.lixia._._._.major', '{}']],
    ['the processes', () => ['sharpeyes.control.health', '']],
  ])('refuses %s', async (_what, asked) => {
    const [subject, payload] = asked();
    const answer = await ask(subject, payload);
    expect(answer).toMatch(/refused|"error"/);
    expect(answer).not.toContain('specversion');
  });

  it('reads no other inboxes, and nothing beyond its subject', async () => {
    for (const subject of [
      '_INBOX_api.>',
      '_INBOX.>',
      '>',
      'sharpeyes.alerts.>',
      'sharpeyes.alerts.*.shizhong.>',
      'sharpeyes.detections.>',
    ]) {
      const refused = Promise.withResolvers<string>();
      const subscription = connection.subscribe(subject, {
        callback: (error) => void (error !== null && refused.resolve(error.message)),
      });
      expect(await refused.promise, subject).toMatch(/permissions violation/i);
      subscription.unsubscribe();
    }
    const consumers = [];
    const site = await openBroker(api.config, 'site', { logger: testLogger, name: 'test-site' });
    for await (const { name: known, config } of site.manager.consumers.list(STREAM))
      consumers.push([known, config.filter_subject]);
    await site[Symbol.asyncDispose]();
    expect(consumers.filter(([known]) => known?.startsWith(made.user))).toEqual([[made.user, MINE]]);
  });

  it('ends when it expires, and when it is taken away', async () => {
    const closed = connection.closed();
    const [subscriber] = readSubscribers(api.config);
    writeSubscribers(api.config, [{ ...(subscriber as never as object), expiresAtMs: Date.now() + 600 } as never]);
    await closed;
    await expect(open(made)).rejects.toThrow();

    const other = (await subscribe({ name: 'Another', area: null })).body as SubscriptionMade;
    const second = await open(other);
    const ended = second.closed();
    expect((await api.ask('DELETE', `/api/v1/subscriptions/${other.user}`)).status).toBe(204);
    await ended;
    await expect(open(other)).rejects.toThrow();
  });
});
