import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { followAlerts } from '#api/alerts/follow.ts';
import { serveEvents } from '#api/alerts/server-sent.ts';
import type { StreamEvent } from '#models/schema/alert.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import { ALERTS_ALL } from '#models/wire/subjects.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { alertEvent, idOf, incidentEvent, publishEvents, SHIZHONG } from '#test/site/alert-events.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';
import { type EventReader, readEvents } from './event-reader.ts';
import { CITY } from './small-city.ts';

describe('the stream of alerts', () => {
  let api: ApiSite;
  let engine: Broker;
  let officer: string;
  const open = (query = '', token = api.adminToken, headers: Record<string, string> = {}) =>
    readEvents(`${api.url}/api/v1/alert-stream${query}`, token, headers);
  const publish = (...events: StreamEvent[]) => publishEvents(engine, events);
  const told = (reader: EventReader, type = 'alert') =>
    reader.of('message').filter(({ data }) => (data as StreamEvent).type.includes(`.${type}.`));
  const names = (reader: EventReader) =>
    told(reader).map(({ data }) => /\((.*)\)$/.exec((data as { data: { text: string } }).data.text)?.[1]);
  beforeAll(async () => {
    api = await startApi();
    engine = await openBroker(api.config, 'analytics', { logger: testLogger, name: 'test-engine' });
    expect((await api.ask('PUT', '/api/v1/areas', { body: CITY })).status).toBe(200);
    officer = await api.enrol('wang', ['officer'], ['lixia']);
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  it('brings what is raised, as CloudEvents with the sequence as id, to those whose area it is', async () => {
    const [all, own] = [await open(), await open('', officer)];
    const event = alertEvent('here');
    const [here, there] = await publish(event, alertEvent('there', { areaPath: SHIZHONG }));
    await publish(incidentEvent('here'));
    await until('all', () => told(all, 'incident').length === 1 && told(own, 'incident').length === 1);
    expect(told(all).map(({ id }) => id)).toEqual([here, there]);
    expect(names(own)).toEqual(['here']);
    expect(told(own)[0]?.data).toEqual(event);
    for (const reader of [all, own]) reader.close();
  });

  it('has told of what can be opened at once, before anything stored it, by those whose area it is', async () => {
    const reader = await open();
    const event = alertEvent('at once', { areaPath: SHIZHONG });
    await publish(event);
    await until('it', () => told(reader).length === 1);
    const path = `/api/v1/alerts/${idOf('at once')}`;
    expect((await api.ask('GET', path)).body).toEqual(event.data);
    expect((await api.ask('GET', path, { token: officer })).status).toBe(404);
    reader.close();
  });

  it('sifts by area, severity and type', async () => {
    const reader = await open('?area=shizhong&severity=critical,info&types=alert');
    await publish(
      alertEvent('critical', { areaPath: SHIZHONG, severity: 'critical' }),
      alertEvent('major', { areaPath: SHIZHONG, severity: 'major' }),
      alertEvent('elsewhere', { severity: 'critical' }),
      incidentEvent('not asked for', { areaPath: SHIZHONG, severity: 'critical' }),
      alertEvent('info', { areaPath: SHIZHONG, severity: 'info' }),
    );
    await until('both', () => reader.of('message').length === 2);
    expect(names(reader)).toEqual(['critical', 'info']);
    reader.close();
  });

  it('goes on behind Last-Event-ID without a gap and without doubling, however much lies between', async () => {
    const first = await open('', officer);
    await publish(alertEvent('before'));
    await until('it', () => first.of('message').length === 1);
    const last = first.of('message')[0]?.id ?? 0;
    first.close();
    // While they are away more is raised than the replay fetches at once, and a part of it elsewhere.
    const missed = Array.from({ length: 450 }, (_, index) => `missed-${index}`);
    await publish(...missed.map((name, index) => alertEvent(name, index % 3 === 0 ? { areaPath: SHIZHONG } : {})));
    const mine = missed.filter((_, index) => index % 3 !== 0);
    // From an API whose memory begins now: it must read the stream.
    api.context.alerts.ring.reset(api.context.alerts.ring.head());
    const second = await open('', officer, { 'last-event-id': String(last) });
    await publish(alertEvent('after'));
    await until('all of it', () => second.of('message').length === mine.length + 1);
    expect(names(second)).toEqual([...mine, 'after']);
    second.close();
  });

  it('begins at a time, and says what the stream keeps no longer', async () => {
    const sinceMs = Date.now();
    await publish(alertEvent('since then'));
    const reader = await open(`?since=${sinceMs}`, officer);
    await until('it', () => reader.of('message').length === 1);
    expect(names(reader)).toEqual(['since then']);
    reader.close();
    const site = await openBroker(api.config, 'site', { logger: testLogger, name: 'test-site' });
    await site.manager.streams.purge(ALERTS_STREAM.name, { seq: 100 });
    await site[Symbol.asyncDispose]();
    api.context.alerts.ring.reset(api.context.alerts.ring.head());
    const late = await open('?since=5');
    await until('the gap', () => late.of('gap').length === 1);
    expect(late.of('gap')[0]?.data).toEqual({ from: 6, to: 99 });
    await until('what is left', () => late.of('message').length > 300);
    late.close();
  });

  it('refuses what reaches beyond the asker’s areas, and writes it down', async () => {
    const answer = await api.ask('GET', '/api/v1/alert-stream?area=shizhong', { token: officer });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/api/v1/alert-socket?area=shizhong`, {
      headers: { authorization: `Bearer ${officer}` },
    });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(404);
    socket.on('error', () => {}).terminate();
    const engineer = await api.enrol('an-operator', ['operator']);
    expect((await api.ask('GET', '/api/v1/alert-stream', { token: engineer })).status).toBe(403);
    expect(await api.ask('GET', '/api/v1/alert-stream', { headers: { 'last-event-id': 'x' } })).toMatchObject({
      status: 400,
      body: { code: 'invalid-value' },
    });
  });

  it('ends with the sign-in, and says where to go on', async () => {
    const { secret } = await api.context.sessions.issue('wang', { purpose: 'api', name: 'short', lifeMs: 1500 });
    const reader = await open('', secret);
    const [sequence] = await publish(alertEvent('the last one'));
    await reader.ended;
    expect(names(reader)).toEqual(['the last one']);
    expect(reader.of('end')[0]?.data).toMatchObject({
      code: 'unauthenticated',
      detail: 'the sign-in expired',
      sequence,
    });
  });

  it('brings the same over a WebSocket, from a sequence on', async () => {
    const [first] = await publish(alertEvent('socket 1'), alertEvent('socket 2'));
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/api/v1/alert-socket?since=${(first ?? 0) - 1}`, {
      headers: { authorization: `Bearer ${officer}` },
    });
    const messages: { sequence: number; event: StreamEvent }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    await once(socket, 'open');
    await publish(alertEvent('socket 3'));
    await until('three', () => messages.length === 3);
    expect(messages.map(({ event }) => (event.data as { text: string }).text.slice(-9, -1))).toEqual([
      'socket 1',
      'socket 2',
      'socket 3',
    ]);
    expect(messages[0]?.sequence).toBe(first);
    const closing = once(socket, 'close');
    await api.ask('PATCH', '/api/v1/users/wang', { body: { name: 'Wang' } });
    const [code] = (await closing) as [number];
    expect(code).toBe(4401);
    expect(messages.at(-1)).toMatchObject({ end: { code: 'unauthenticated', detail: 'the user was changed' } });
  });

  it('lets a subscriber go that takes nothing, and no other waits for it', async () => {
    const url = new URL(`${api.url}/api/v1/alert-stream?types=evidence`);
    const lazy = connect(Number(url.port), url.hostname);
    lazy.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${api.adminToken}\r\n\r\n`,
    );
    await once(lazy, 'readable');
    const quick = await open('', officer);
    await publish(alertEvent('beside a lazy one'));
    await until('it', () => quick.of('message').length === 1);
    quick.close();
    lazy.destroy();

    // The same with a reader in this process, whose patience is short.
    const { alerts: hub } = api.context;
    const filter = { areas: [], severities: undefined, kinds: undefined, subject: ALERTS_ALL };
    const after = hub.ring.head();
    const follower = followAlerts(after, { broker: api.broker, hub, filter, logger: testLogger });
    const options = {
      hub,
      beginning: { after },
      signal: new AbortController().signal,
      onSent: () => {},
      patienceMs: 100,
    };
    const body = serveEvents(follower, options);
    const many = Array.from({ length: 400 }, (_, index) => alertEvent(`many-${index}`));
    const sequences = await publish(...many);
    await until('it to be full', () => body.readableLength > 64 * 1024);
    await until('its end', () => body.readableEnded || body.readableLength > 0);
    const waitingBytes = body.readableLength;
    expect(waitingBytes).toBeLessThan(200 * 1024);
    await new Promise<void>((resolve) => setTimeout(resolve, 150));
    let text = '';
    for await (const chunk of body) text += String(chunk);
    const end = JSON.parse(/event: end\ndata: (.*)\n/.exec(text)?.[1] ?? '{}') as { code: string; sequence: number };
    expect(end.code).toBe('alert-stream-slow');
    // What it was given ends where it is told to go on.
    const given = [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
    expect(given).toEqual(sequences.filter((sequence) => sequence <= end.sequence));
  });
});
