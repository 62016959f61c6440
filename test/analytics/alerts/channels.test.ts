import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditList } from '#models/schema/audit.ts';
import type { ChannelView, DeadLetter, Delivery } from '#models/schema/channel.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { findNatsServer } from '#system/own-broker.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { CITY } from '#test/api/small-city.ts';
import { runCli } from '#test/cli/run-cli.ts';
import { alertEvent, incidentEvent, publishEvents, SHIZHONG } from '#test/site/alert-events.ts';
import { startAlerts } from '#test/site/alerts.ts';
import { type Receiver, startReceiver } from '#test/site/receiver.ts';
import { freePort, testLogger, until } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';

const names = (receiver: Receiver) => receiver.received.map(({ body }) => /\((.*?)\)/.exec(body)?.[1]);

describe('channels', () => {
  let api: ApiSite;
  let engine: Broker;
  const opened: AsyncDisposable[] = [];
  const receive = async () => {
    const receiver = await startReceiver();
    opened.push(receiver);
    return receiver;
  };
  const add = (body: object, token = api.adminToken) => api.ask('POST', '/api/v1/channels', { token, body });
  const stateOf = async (id: string) => {
    const { channels } = (await api.ask('GET', '/api/v1/channels')).body as { channels: ChannelView[] };
    return channels.find((channel) => channel.id === id)?.state;
  };
  /** It gets what is raised from when it listens on. */
  const listening = (id: string) => until(`${id} to listen`, async () => (await stateOf(id))?.state === 'idle');
  beforeAll(async () => {
    api = await startApi({ webhookInnerAllowed: true });
    await startStore(api.site);
    await startAlerts(api.site);
    engine = await openBroker(api.config, 'analytics', { logger: testLogger, name: 'test-engine' });
    expect((await api.ask('PUT', '/api/v1/areas', { body: CITY })).status).toBe(200);
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    for (const one of opened) await one[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  it('bring a webhook its area’s alerts in order; a hanging one slows no other; what is refused can be sent again', async () => {
    const [quick, hanging] = [await receive(), await receive()];
    hanging.answers.push('hang', 'hang', 'hang');
    const made = await add({ id: 'quick', name: 'Quick', type: 'webhook', url: quick.url, area: 'lixia' });
    expect(made).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^[\w-]{32}$/) } });
    expect(made.text).not.toContain('sealed');
    await add({ id: 'hanging', name: 'Hanging', type: 'webhook', url: hanging.url, area: null });
    await listening('quick');
    await listening('hanging');
    quick.answers.push(204, 503, 204, 400);
    await publishEvents(engine, [
      alertEvent('first'),
      alertEvent('elsewhere', { areaPath: SHIZHONG }),
      incidentEvent('first'),
      alertEvent('second'),
      alertEvent('refused'),
      alertEvent('third'),
    ]);
    await until('the third', () => names(quick).includes('third'));
    expect(names(quick)).toEqual(['first', 'second', 'second', 'refused', 'third']);
    expect(names(hanging)).toEqual(['first']);
    await until('it to be seen hanging', async () => (await stateOf('hanging'))?.oldestAtMs !== undefined);
    await until('its state', async () => (await stateOf('quick'))?.delivered === 3);
    expect(await stateOf('quick')).toMatchObject({ dead: 1, backlog: 0, lastError: 'it answers 400: no such user' });

    const letters = (await api.ask('GET', '/api/v1/channels/quick/dead-letters')).body as { letters: DeadLetter[] };
    expect(letters.letters).toMatchObject([{ attempts: 1, message: 'it answers 400: no such user' }]);
    const resent = await api.ask('POST', '/api/v1/channels/quick/dead-letters/resend', { body: {} });
    expect(resent).toMatchObject({ status: 202, body: { letters: 1 } });
    await until('it to come again', () => names(quick).at(-1) === 'refused');
    await until('none to be left', () => api.context.alerting.deadLetters.list().length === 0);
    const delivered = async () => {
      const answer = await api.ask('GET', '/api/v1/channels/quick/deliveries');
      return (answer.body as { deliveries: Delivery[] }).deliveries;
    };
    await until('all on record', async () => (await delivered()).length === 6);
    expect((await delivered()).map(({ outcome, attempt }) => `${outcome} ${attempt}`).sort()).toEqual([
      'dead 1',
      'delivered 1',
      'delivered 1',
      'delivered 2',
      'delivered 2',
      'retry 1',
    ]);
  });

  it('give up nothing twice: what is discarded is gone, is not sent any more, and stands in the audit log', async () => {
    const receiver = await receive();
    await add({ id: 'refusing', name: 'Refusing', type: 'webhook', url: receiver.url, area: 'lixia' });
    await listening('refusing');
    receiver.answers.push(400, 400, 400);
    await publishEvents(engine, [alertEvent('one'), alertEvent('two'), alertEvent('three')]);
    const read = async () => {
      const answer = await api.ask('GET', '/api/v1/channels/refusing/dead-letters');
      return (answer.body as { letters: DeadLetter[] }).letters;
    };
    await until('three to be given up', async () => (await read()).length === 3);
    const [first] = await read();
    const { out } = await runCli(api, ['channel', 'letters', 'refusing']);
    expect(out).toContain('it answers 400');
    const one = await runCli(api, ['channel', 'discard', 'refusing', first!.event]);
    expect(one).toMatchObject({ code: 0, out: expect.stringContaining('1 of refusing discarded') });
    expect((await read()).map(({ event }) => event)).not.toContain(first!.event);
    const again = { body: { events: [first!.event] } };
    expect((await api.ask('POST', '/api/v1/channels/refusing/dead-letters/resend', again)).status).toBe(404);
    expect((await runCli(api, ['channel', 'discard', 'refusing'])).code).toBe(2);
    expect((await runCli(api, ['channel', 'discard', 'refusing', '--all'])).out).toContain('2 of refusing discarded');
    expect(await read()).toEqual([]);
    expect(receiver.received).toHaveLength(3);
    const audit = (await api.ask('GET', '/api/v1/audit?action=channel.change&text=isDiscarded')).body as AuditList;
    expect(audit.entries).toMatchObject([
      { channel: 'refusing', letters: 2 },
      { channel: 'refusing', letters: 1, events: [first!.event] },
    ]);
  }, 60_000);

  it('bring what was raised while the process was away', async () => {
    const receiver = await receive();
    await add({
      id: 'away',
      name: 'Away',
      type: 'webhook',
      url: receiver.url,
      area: 'lixia',
      severities: ['critical'],
    });
    await listening('away');
    const pid = api.site.children.status().find(({ name }) => name === 'alerts')?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await publishEvents(engine, [
      alertEvent('away 1', { severity: 'critical' }),
      alertEvent('not asked for'),
      alertEvent('away 2', { severity: 'critical' }),
    ]);
    await until('both, in order', () => receiver.received.length === 2);
    expect(names(receiver)).toEqual(['away 1', 'away 2']);
  });

  it('publish to an MQTT broker, where Home Assistant finds them', async () => {
    const [port, mqttPort] = [await freePort(), await freePort()];
    const path = resolve(api.config.dataDir, 'mqtt.conf');
    const folder = resolve(api.config.dataDir, 'mqtt');
    writeFileSync(
      path,
      `server_name: "theirs"\nlisten: "127.0.0.1:${port}"\njetstream { store_dir: "${folder}" }\nmqtt { listen: "127.0.0.1:${mqttPort}" }\n`,
    );
    const url = `mqtt://127.0.0.1:${mqttPort}`;
    let listener: MqttClient | undefined;
    await api.site.children.start({
      name: 'mqtt',
      command: findNatsServer(),
      args: ['--config', path],
      isReady: async () => {
        listener = await connectAsync(url, { connectTimeout: 500, reconnectPeriod: 0 }, false);
        return true;
      },
    });
    const got: { topic: string; payload: string }[] = [];
    listener?.on('message', (topic, payload) => got.push({ topic, payload: String(payload) }));
    await listener?.subscribeAsync('#', { qos: 1 });
    await add({ id: 'home', name: 'Home', type: 'mqtt', url, topic: 'city/alerts', area: null, isHomeAssistant: true });
    await listening('home');
    await publishEvents(engine, [alertEvent('over mqtt', { severity: 'critical' })]);
    await until('all of it', () => got.some(({ topic }) => topic === 'city/alerts/home-assistant'));
    const of = (topic: string) => JSON.parse(got.find((one) => one.topic === topic)?.payload ?? 'null');
    expect(of('city/alerts/jinan/lixia/_/_/_/critical')).toMatchObject({ specversion: '1.0', severity: 'critical' });
    expect(of('homeassistant/event/sharp_eyes_home/config')).toMatchObject({
      state_topic: 'city/alerts/home-assistant',
    });
    expect(of('city/alerts/home-assistant')).toMatchObject({ event_type: 'critical', camera: 'gate-1' });
    await listener?.endAsync(true);
  });

  it('are seen and changed only by those whose area it is, and may not lead inside unless that is allowed', async () => {
    const engineer = await api.enrol('chen', ['engineer'], ['lixia']);
    const body = { id: 'theirs', name: 'Theirs', type: 'mqtt', url: 'mqtt://broker.example', topic: 't' };
    expect((await add({ ...body, area: null }, engineer)).status).toBe(404);
    expect((await add({ ...body, area: 'shizhong' }, engineer)).status).toBe(404);
    expect((await add({ ...body, area: 'lixia-g1', password: 'hidden', isEnabled: false }, engineer)).status).toBe(201);
    const { channels } = (await api.ask('GET', '/api/v1/channels', { token: engineer })).body as {
      channels: ChannelView[];
    };
    expect(channels.map(({ id }) => id).sort()).toEqual(['away', 'quick', 'refusing', 'theirs']);
    expect((await api.ask('DELETE', '/api/v1/channels/hanging', { token: engineer })).status).toBe(404);
    expect((await api.ask('GET', '/api/v1/channels/hanging/dead-letters', { token: engineer })).status).toBe(404);
    expect(JSON.stringify(channels)).not.toMatch(/hidden|sealed/);
    const officer = await api.enrol('li', ['officer'], ['lixia']);
    expect((await add({ ...body, area: 'lixia' }, officer)).status).toBe(403);
  });
});
