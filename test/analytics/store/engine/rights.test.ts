import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeUrl } from '#system/store-client.ts';
import { isEmbedded, openTarget, type Target } from './target.ts';

const SECRET = 'the-content-of-a-file-outside';

describe.skipIf(!isEmbedded)('an account that only reads', () => {
  let target: Target;
  let outside: string;
  let planted: string;

  beforeAll(async () => {
    target = await openTarget();
    outside = resolve(target.config.dataDir, 'outside.txt');
    planted = resolve(target.config.dataDir, 'planted.txt');
    writeFileSync(outside, `${SECRET}\n`);
    const writer = target.client('writer');
    await writer.command({ query: 'CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n' });
    await writer.insert({ table: 'kept', values: [{ n: 1 }], format: 'JSONEachRow' });
  });
  afterAll(() => target[Symbol.asyncDispose]());

  const ask = async (query: string, path = '/') => {
    const answer = await target.fetch('analyst', path, { method: 'POST', body: query });
    return { isOk: answer.ok, text: await answer.text() };
  };

  it.each([
    "SELECT file('@')",
    "SELECT `file`('@')",
    'SELECT "file"(\'@\')',
    'SELECT "fil\\x65"(\'@\')',
    "SELECT file/* */('@')",
    "SELECT * APPLY(file) FROM (SELECT '@' AS p)",
    "SELECT * APPLY file FROM (SELECT '@' AS p)",
    "SELECT arrayMap(file, ['@'])",
    "SELECT arrayMap(x -> file(x), ['@'])",
    "WITH 'a''' AS x SELECT file('@')",
    "SELECT '\\'', file('@')",
    "SELECT $a$ ' $a$, file('@') -- '",
    "SELECT 1 /* ' */, file('@')",
    "SELECT 1 # '\n, file('@')",
    "SELECT 1 #! '\n, file('@')",
    "SELECT 1 -- \"\n, file('@')",
    "SELECT 1 AS `a``b`, file('@')",
    "SELECT “file”('@')",
    "SELECT ‘ ' ’, file('@') -- '",
    "SELECT file\u00a0('@')",
    "SELECT 1 // '\n, file('@')",
    "SELECT 1 /* /* */ ' */, file('@') -- '",
    "SELECT 0x1+file('@')",
    "SELECT 0x1.file('@')",
    "SELECT 1e1-file('@')",
    "SELECT 1.file('@')",
    "SELECT 1_000.*file('@')",
    "SELECT a$b$c, file('@') AS a$b$c",
    "SELECT $$ $a$ $$, file('@') -- $a$",
    "SELECT x'27', file('@')",
    "SELECT 1\r, file('@') -- \r'",
    "SELECT * FROM file('@', 'LineAsString')",
    "SELECT * FROM FILE('@', 'LineAsString')",
    "SELECT * FROM filesystem('@')",
    "SELECT * FROM eval('SELECT file(\\'@\\')')",
    "SELECT * FROM view(SELECT file('@'))",
    "SELECT * FROM url('file://@', 'LineAsString')",
    "SELECT * FROM s3('http://127.0.0.1:9/bucket/x', 'CSV')",
    "SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')",
    "SELECT * FROM remote('127.0.0.1', system.one)",
    "SELECT * FROM executable('cat', 'LineAsString', 'x String')",
    "SELECT * FROM mysql('127.0.0.1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM sqlite('@', 'x')",
    "DESCRIBE TABLE file('@', 'LineAsString')",
    "EXPLAIN SELECT * FROM file('@', 'LineAsString')",
    "EXPLAIN ESTIMATE SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')",
    "SELECT catboostEvaluate('@', 1)",
    "SELECT 1 INTO OUTFILE '!'",
    "SELECT 1 INTO /* */ OUTFILE '!' TRUNCATE FORMAT CSV",
    "SELECT * FROM kept; SELECT file('@')",
    'SELECT 1; DROP TABLE kept',
    'INSERT INTO kept VALUES (2)',
    'INSERT INTO kept SELECT 2',
    'WITH x AS (SELECT 2) INSERT INTO kept SELECT * FROM x',
    "INSERT INTO kept FROM INFILE '@' FORMAT TSV",
    'DROP TABLE kept',
    'ALTER TABLE kept DELETE WHERE 1',
    'DELETE FROM kept WHERE 1',
    'TRUNCATE TABLE kept',
    'CREATE TABLE mine (n UInt8) ENGINE = Memory',
    'CREATE TEMPORARY TABLE mine (n UInt8)',
    'KILL QUERY WHERE 1',
    'SYSTEM SHUTDOWN',
    'SET readonly = 0',
    'SELECT 1 SETTINGS readonly = 0',
    'EXECUTE AS default SELECT 1',
    'GRANT ALL ON *.* TO default',
    "BACKUP TABLE kept TO File('!')",
    'OPTIMIZE TABLE kept',
    'ATTACH TABLE kept',
    'EXIT',
    'USE system',
  ])('is refused %s', async (given) => {
    const { isOk, text } = await ask(given.replaceAll('@', outside).replaceAll('!', planted));
    expect(isOk).toBe(false);
    expect(text).toMatch(/^Code: \d+\. DB::Exception: /);
    expect(text).not.toContain(SECRET);
    expect(existsSync(planted)).toBe(false);
    expect((await ask('SELECT count(), sum(n) FROM kept')).text).toBe('1\t1\n');
  });

  it('reaches no file through a name bound as a parameter', async () => {
    const path = `/?param_f=file&param_p=${encodeURIComponent(outside)}`;
    for (const query of [
      'SELECT {f:Identifier}({p:String})',
      "SELECT * FROM {f:Identifier}({p:String}, 'LineAsString')",
    ]) {
      expect(await ask(query, path)).toMatchObject({ isOk: false, text: expect.not.stringContaining(SECRET) });
    }
  });

  it.each([
    ['format_template_row', '@', 'SELECT 1 FORMAT Template'],
    ['format_template_resultset', '@', 'SELECT 1 FORMAT Template'],
    ['format_schema', '@:M', 'SELECT 1 AS x FORMAT Protobuf'],
    ['output_format_schema', '!', 'SELECT 1 AS x FORMAT Protobuf'],
    ['allow_introspection_functions', '1', 'SELECT addressToSymbol(toUInt64(1))'],
    ['allow_python_table_function', '1', 'SELECT 1'],
    ['dialect', 'kusto', 'SELECT 1'],
    ['os_thread_priority', '-20', 'SELECT 1'],
    ['max_final_threads', '64', 'SELECT 1'],
    ['max_untracked_memory', '100000000000', 'SELECT 1'],
    ['max_bytes_before_external_group_by', '1', 'SELECT 1'],
    ['profile', 'default', 'SELECT 1'],
  ])('may not set %s', async (name, value, query) => {
    const given = value.replaceAll('@', outside).replaceAll('!', planted);
    const { isOk, text } = await ask(query, `/?${name}=${encodeURIComponent(given)}`);
    expect([isOk, text]).toEqual([false, expect.stringMatching(/^Code: 164\. .* is refused/)]);
    expect(text).not.toContain(SECRET);
    expect(existsSync(planted)).toBe(false);
  });

  it('may set what clients of others send: limits, how rows come out, how queries are worked out', async () => {
    const settings =
      'max_execution_time=30&max_result_rows=10&result_overflow_mode=break&max_threads=64&max_query_size=100000&extremes=0' +
      '&session_timezone=UTC&output_format_json_quote_64bit_integers=0&date_time_output_format=iso&join_use_nulls=1' +
      '&enable_http_compression=1&send_progress_in_http_headers=1&wait_end_of_query=1&session_id=jdbc&log_comment=x';
    expect(
      await ask("SELECT sum(n) AS n, getSetting('max_threads') FROM kept FORMAT JSONCompact", `/?${settings}`),
    ).toMatchObject({
      isOk: true,
      text: expect.stringContaining('"data"'),
    });
  });

  it.each([
    ['SELECT n FROM kept', '1\n'],
    ["SELECT format('{}-{}', 'a', 'b'), replaceAll('file(x)', 'x', 'y')", 'a-b\tfile(y)\n'],
    ['SELECT sum(number) FROM numbers(4)', '6\n'],
    ['SELECT 1 -- file()', '1\n'],
    ['SELECT 1 /* /* */, file() -- */', '1\n'],
    ["SELECT h3ToString(geoToH3(48.1, 11.5, 13)) != ''", '1\n'],
    ['SHOW TABLES', 'kept\n'],
    ['(SELECT 1) UNION ALL (SELECT 1)', '1\n1\n'],
  ])('may ask %s', async (query, expected) => {
    expect(await ask(query)).toEqual({ isOk: true, text: expected });
  });

  it('may ask what is longer than usual, when it says so', async () => {
    const query = `SELECT length('${'x'.repeat(400_000)}')`;
    expect(await ask(query, '/?max_query_size=1000000')).toEqual({ isOk: true, text: '400000\n' });
    expect((await ask(query)).text).toContain('Max query size exceeded');
  });

  it('may lower its limits but not raise them', async () => {
    const limit = async (params: string) => (await ask("SELECT getSetting('max_execution_time')", `/?${params}`)).text;
    expect(await limit('max_execution_time=5')).toBe('5\n');
    expect(await limit('max_execution_time=0')).toBe('60\n');
    expect(await limit('max_execution_time=100000')).toBe('60\n');
    expect((await ask("SELECT getSetting('readonly')", '/?readonly=0')).text).toBe('1\n');
  });

  it('lets a query have no more memory than the configuration says', async () => {
    const { text } = await ask(
      'SELECT length(groupArray(number)) FROM numbers(2000000000)',
      '/?max_memory_usage=100000000',
    );
    expect(text).toMatch(/^Code: 241\. DB::Exception: .*MEMORY_LIMIT_EXCEEDED/s);
  });
});

