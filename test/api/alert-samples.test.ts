import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubscriptionMade } from '#models/schema/subscription.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { ROOT_DIR } from '#system/config.ts';
import { alertEvent, publishEvents } from '#test/site/alert-events.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';
import { CITY } from './small-city.ts';

describe('the samples of docs/alerts.md', () => {
  let api: ApiSite;
  let engine: Broker;
  beforeAll(async () => {
    api = await startApi();
    engine = await openBroker(api.config, 'analytics', { logger: testLogger, name: 'test-engine' });
    expect((await api.ask('PUT', '/api/v1/areas', { body: CITY })).status).toBe(200);
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  /** Runs until it has printed two alerts that are raised after it began. */
  async function prints(command: string, args: string[]): Promise<string> {
    const child = spawn(command, args, { cwd: ROOT_DIR, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    try {
      let number = 0;
      await until(`${command} ${args[0]} to print two: ${output}`, async () => {
        await publishEvents(engine, [alertEvent(`${args[0]} ${number++}`)]);
        return output.split('org.sharp-eyes.alert.raised.v1').length > 2;
      });
    } finally {
      child.kill();
    }
    return output;
  }

  const node = (script: string, ...args: string[]) => prints(process.execPath, [`docs/samples/${script}`, ...args]);

  it('follow an area with curl, TypeScript and Python', async () => {
    const url = `${api.url}/api/v1/alert-stream?area=lixia`;
    await prints('curl', ['-sN', '-H', `Authorization: Bearer ${api.adminToken}`, url]);
    await node('follow.ts', api.url, api.adminToken, 'lixia');
    await prints('python3', ['docs/samples/follow.py', api.url, api.adminToken, 'lixia']);
  });

  it('follow over a WebSocket, and over NATS with a durable consumer', async () => {
    await node('socket.ts', api.url, api.adminToken, '0');
    const made = await api.ask('POST', '/api/v1/subscriptions', { body: { name: 'sample', area: 'lixia' } });
    const { user, password, subscription } = made.body as SubscriptionMade;
    await node('subscribe.ts', `nats://127.0.0.1:${api.config.natsPort}`, user, password, subscription.subject);
  });

  it('stand in the page as they are run', () => {
    const page = readFileSync(resolve(ROOT_DIR, 'docs/alerts.md'), 'utf8');
    for (const name of ['follow.ts', 'follow.py', 'socket.ts', 'subscribe.ts'])
      expect(page).toContain(`samples/${name}`);
    for (const name of ['follow.ts', 'follow.py'])
      expect(
        readFileSync(resolve(ROOT_DIR, `docs/samples/${name}`), 'utf8')
          .trim()
          .split('\n').length,
      ).toBeLessThan(19);
  });

  it('are described by an AsyncAPI 3.0 document that its own schema takes', async () => {
    const { body } = await api.ask('GET', '/api/asyncapi.json', { token: null });
    const validate = new Ajv({
      strict: false,
      validateFormats: false,
      validateSchema: false,
      meta: false,
      logger: false,
    }).compile(specs.schemas['3.0.0'] as object);
    validate(body);
    expect(validate.errors ?? []).toEqual([]);
    expect(body).toMatchObject({
      channels: { alerts: { address: 'sharpeyes.alerts.{city}.{district}.{street}.{village}.{grid}.{severity}' } },
      components: { messages: { alert: { payload: { properties: { specversion: { const: '1.0' } } } } } },
    });
  });
});
