import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS, isAction } from '#api/rights/actions.ts';
import { buildServer } from '#api/server.ts';
import { FAULTS } from '#models/schema/fault.ts';
import { ROOT_DIR } from '#system/config.ts';
import { createMetrics } from '#system/metrics.ts';
import { type ApiSite, startApi } from './api-site.ts';

type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  description: string;
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[];
  responses: Record<string, { description: string; content?: Record<string, { schema?: unknown }> }>;
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, unknown> };
};

describe('the API', () => {
  let api: ApiSite;
  let document: Document;
  beforeAll(async () => {
    api = await startApi();
    document = (await api.ask('GET', '/api/openapi.json', { token: null })).body;
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  it('describes itself in OpenAPI 3.1', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Sharp Eyes', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    expect(Object.keys(document.components.securitySchemes)).toEqual(['session', 'token']);
  });

  it('describes every route it has, and none that it has not', () => {
    const described = operations().map(
      ({ path, method }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    );
    const hidden = ['GET /*', 'GET /api/openapi.json', 'GET /api/asyncapi.json'];
    const declared = api.app.declaredRoutes
      .filter(({ method }) => method !== 'HEAD')
      .map(({ method, url }) => `${method} ${url}`);
    expect(described.sort()).toEqual(declared.filter((route) => !hidden.includes(route)).sort());
  });

  it('gives every operation a unique name, a summary, a tag, its action and its errors', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, method, operation } of operations()) {
      const about = `${method} ${path}`;
      expect(operation.operationId, about).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation.summary?.length, about).toBeGreaterThan(8);
      expect(operation.tags, about).toHaveLength(1);
      expect(operation.responses.default?.content, about).toHaveProperty([
        'application/problem+json',
        'schema',
        'properties',
        'code',
      ]);
      const action = /Action `([^`]+)`/.exec(operation.description)?.[1];
      expect(action === undefined ? operation.security : isAction(action), about).toEqual(
        action === undefined ? [] : true,
      );
      for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
        expect(operation.parameters, about).toContainEqual(
          expect.objectContaining({ name, in: 'path', required: true }),
        );
      }
    }
    expect(Object.keys(ACTIONS).length).toBeGreaterThan(10);
  });

  it('resolves every reference inside the document', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference]) => reference ?? '',
    );
    for (const reference of references) {
      const found = reference
        .replace('#/', '')
        .split('/')
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
      expect(found, reference).toBeDefined();
    }
  });

  it.each([
    ['GET', '/api/v1/nothing', undefined, 404, 'not-found'],
    ['POST', '/api/v1/nothing', {}, 404, 'not-found'],
    ['GET', '/api/v2/cameras', undefined, 404, 'not-found'],
    ['DELETE', '/api/v1/cameras', undefined, 404, 'not-found'],
    ['GET', '/api/v1/cameras/NOT-AN-ID', undefined, 400, 'invalid-value'],
    ['GET', '/api/v1/cameras/not-there', undefined, 404, 'not-found'],
    ['POST', '/api/v1/cameras', [], 400, 'invalid-value'],
    ['PUT', '/api/v1/areas?dryRnu=true', { type: 'FeatureCollection', features: [{}] }, 400, 'invalid-value'],
    ['POST', '/api/v1/users', { id: 'x', roles: ['emperor'] }, 400, 'invalid-value'],
    ['POST', '/api/v1/users', { id: 'x', roles: ['analyst'], password: 'short' }, 400, 'invalid-value'],
    ['POST', '/api/v1/users', { id: 'x', roles: ['analyst'], scope: ['nowhere'] }, 400, 'invalid-value'],
  ] as const)('answers a wrong %s %s with a problem of RFC 9457', async (method, path, body, status, code) => {
    const answer = await api.ask(method, path, body === undefined ? {} : { body });
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toEqual({
      type: `urn:sharp-eyes:${code}`,
      title: FAULTS[code].title,
      status,
      detail: expect.stringMatching(/\w/),
      code,
      cure: expect.stringMatching(/\w/),
      instance: path.split('?')[0],
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(answer.status).toBe(status);
  });

  it('names the field that was meant', async () => {
    const query = await api.ask('PUT', '/api/v1/areas?dryRnu=true', {
      body: { type: 'FeatureCollection', features: [{}] },
    });
    expect((query.body as { detail: string }).detail).toBe('unknown field "dryRnu" in query, did you mean "dryRun"?');
    const role = await api.ask('POST', '/api/v1/users', { body: { id: 'x', roles: ['emperor'] } });
    expect((role.body as { detail: string }).detail).toContain('body.roles.0 must be one of administrator, operator');
  });

  it('answers broken JSON, a huge body and another content type with problems, not with a stack', async () => {
    const send = (body: string, type = 'application/json') =>
      fetch(`${api.url}/api/v1/cameras`, {
        method: 'POST',
        body,
        headers: { 'content-type': type, authorization: `Bearer ${api.adminToken}` },
      });
    for (const [answer, status] of [
      [await send('{"name":'), 400],
      [await send(`{"name":"${'x'.repeat(300_000)}"}`), 413],
      [await send('<camera/>', 'text/xml'), 415],
      [await send('{"__proto__":{"isAdmin":true},"name":"x","url":"rtsp://a/b"}'), 400],
    ] as const) {
      const text = await answer.text();
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(text).not.toContain('node_modules');
    }
  });

  it('tells nothing of an error of its own but the id to find it by', async () => {
    const app = await buildServer({ ...api.context, metrics: createMetrics('api') });
    app.get('/api/v1/broken', { config: { action: 'public' } }, async () => {
      throw new Error('secret detail of /etc/x');
    });
    const answer = await app.inject('/api/v1/broken');
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'internal', requestId: expect.any(String) });
    expect(answer.body).not.toContain('secret detail');
    await app.close();
  });

  it('sends headers that keep the page to itself', async () => {
    const { headers } = await api.ask('GET', '/api/v1/me');
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(headers.get('content-security-policy')).toContain("worker-src 'self' blob:");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('serves the page at every path of its own, or says how to build it', async () => {
    const isBuilt = existsSync(resolve(ROOT_DIR, 'dashboards/dist/index.html'));
    for (const path of ['/', '/cameras/gate-3', '/../../etc/passwd', '/%2e%2e/package.json']) {
      const answer = await api.ask('GET', path, { token: null });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain(isBuilt ? 'text/html' : 'text/plain');
      expect(answer.text).toContain(isBuilt ? '<div id="root">' : 'npm run build:page');
    }
    expect((await api.ask('GET', '/assets/none.js', { token: null })).status).toBe(isBuilt ? 404 : 200);
  });

  it('answers probes to anybody, and says what is not well with a cure', async () => {
    expect((await api.ask('GET', '/healthz', { token: null })).body).toEqual({ status: 'alive' });
    expect((await api.ask('GET', '/readyz', { token: null })).body).toEqual({ status: 'ready' });
    const { isWell, findings } = (await api.ask('GET', '/api/v1/health')).body as {
      isWell: boolean;
      findings: { code?: string; message: string; cure: string }[];
    };
    expect(isWell).toBe(false);
    expect(findings.map(({ message }) => message)).toContain('no ingest process answers: no camera is looked at');
    expect(findings.find(({ code }) => code === 'store-unreachable')?.cure).toContain('CLICKHOUSE_URL');
  });

  it('says in sentences what is missing before anything can be seen', async () => {
    const site = (await api.ask('GET', '/api/v1/site')).body as {
      cameras: number;
      sentences: { code: string; text: string }[];
    };
    expect(site.cameras).toBe(0);
    expect(site.sentences.find(({ code }) => code === 'no-camera')?.text).toContain('./sharp-eyes camera add');
  });
});
