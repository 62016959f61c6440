/**
 * A ClickHouse server by URL. None can be installed on the machines this was written on: the embedded store of a second
 * site, which speaks the same protocol and has accounts, stands in for it; the statements of the page are read by the
 * real parser.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '#analytics/store/schema.ts';
import { grantStatements } from '#cli/sql-grants.ts';
import type { Finding, HealthReport } from '#models/schema/site-view.ts';
import { loadConfig, ROOT_DIR } from '#system/config.ts';
import { ensureSecret } from '#system/secrets.ts';
import { type StoreAccount, storePasswordPath } from '#system/store-client.ts';
import { openTarget, type Target } from '#test/analytics/store/engine/target.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { testLogger } from '#test/site/site.ts';

let server: Target;

beforeAll(async () => {
  server = await openTarget({ clickhouseUrl: '' });
  const client = server.client('writer');
  await migrate(client, { config: server.config, logger: testLogger, exclusively: (work) => work() });
});
afterAll(() => server[Symbol.asyncDispose]());

const urlOf = (account: StoreAccount, password = ensureSecret(storePasswordPath(server.config, account))) =>
  `http://${account}:${encodeURIComponent(password)}@127.0.0.1:${server.config.storePort}`;

const sql = (api: ApiSite, query: string) => api.ask('POST', '/api/v1/sql', { body: { query } });

async function findingsOf(api: ApiSite): Promise<Finding[]> {
  return ((await api.ask('GET', '/api/v1/health')).body as HealthReport).findings;
}

describe('docs/clickhouse-server.md', () => {
  const page = readFileSync(resolve(ROOT_DIR, 'docs/clickhouse-server.md'), 'utf8');
  const blocks = [...page.matchAll(/```sql\n(.*?)```/gs)].map(([, block]) => block ?? '');
  const statements = blocks.flatMap((block) => block.split(/;\n/)).filter((text) => text.trim() !== '');

  it('holds statements that ClickHouse’s own parser takes', async () => {
    expect(statements).toHaveLength(6);
    for (const statement of statements) {
      const query = 'SELECT formatQuerySingleLine({statement:String}) AS text';
      const asked = { query, query_params: { statement }, format: 'JSONEachRow' } as const;
      const result = await server.client('reader').query(asked);
      const [row] = await result.json<{ text: string }>();
      expect(row?.text).toMatch(/^(CREATE|GRANT) /);
    }
  });

  it('gives analysts of some areas row policies that ClickHouse’s own parser takes, on every table of rows', async () => {
    const whole = ['sharp_eyes', 'sharp_eyes_analyst'];
    const grants = grantStatements({ user: 'anna', areas: ['lixia', 'shizhong'], whole, cluster: 'main' });
    const asked = await server.client('reader').query({
      query: 'SELECT formatQuerySingleLine(arrayJoin({statements:Array(String)})) AS text',
      query_params: { statements: grants.map((text) => text.replace(/;$/, '')) },
      format: 'JSONEachRow',
    });
    const texts = (await asked.json<{ text: string }>()).map(({ text }) => text);
    const tables = await server.client('reader').query({
      query: `SELECT table FROM system.columns WHERE database = 'sharp_eyes' AND name = 'area_path'
        AND table IN (SELECT name FROM system.tables WHERE database = 'sharp_eyes' AND engine LIKE '%MergeTree')`,
      format: 'JSONEachRow',
    });
    for (const { table } of await tables.json<{ table: string }>()) {
      const policies = texts.filter((text) => text.includes('ROW POLICY') && text.includes(`sharp_eyes.${table} `));
      expect(policies.length, table).toBe(2);
      expect(policies.some((text) => text.includes("['lixia', 'shizhong']") && /TO anna$/.test(text))).toBe(true);
    }
  });

  it('grants what analytics, figures and backups ask for, by the words of their statements', () => {
    const grants = statements.find((text) => text.includes('INSERT ON sharp_eyes.*')) ?? '';
    for (const right of [
      'CREATE DATABASE',
      'CREATE TABLE',
      'CREATE VIEW',
      'ALTER ADD COLUMN',
      'ALTER TTL',
      'SELECT',
      'INSERT',
    ])
      expect(grants).toContain(right);
  });
});

describe('a ClickHouse server with an account for analysts', () => {
  let api: ApiSite;
  beforeAll(async () => {
    api = await startApi({ clickhouseUrl: urlOf('writer'), clickhouseReaderUrl: urlOf('analyst') });
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it('is asked by that account in sql, and by the other for figures', async () => {
    expect((await sql(api, 'select count() as n from sightings')).text).toMatch(/"n":"?0/);
    // Only an account of the store that reads is told so; the one that writes would be refused by readonly.
    expect((await sql(api, 'truncate table sightings')).text).toContain('this account only reads');
    expect((await api.ask('GET', '/api/v1/heat-map')).status).toBe(200);
    expect((await findingsOf(api)).filter(({ message }) => message.includes('analysts'))).toEqual([]);
  });
});

describe('a ClickHouse server whose account for analysts does not work', () => {
  it('is not asked with the other account instead; doctor says why, with the page that helps', async () => {
    const clickhouseReaderUrl = urlOf('analyst', 'not-the-password');
    await using api = await startApi({ clickhouseUrl: urlOf('writer'), clickhouseReaderUrl });
    expect(await sql(api, 'select 1')).toMatchObject({ status: 503, body: { code: 'store-unreachable' } });
    const finding = (await findingsOf(api)).find(({ message }) => message.includes('CLICKHOUSE_READER_URL'));
    expect(finding).toMatchObject({ code: 'store-unreachable', cure: expect.stringContaining('clickhouse-server.md') });
    expect(finding?.isWarning).toBeUndefined();
    expect(JSON.stringify(finding)).not.toContain('not-the-password');
  });
});

describe('a ClickHouse server without an account for analysts', () => {
  let api: ApiSite;
  beforeAll(async () => {
    api = await startApi({ clickhouseUrl: urlOf('writer') });
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it('answers sql all the same, and refuses every change by readonly=2', async () => {
    expect((await sql(api, 'select 1 as one')).text).toMatch(/"one":1/);
    for (const query of [
      'truncate table sightings',
      'drop database sharp_eyes',
      'insert into looks select * from looks',
    ]) {
      expect(await sql(api, query)).toMatchObject({ status: 400, body: { code: 'query-failed' } });
    }
    expect((await sql(api, 'select count() as n from sightings')).status).toBe(200);
  });

  it('is noted by doctor as a warning, with the cure', async () => {
    const finding = (await findingsOf(api)).find(({ message }) => message.includes('readonly=2'));
    expect(finding).toMatchObject({ isWarning: true, cure: expect.stringContaining('CLICKHOUSE_READER_URL') });
  });
});

describe('CLICKHOUSE_READER_URL', () => {
  it('is refused without CLICKHOUSE_URL', () => {
    const load = () => loadConfig({ CLICKHOUSE_READER_URL: 'http://a:b@db:8123' });
    expect(load).toThrow(/clickhouseReaderUrl is set, but clickhouseUrl is not/);
  });
});
