/** A site with a real nats-server and the API on a free port, and a client that speaks to it as a person would. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { App } from '#api/app.ts';
import { type Context, openContext } from '#api/context.ts';
import { listen } from '#api/listen.ts';
import { prepareStart, type Welcome } from '#api/people/first-start.ts';
import { buildServer } from '#api/server.ts';
import type { Role, User } from '#models/schema/user.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import { answerControl } from '#system/control.ts';
import { createMetrics } from '#system/metrics.ts';
import { PATIENCE_MS, type Site, startSite, testLogger } from '#test/site/site.ts';

export type Answer = { status: number; headers: Headers; text: string; body: never };

export type Asked = {
  body?: unknown;
  headers?: Record<string, string>;
  /** A bearer token; absent: the command line's own of admin; null: none. */
  token?: string | null;
};

export type ApiSite = AsyncDisposable & {
  site: Site;
  config: Config;
  app: App;
  context: Context;
  broker: Broker;
  url: string;
  welcome: Welcome;
  adminToken: string;
  ask: (method: string, path: string, asked?: Asked) => Promise<Answer>;
  /** Makes a user and a token of theirs. */
  enrol: (id: string, roles: Role[], scope?: string[]) => Promise<string>;
};

export async function startApi(values: Partial<Config> = {}): Promise<ApiSite> {
  await using opening = new AsyncDisposableStack();
  // Port 0: the system chooses at the moment of listening, so that nobody can be faster.
  const site = opening.use(await startSite({ apiPort: 0, ...values }));
  const broker = opening.use(await openBroker(site.config, 'api', { logger: testLogger, name: 'test-api' }));
  const life = new AbortController();
  const metrics = createMetrics('api');
  const parts = { config: site.config, logger: testLogger, metrics, broker, signal: life.signal };
  const context = opening.use(await openContext(parts));
  const health = { role: 'api', process: 'api-test', isWell: true, startedAtMs: Date.now(), details: {} };
  answerControl(broker.connection, { metrics, health: () => health });
  const welcome = await prepareStart(site.config, context);
  const app = await buildServer(context);
  const { url } = opening.use(await listen(app, site.config));
  opening.defer(() => life.abort());
  const adminToken = readFileSync(resolve(site.config.dataDir, 'secrets', 'cli-token'), 'utf8').trim();

  async function ask(method: string, path: string, { body, headers, token = adminToken }: Asked = {}) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : undefined) as never,
    };
  }

  async function enrol(id: string, roles: Role[], scope: string[] = []): Promise<string> {
    // Nobody signs in as them by password, so they need not cost the hash of one.
    const { passwordHash } = context.users.get('admin') as Required<User>;
    await context.users.create(id, {
      id,
      name: id,
      roles,
      scope,
      passwordHash,
      isEnabled: true,
      createdAtMs: Date.now(),
    });
    return (await context.sessions.issue(id, { purpose: 'api', name: 'test', lifeMs: 600_000 })).secret;
  }
  const stack = opening.move();
  return {
    site,
    config: site.config,
    app,
    context,
    broker,
    url,
    welcome,
    adminToken,
    ask,
    enrol,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
