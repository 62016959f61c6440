/** Queries that other people's clients send by themselves, replayed as HTTP requests: Grafana's source, JDBC, pandas. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureSecret } from '#system/secrets.ts';
import { storePasswordPath, storeUrl } from '#system/store-client.ts';
import { isEmbedded, openTarget, type Target } from './target.ts';

describe.skipIf(!isEmbedded)('clients of others, as an analyst', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
    const writer = target.client('writer');
    await writer.command({ query: 'CREATE DATABASE sharp_eyes' });
    await writer.command({
      query: 'CREATE TABLE sharp_eyes.seen (at DateTime64(3), place String, n UInt8) ENGINE = MergeTree ORDER BY at',
    });
    const values = [{ at: '2026-01-01 00:00:30.000', place: '济南', n: 3 }];
    await writer.insert({ table: 'sharp_eyes.seen', values, format: 'JSONEachRow' });
  });
  afterAll(() => target[Symbol.asyncDispose]());

  const ask = async (query: string, path: string, headers: Record<string, string> = {}) => {
    const answer = await target.fetch('analyst', path, { method: 'POST', body: query, headers });
    return { status: answer.status, text: await answer.text() };
  };

  describe('Grafana’s ClickHouse source', () => {
    // Over HTTP it compresses with gzip and names its protocol's version.
    const path = '/?database=sharp_eyes&default_format=Native&client_protocol_version=54460&max_execution_time=60';
    const gzip = { 'Accept-Encoding': 'gzip' };

    it.each([
      ['SELECT displayName(), version(), revision(), timezone()', /timezone\(\)/],
      ['SHOW DATABASES', /sharp_eyes/],
      ['SHOW TABLES FROM `sharp_eyes`', /seen/],
      ['DESC TABLE "sharp_eyes"."seen"', /DateTime64\(3\)/],
      [
        'SELECT toStartOfInterval("at", INTERVAL 60 second) AS "time", sum(n) AS "n" FROM "sharp_eyes"."seen" WHERE at >= toDateTime64(1767225000, 3) AND at <= toDateTime64(1767228600, 3) GROUP BY time ORDER BY time ASC LIMIT 1000',
        /time.DateTime.*n.UInt64/s,
      ],
    ])('%s', async (query, expected) => {
      expect(await ask(query, path, gzip)).toEqual({ status: 200, text: expect.stringMatching(expected) });
    });

    it('and the other one, which asks for JSON', async () => {
      const query =
        'SELECT (intDiv(toUInt32(at), 60) * 60) * 1000 as t, sum(n) FROM sharp_eyes.seen GROUP BY t ORDER BY t FORMAT JSON';
      const { text } = await ask(query, '/?add_http_cors_header=1');
      expect(JSON.parse(text)).toMatchObject({ data: [{ t: 1767225600000, 'sum(n)': 3 }], rows: 1 });
    });
  });

  describe('JDBC, as DBeaver uses it', () => {
    const path = '/?session_id=7f3c&session_timeout=60&extremes=0&result_overflow_mode=break&max_result_rows=200';

    it.each([
      [
        "SELECT currentUser() AS user, timezone() AS timezone, version() AS version, getSetting('readonly') AS readonly",
        /timezone.*version.*readonly/s,
      ],
      ["SELECT name AS TABLE_SCHEM, null AS TABLE_CATALOG FROM system.databases WHERE name LIKE '%'", /sharp_eyes/],
      [
        "SELECT t.database, t.name, t.engine, t.comment FROM system.tables t WHERE t.database LIKE 'sharp_eyes'",
        /seen.MergeTree/s,
      ],
      [
        "SELECT database, table, name, type, default_expression, position FROM system.columns WHERE table = 'seen' ORDER BY position",
        /DateTime64\(3\)/,
      ],
      ['SELECT name, case_insensitive, alias_to FROM system.data_type_families', /DateTime64/],
      ["SELECT name, is_aggregate FROM system.functions WHERE name LIKE 'toD%'", /toDate/],
      [
        'SELECT database, table, sum(rows), sum(bytes_on_disk) FROM system.parts WHERE active GROUP BY database, table',
        /seen/,
      ],
      ['SHOW CREATE TABLE `sharp_eyes`.`seen`', /ENGINE = MergeTree/],
      ['EXPLAIN SELECT * FROM sharp_eyes.seen', /ReadFromMergeTree/],
    ])('%s', async (query, expected) => {
      const answer = await ask(`${query} FORMAT RowBinaryWithNamesAndTypes`, path);
      expect(answer).toEqual({ status: 200, text: expect.stringMatching(expected) });
    });

    it('is told in words that its own compression is to be switched off', async () => {
      expect(await ask('SELECT 1', `${path}&compress=1`)).toEqual({
        status: 501,
        text: expect.stringContaining('compress and decompress'),
      });
    });
  });

  it('pandas’ read_csv, which brings all in the URL and asks by GET', async () => {
    const url = new URL(storeUrl(target.config));
    url.searchParams.set('user', 'analyst');
    url.searchParams.set('password', ensureSecret(storePasswordPath(target.config, 'analyst')));
    url.searchParams.set('query', 'SELECT * FROM sharp_eyes.seen FORMAT CSVWithNames');
    const answer = await fetch(url, { headers: { 'User-Agent': 'Python-urllib/3.11', 'Accept-Encoding': 'identity' } });
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=UTF-8; header=present');
    expect(await answer.text()).toBe('"at","place","n"\n"2026-01-01 00:00:30.000","济南",3\n');
  });
});
