import { DOMParser } from '@xmldom/xmldom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAlertRegistry } from '#models/registry/registry.ts';
import type { AlertPage } from '#models/schema/alert-query.ts';
import type { AlertWhy, IncidentList, IncidentView } from '#models/schema/alert-view.ts';
import type { Rule } from '#models/schema/rule.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { openStoreClient } from '#system/store-client.ts';
import { alertEvent, alertOf, idOf, incidentEvent, publishEvents, SHIZHONG } from '#test/site/alert-events.ts';
import { startAlerts } from '#test/site/alerts.ts';
import { testLogger, until } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';
import { type ApiSite, startApi } from './api-site.ts';
import { readEvents } from './event-reader.ts';
import { CITY } from './small-city.ts';

const BASE_MS = Date.now() - 3600_000;

describe('alerts over the API', () => {
  let api: ApiSite;
  let engine: Broker;
  let officer: string;
  const get = async <Body>(path: string, token?: string) =>
    (await api.ask('GET', `/api/v1${path}`, token === undefined ? {} : { token })).body as Body;
  const work = (name: string, body: object, token = officer) =>
    api.ask('POST', `/api/v1/incidents/${idOf(name)}/work`, { token, body });
  beforeAll(async () => {
    api = await startApi();
    await startStore(api.site);
    await startAlerts(api.site);
    engine = await openBroker(api.config, 'analytics', { logger: testLogger, name: 'test-engine' });
    expect((await api.ask('PUT', '/api/v1/areas', { body: CITY })).status).toBe(200);
    officer = await api.enrol('wang', ['officer'], ['lixia']);
    const events = Array.from({ length: 12 }, (_, index) => {
      const told = { atMs: BASE_MS + index * 1000, ...(index % 2 === 1 ? { areaPath: SHIZHONG } : {}) };
      const severity = index < 2 ? ('critical' as const) : ('minor' as const);
      return [alertEvent(`n${index}`, { ...told, severity }), incidentEvent(`n${index}`, { ...told, severity })];
    }).flat();
    const sequences = await publishEvents(engine, events);
    await until('all to be stored', async () => (await get<AlertPage>('/alerts')).sequence >= (sequences.at(-1) ?? 0));
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  it('are listed latest first, a page at a time, each once', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 4; page++) {
      const { alerts, cursor: next } = await get<AlertPage>(`/alerts?limit=5${cursor}`);
      seen.push(...alerts.map(({ id }) => id));
      cursor = `&cursor=${next}`;
      if (next === null) break;
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => idOf(`n${11 - index}`)));
  });

  it('are those of the asker’s areas, and sifted by what is asked', async () => {
    expect((await get<AlertPage>('/alerts', officer)).alerts).toHaveLength(6);
    expect((await get<AlertPage>('/alerts?severity=critical,major', officer)).alerts).toHaveLength(1);
    expect((await get<AlertPage>('/alerts?area=shizhong&severity=minor')).alerts).toHaveLength(5);
    expect((await get<AlertPage>('/alerts?rule=another')).alerts).toEqual([]);
    expect((await get<AlertPage>(`/alerts?to=${BASE_MS + 2500}`)).alerts).toHaveLength(3);
    expect((await api.ask('GET', '/api/v1/alerts?area=shizhong', { token: officer })).status).toBe(404);
    expect((await api.ask('GET', `/api/v1/alerts/${idOf('n1')}`, { token: officer })).status).toBe(404);
    expect(await get(`/alerts/${idOf('n2')}`, officer)).toEqual(
      alertOf('n2', { atMs: BASE_MS + 2000, severity: 'minor' }),
    );
    expect((await api.ask('GET', '/api/v1/alerts?cursor=nonsense')).status).toBe(400);
  });

  it('are worked on by one after the other: who comes second is told, and everybody who watches sees it', async () => {
    const watching = await readEvents(`${api.url}/api/v1/alert-stream?types=work`, officer);
    const { incidents } = await get<IncidentList>('/incidents?state=open', officer);
    expect(incidents).toHaveLength(6);
    const first = await work('n0', { state: 'acknowledged', revision: 0 });
    expect(first).toMatchObject({ status: 200, body: { state: 'acknowledged', changedBy: 'wang' } });
    const second = await work('n0', { state: 'closed', revision: 0 }, api.adminToken);
    expect(second).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } });
    expect(second.text).toContain('wang changed it');
    const workRevision = Number(first.headers.get('x-work-revision'));
    const third = await work('n0', { mark: 'right', note: 'A delivery, let in.', revision: workRevision });
    expect(third).toMatchObject({ body: { state: 'acknowledged', mark: 'right', notes: [{ by: 'wang' }] } });
    await until('both changes', () => watching.of('message').length === 2);
    expect(watching.of('message')[1]?.data).toMatchObject({ severity: 'critical', data: { mark: 'right' } });
    watching.close();
  });

  it('are listed by state at once, before the store knows of it', async () => {
    await work('n2', { state: 'closed' });
    const states = async (state: string) =>
      (await get<IncidentList>(`/incidents?state=${state}`, officer)).incidents.map(({ incident }) => incident.id);
    expect(await states('closed')).toEqual([idOf('n2')]);
    const { counts } = await get<IncidentList>('/incidents?text=CROSSED&kind=person', officer);
    expect(counts).toEqual({ open: 4, acknowledged: 1, closed: 1 });
    expect(await states('open')).toEqual(['n10', 'n8', 'n6', 'n4'].map(idOf));
    expect((await get<IncidentList>('/incidents?mark=right', officer)).incidents).toHaveLength(1);
    // What nobody touched for a month is gone from the registry, and still closed.
    await until('the store to know', async () => {
      const reader = openStoreClient(api.config, 'reader');
      const result = await reader.query({
        query: 'SELECT count() AS n FROM sharp_eyes.incident_work FINAL',
        format: 'JSON',
      });
      const { data } = await result.json<{ n: string }>();
      await reader.close();
      return Number(data[0]?.n) === 3;
    });
    await api.context.alerting.incidentWork.remove(idOf('n2'));
    expect(await states('closed')).toEqual([idOf('n2')]);
    const kept = await get<IncidentView>(`/incidents/${idOf('n2')}`, officer);
    expect(kept).toMatchObject({
      work: { state: 'closed' },
      workRevision: 0,
      alerts: [{ id: idOf('n2') }],
    });
  });

  it('are not worked on by who may only read, nor elsewhere', async () => {
    const analyst = await api.enrol('li', ['analyst']);
    expect((await work('n0', { state: 'closed' }, analyst)).status).toBe(403);
    expect((await work('n1', { state: 'closed' })).status).toBe(404);
    expect((await work('n0', {})).status).toBe(400);
    expect((await work('never raised', { state: 'closed' })).status).toBe(404);
  });

  it('can be worked on within their first second, before the store has them', async () => {
    await publishEvents(engine, [incidentEvent('fresh')]);
    await until(
      'this process to hear of it',
      () => api.context.alerts.ring.find('incident', idOf('fresh')) !== undefined,
    );
    expect(await work('fresh', { state: 'acknowledged' })).toMatchObject({ status: 200 });
  });

  it('say why they fired: rule version, sightings of the tracks, times and deliveries', async () => {
    const rules = await openAlertRegistry(api.broker.connection);
    const draft = {
      id: 'red-line',
      name: 'Nobody beyond the line',
      isEnabled: true,
      where: { cameras: ['gate-1'] },
      when: {
        type: 'line',
        line: {
          space: 'picture',
          points: [
            [0.1, 0.5],
            [0.9, 0.5],
          ],
        },
      },
      severity: 'major',
      updatedBy: 'wang',
    } as const;
    for (const version of [1, 2, 3]) {
      await rules.rules.put('red-line', { ...draft, version, updatedAtMs: version } as unknown as Rule);
    }
    const writer = openStoreClient(api.config, 'writer');
    const captured = BASE_MS + 4000;
    const row = {
      camera: 'gate-1',
      revision: 7,
      ordinal: 0,
      kind: 'person',
      score: 0.9,
      x: 0.1,
      y: 0.2,
      width: 0.05,
      height: 0.2,
    };
    const values = [41, 42].map((sequence) => ({
      ...row,
      sequence,
      track: 'track-n4',
      captured_at: captured - (42 - sequence) * 200,
      received_at: captured - (42 - sequence) * 200 + 20,
      cells: [0],
      weights: [1000],
    }));
    await writer.insert({ table: 'sharp_eyes.sightings', values, format: 'JSONEachRow' });
    await writer.close();
    const why = await get<AlertWhy>(`/alerts/${idOf('n4')}/why`, officer);
    expect(why.tracks).toMatchObject([{ track: 'track-n4', camera: 'gate-1', kind: 'person' }]);
    expect(why.tracks[0]?.points.map(({ atMs }) => atMs)).toEqual([captured - 200, captured]);
    expect(why.rule).toMatchObject({ id: 'red-line', version: 2 });
    expect(why.delays).toEqual({ detectMs: 0, decideMs: 100 });
    expect(why.alert.cause).toMatchObject({ model: 'yolox-nano', calibrationVersion: 3 });
    for (const { query } of why.sql) {
      expect(await api.ask('POST', '/api/v1/sql', { body: { query } })).toMatchObject({ status: 200 });
    }
  });

  it('go to public warning systems as CAP 1.2, in the order and with the values of the standard', async () => {
    const answer = await api.ask('GET', `/api/v1/alerts/${idOf('n4')}/cap`, { token: officer });
    expect(answer.headers.get('content-type')).toBe('application/cap+xml; charset=utf-8');
    const root = new DOMParser().parseFromString(answer.text, 'text/xml').documentElement;
    expect(root?.namespaceURI).toBe('urn:oasis:names:tc:emergency:cap:1.2');
    const children = (name: string) =>
      [...(root?.getElementsByTagName(name)[0]?.childNodes ?? [])].filter(({ nodeType }) => nodeType === 1);
    const inOrder = (found: string[], order: string[]) =>
      found.every((name, index) => index === 0 || order.indexOf(name) >= order.indexOf(found[index - 1] ?? ''));
    const top = [...(root?.childNodes ?? [])].filter(({ nodeType }) => nodeType === 1).map(({ nodeName }) => nodeName);
    const topOrder =
      'identifier sender sent status msgType source scope restriction addresses code note references incidents info'.split(
        ' ',
      );
    const infoOrder =
      'language category event responseType urgency severity certainty audience eventCode effective onset expires senderName headline description instruction web contact parameter resource area'.split(
        ' ',
      );
    const info = children('info').map(({ nodeName }) => nodeName);
    expect(top.every((name) => topOrder.includes(name)) && inOrder(top, topOrder)).toBe(true);
    expect(info.every((name) => infoOrder.includes(name)) && inOrder(info, infoOrder)).toBe(true);
    for (const needed of ['identifier', 'sender', 'sent', 'status', 'msgType', 'scope']) expect(top).toContain(needed);
    for (const needed of ['category', 'event', 'urgency', 'severity', 'certainty']) expect(info).toContain(needed);
    const text = (name: string) => root?.getElementsByTagName(name)[0]?.textContent ?? '';
    expect(text('sent')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d$/);
    expect(text('identifier')).not.toMatch(/[\s,<&]/);
    expect(['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown']).toContain(text('severity'));
    expect(['Immediate', 'Expected', 'Future', 'Past', 'Unknown']).toContain(text('urgency'));
    expect(text('areaDesc')).toBe('jinan, lixia');
    expect(text('circle')).toBe('36.660000,117.020000 0.005');
  });
});
