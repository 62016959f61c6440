import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Role } from '#models/schema/user.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { alertEvent, idOf, incidentEvent, publishEvents, SHIZHONG } from '#test/site/alert-events.ts';
import { startAlerts } from '#test/site/alerts.ts';
import { testLogger, until } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';
import { type ApiSite, startApi } from './api-site.ts';
import { CITY } from './small-city.ts';

/** A door to the alert `there` (of shizhong) and `here` (of lixia): what each answers to somebody of lixia, by role. */
type Door = { name: string; open: (at: 'here' | 'there', token: string) => Promise<number>; roles: readonly Role[] };

const READERS: Role[] = ['administrator', 'engineer', 'analyst', 'officer'];
const AREAS = { here: 'lixia', there: 'shizhong' } as const;

describe('every door to alerts', () => {
  let api: ApiSite;
  let engine: Broker;
  const tokens = new Map<Role, string>();
  const ask = async (method: string, path: string, { token, body }: { token: string; body?: object }) =>
    (await api.ask(method, `/api/v1${path}`, { token, ...(body === undefined ? {} : { body }) })).status;
  const get = (path: (at: 'here' | 'there') => string) => (at: 'here' | 'there', token: string) =>
    ask('GET', path(at), { token });

  async function openSocket(at: 'here' | 'there', token: string): Promise<number> {
    const url = `${api.url.replace('http', 'ws')}/api/v1/alert-socket?area=${AREAS[at]}`;
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
    const opened = once(socket, 'open').then(() => 200);
    const refused = once(socket, 'unexpected-response').then(
      ([, response]) => (response as { statusCode: number }).statusCode,
    );
    opened.catch(() => {});
    refused.catch(() => {});
    const status = await Promise.race([opened, refused]);
    socket.on('error', () => {}).terminate();
    return status;
  }

  async function openStream(at: 'here' | 'there', token: string): Promise<number> {
    const stop = new AbortController();
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${api.url}/api/v1/alert-stream?area=${AREAS[at]}`, { headers, signal: stop.signal });
    stop.abort();
    return answer.status;
  }

  const DOORS: Door[] = [
    { name: 'the list', open: get((at) => `/alerts?area=${AREAS[at]}`), roles: READERS },
    { name: 'one alert', open: get((at) => `/alerts/${idOf(at)}`), roles: READERS },
    { name: 'why', open: get((at) => `/alerts/${idOf(at)}/why`), roles: READERS },
    { name: 'CAP', open: get((at) => `/alerts/${idOf(at)}/cap`), roles: ['administrator', 'analyst', 'officer'] },
    { name: 'incidents', open: get((at) => `/incidents?area=${AREAS[at]}`), roles: READERS },
    { name: 'one incident', open: get((at) => `/incidents/${idOf(at)}`), roles: READERS },
    {
      name: 'work',
      open: (at, token) => ask('POST', `/incidents/${idOf(at)}/work`, { token, body: { state: 'acknowledged' } }),
      roles: ['administrator', 'officer'],
    },
    { name: 'server-sent events', open: openStream, roles: READERS },
    { name: 'the WebSocket', open: openSocket, roles: READERS },
    {
      name: 'NATS',
      open: (at, token) => ask('POST', '/subscriptions', { token, body: { name: 'test', area: AREAS[at] } }),
      roles: ['administrator', 'officer'],
    },
    {
      name: 'channels',
      open: (at, token) =>
        ask('POST', '/channels', {
          token,
          body: {
            name: 'test',
            type: 'mqtt',
            url: 'mqtt://broker.example',
            topic: 't',
            area: AREAS[at],
            isEnabled: false,
          },
        }),
      roles: ['administrator', 'engineer'],
    },
  ];

  beforeAll(async () => {
    api = await startApi();
    await startStore(api.site);
    await startAlerts(api.site);
    engine = await openBroker(api.config, 'analytics', { logger: testLogger, name: 'test-engine' });
    expect((await api.ask('PUT', '/api/v1/areas', { body: CITY })).status).toBe(200);
    const roles: Role[] = ['administrator', 'operator', 'engineer', 'analyst', 'officer'];
    for (const role of roles) tokens.set(role, await api.enrol(`lixia-${role}`, [role], ['lixia']));
    const events = [
      ...[alertEvent('here'), incidentEvent('here')],
      ...[alertEvent('there', { areaPath: SHIZHONG }), incidentEvent('there', { areaPath: SHIZHONG })],
    ];
    await publishEvents(engine, events);
    await until(
      'both to be stored',
      async () => (await ask('GET', `/incidents/${idOf('there')}`, { token: api.adminToken })) === 200,
    );
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  it.each(DOORS)('$name: opens to the roles that may, for their own area alone', async ({ open, roles }) => {
    for (const [role, token] of tokens) {
      const [here, there] = [await open('here', token), await open('there', token)];
      const isMember = roles.includes(role);
      expect(`${role} here ${here < 300 ? 'in' : here}`).toBe(`${role} here ${isMember ? 'in' : 403}`);
      expect(`${role} there ${there}`).toBe(`${role} there ${isMember ? 404 : 403}`);
    }
  });

  it('SQL: closed to everybody whose areas are limited, since a free query cannot be', async () => {
    for (const [, token] of tokens) {
      expect(await ask('POST', '/sql', { token, body: { query: 'SELECT * FROM alert_log' } })).toBe(403);
    }
  });
});