describe.skipIf(!isEmbedded)('the store', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
  });
  afterAll(() => target[Symbol.asyncDispose]());

  it('lets nobody in without the right password', async () => {
    const url = `${storeUrl(target.config)}/?query=SELECT+1`;
    expect((await fetch(url)).status).toBe(401);
    for (const headers of [
      { 'X-ClickHouse-User': 'writer' },
      { 'X-ClickHouse-User': 'writer', 'X-ClickHouse-Key': 'wrong' },
      { 'X-ClickHouse-User': 'default', 'X-ClickHouse-Key': '' },
      { Authorization: `Basic ${btoa('reader:wrong')}` },
      { Authorization: 'Bearer x' },
    ]) {
      const answer = await fetch(url, { headers });
      expect(answer.status).toBe(403);
      expect(await answer.text()).toMatch(/^Code: 516\. DB::Exception: /);
    }
  });

  it('refuses in words what it does not speak', async () => {
    const refused = async (path: string, init: RequestInit = {}) => {
      const answer = await target.fetch('writer', path, { method: 'POST', body: 'SELECT 1', ...init });
      return `${answer.status} ${await answer.text()}`;
    };
    expect(await refused('/?compress=1')).toMatch(/^501 Code: 48\..*Accept-Encoding/);
    expect(await refused('/?decompress=1')).toMatch(/^501 Code: 48\./);
    expect(await refused('/?role=admin')).toMatch(/^501 Code: 48\..*Roles/);
    expect(await refused('/', { headers: { 'Content-Encoding': 'lz4' } })).toMatch(/^501 Code: 48\..*lz4/);
    expect(await refused('/', { body: 'SELECT 1; SELECT 2' })).toMatch(/^400 Code: 62\./);
    expect(await refused('/', { body: "SELECT 1 INTO OUTFILE 'x'" })).toMatch(/^501 Code: 48\./);
    expect(await refused('/', { body: '' })).toMatch(/^400 Code: 62\..*empty/);
    expect(await refused('/play')).toMatch(/^404 .*\/ping/);
  });

  it('tells its health and its figures without a password', async () => {
    const health = await (await fetch(`${storeUrl(target.config)}/health`)).json();
    expect(health).toMatchObject({ role: 'store', isWell: true });
    const figures = await (await fetch(`${storeUrl(target.config)}/metrics`)).text();
    expect(figures).toMatch(/sharp_eyes_store_lane_queries\{account="analyst",state="running"/);
    // Not even a target that is no URL ends the store.
    expect((await fetch(`${storeUrl(target.config)}//`)).status).toBe(404);
  });

  it('lets a GET change nothing', async () => {
    const answer = await target.fetch('writer', `/?query=${encodeURIComponent('CREATE DATABASE by_get')}`);
    expect(await answer.text()).toMatch(/^Code: 164\./);
  });
});
