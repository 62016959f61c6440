import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerDiscovery } from '#ingest/discovery/answer.ts';
import type { DiscoveryLine } from '#models/schema/discovered-device.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { answer, idIn, type Responder, respond } from '#test/ingest/discovery/responder.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';

const HOST = '127.9.8.1';
const SILENT = '127.9.8.2';
const PATH = '/api/v1/discoveries';

const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DiscoveryLine);

describe('a search for devices', () => {
  let api: ApiSite;
  let device: Responder;
  let ingest: Broker;
  let worker: Disposable;
  const uuid = crypto.randomUUID();
  beforeAll(async () => {
    api = await startApi();
    ingest = await openBroker(api.config, 'ingest', { logger: testLogger, name: 'test-worker' });
    device = await respond(HOST, 3702, (question) => [
      answer({ uuid, relatesTo: idIn(question), xaddrs: `http://${HOST}/onvif/device_service http://10.9.9.9/onvif` }),
    ]);
  });
  afterAll(async () => {
    worker?.[Symbol.dispose]();
    await device?.[Symbol.asyncDispose]();
    await ingest?.[Symbol.asyncDispose]();
    await api?.[Symbol.asyncDispose]();
  });

  it('says that no worker is there', async () => {
    const { status, body } = await api.ask('POST', PATH, { body: {} });
    expect({ status, code: (body as { code: string }).code }).toEqual({ status: 503, code: 'no-worker' });
    worker = answerDiscovery(ingest.connection, { logger: testLogger });
    await ingest.connection.flush();
  });

  it('tells each device by a line, with its cameras that the asker may see, and ends', async () => {
    const camera = { id: 'known', name: 'known', url: `rtsp://${HOST}/main` };
    expect((await api.ask('POST', '/api/v1/cameras', { body: camera })).status).toBe(201);
    const { status, headers, text } = await api.ask('POST', PATH, { body: { hosts: [HOST], seconds: 0.5 } });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/x-ndjson');
    const lines = linesOf(text);
    expect(lines[0]).toMatchObject({
      key: uuid,
      host: HOST,
      port: 80,
      cameras: ['known'],
      says: 'http://10.9.9.9/onvif',
    });
    expect(lines.at(-1)).toMatchObject({ end: true, devices: 1, repliesRefused: 0 });

    const token = await api.enrol('engineer', ['engineer'], ['elsewhere']);
    const limited = await api.ask('POST', PATH, { token, body: { hosts: [HOST], seconds: 0.5 } });
    expect(linesOf(limited.text)[0]).toMatchObject({ key: uuid, cameras: [] });
  });

  it('refuses what is too large, or no range, before it begins', async () => {
    const codes = ['10.0.0.0/8', 'nonsense'].map(async (range) => {
      const { status, body } = await api.ask('POST', PATH, { body: { ranges: [range] } });
      return `${status} ${(body as { code: string }).code}`;
    });
    expect(await Promise.all(codes)).toEqual(['400 range-too-large', '400 invalid-value']);
  });

  it('is one at a time for each worker, and ends when the client goes', async () => {
    const going = new AbortController();
    const first = fetch(`${api.url}${PATH}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ hosts: [HOST, SILENT], seconds: 60 }),
      signal: going.signal,
    });
    expect((await first).status).toBe(200);
    const second = await api.ask('POST', PATH, { body: { hosts: [HOST], seconds: 0.5 } });
    expect(second).toMatchObject({ status: 409, body: { code: 'discovery-busy' } });
    going.abort();
    await (await first).text().catch(() => undefined);
    await until('the worker is free again', async () => {
      const { status } = await api.ask('POST', PATH, { body: { hosts: [HOST], seconds: 0.5 } });
      return status === 200;
    });
  });
});
