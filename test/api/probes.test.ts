/** Proving a device over the API: a real broker, a worker's answerer, devices of the city. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseWorker } from '#api/cameras/probe.ts';
import { answerProbes } from '#ingest/onvif/answer.ts';
import { loadSealKey } from '#models/registry/seal.ts';
import { checker } from '#models/schema/check.ts';
import { ProbeStep } from '#models/schema/probe.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { answerControl } from '#system/control.ts';
import { createMetrics } from '#system/metrics.ts';
import { makeWith, type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { startHostileDevice } from '#test/ingest/onvif/hostile-device.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';

const PATH = '/api/v1/probes';
const checkStep = checker('a step', ProbeStep);

const stepsOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => checkStep(JSON.parse(line)));

describe('proving a device', () => {
  let api: ApiSite;
  let ingest: Broker;
  let fleet: SmallFleet;
  let worker: Disposable | undefined;
  const crossed: string[] = [];
  const logged: string[] = [];
  beforeAll(async () => {
    api = await startApi();
    ingest = await openBroker(api.config, 'ingest', { logger: testLogger, name: 'test-worker' });
    const makes = [makeWith('locks-out', { lockOut: { triesMax: 5, lockS: 300 } })];
    fleet = await startSmallFleet({ count: 1, makes, clip: { width: 960, height: 540 } });
    await fleet.fleet.prepared;
  });
  afterAll(async () => {
    worker?.[Symbol.dispose]();
    await fleet?.[Symbol.asyncDispose]();
    await ingest?.[Symbol.asyncDispose]();
    await api?.[Symbol.asyncDispose]();
  });

  const target = () => {
    const { plan, onvif } = fleet.devices[0]!;
    return { host: '127.0.0.1', port: onvif.port, user: plan.user, password: plan.password, measureS: 1 };
  };

  it('says that no worker is there', async () => {
    const { status, body } = await api.ask('POST', PATH, { body: target() });
    expect({ status, code: (body as { code: string }).code }).toEqual({ status: 503, code: 'no-worker' });
    const process = 'host-test-worker';
    const health = { role: 'ingest', process, isWell: true, startedAtMs: Date.now(), details: {} };
    answerControl(ingest.connection, { metrics: createMetrics('ingest', process), health: () => health });
    const sealKey = loadSealKey(api.config.dataDir);
    ingest.connection.subscribe('sharpeyes.control.probe.>', {
      callback: (_error, message) => {
        crossed.push(message.string());
      },
    });
    const logger = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) });
    worker = answerProbes(ingest.connection, { worker: process, sealKey, logger });
    await ingest.connection.flush();
  });

  it('tells each step by a line, with a small picture, and the password nowhere', async () => {
    const { status, headers, text } = await api.ask('POST', PATH, { body: target() });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/x-ndjson');
    const steps = stepsOf(text);
    expect(steps.at(-1)).toMatchObject({ step: 'choice', verdict: 'good' });
    const picture = Buffer.from(steps.find(({ step }) => step === 'snapshot')?.jpegBase64 ?? '', 'base64');
    expect(picture.subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(picture.length).toBeLessThan(120_000);
    const { password } = target();
    expect(text).not.toContain(password);
    expect(crossed.join()).toContain('sealedPassword');
    expect(logged.join()).toContain('probe begun');
    for (const texts of [crossed, logged]) expect(texts.join()).not.toContain(password);
    const audit = resolve(api.config.dataDir, 'audit');
    const audited = readdirSync(audit).map((file) => readFileSync(resolve(audit, file), 'utf8'));
    expect(audited.join()).toContain('127.0.0.1');
    expect(audited.join()).not.toContain(password);
  });

  it('tells the verdict of a wrong password, and keeps to it without asking the device again', async () => {
    const asks = Array.from({ length: 6 }, () => api.ask('POST', PATH, { body: { ...target(), password: 'wrong' } }));
    const answers = [];
    for (const ask of asks) answers.push(await ask);
    const told = answers.filter(({ status }) => status === 200).map(({ text }) => stepsOf(text).at(-1));
    expect(told.length).toBeGreaterThan(0);
    expect(told.every((step) => step?.code === 'camera-unauthorised')).toBe(true);
    const right = stepsOf((await api.ask('POST', PATH, { body: target() })).text);
    expect(right.at(-1)).toMatchObject({ step: 'choice', verdict: 'good' });
  });

  it('ends with the client, and frees the worker', async () => {
    await using silent = await startHostileDevice(() => undefined);
    const going = new AbortController();
    const first = fetch(`${api.url}${PATH}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...target(), port: silent.port }),
      signal: going.signal,
    });
    await until('the device is asked', () => silent.received.some((text) => text.includes('GetSystemDateAndTime')));
    going.abort();
    await expect(first.then((response) => response.text())).rejects.toThrow();
    await until('its connection is closed', () => silent.open() === 0);
  });

  it('is refused to whoever may not change cameras, and for what is no host', async () => {
    const token = await api.enrol('officer', ['officer']);
    expect((await api.ask('POST', PATH, { token, body: target() })).status).toBe(403);
    const { status, body } = await api.ask('POST', PATH, { body: { ...target(), host: 'no host' } });
    expect({ status, code: (body as { code: string }).code }).toEqual({ status: 400, code: 'invalid-value' });
  });
});

describe('the worker that proves a host', () => {
  it('stays the same while another comes, but for what the new one gets', () => {
    const hosts = Array.from({ length: 300 }, (_, index) => `10.0.${index % 7}.${index}`);
    const before = hosts.map((host) => chooseWorker(['a', 'b'], host));
    const after = hosts.map((host) => chooseWorker(['c', 'b', 'a'], host));
    expect(after.every((worker, index) => worker === before[index] || worker === 'c')).toBe(true);
    expect(new Set(after).size).toBe(3);
    expect(chooseWorker([], 'x')).toBeUndefined();
  });
});
