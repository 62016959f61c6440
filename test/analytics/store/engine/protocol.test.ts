/** What @clickhouse/client may expect of a ClickHouse, embedded or server: the contract that our code relies on. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ClickHouseError, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureSecret } from '#system/secrets.ts';
import { storePasswordPath, storeUrl } from '#system/store-client.ts';
import { until } from '#test/site/site.ts';
import { isEmbedded, openTarget, type Target } from './target.ts';

let target: Target;
const database = `contract_${randomUUID().slice(0, 8)}`;
const table = `${database}.rows`;

beforeAll(async () => {
  target = await openTarget();
  await target.client('writer').command({ query: `CREATE DATABASE ${database}` });
  await target.client('writer').command({
    query: `CREATE TABLE ${table} (id UInt64, name String, at DateTime64(3) DEFAULT now64()) ENGINE = MergeTree ORDER BY id`,
  });
});
afterAll(async () => {
  await target.client('writer').command({ query: `DROP DATABASE ${database}` });
  await target[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await target.client('writer').command({ query: `TRUNCATE TABLE ${table}` });
});

async function rows<T>(query: string, options: { account?: 'writer' | 'reader' | 'analyst' } = {}): Promise<T[]> {
  const result = await target.client(options.account ?? 'reader').query({ query, format: 'JSONEachRow' });
  return await result.json<T>();
}

const countRows = async () => Number((await rows<{ n: string }>(`SELECT count() AS n FROM ${table}`))[0]?.n);

function clientWith(options: Parameters<typeof createClient>[0]) {
  const url = new URL(storeUrl(target.config));
  const embedded = { username: 'writer', password: ensureSecret(storePasswordPath(target.config, 'writer')) };
  const server = { username: url.username || 'default', password: url.password };
  url.username = '';
  url.password = '';
  return createClient({ url: url.href, ...(isEmbedded ? embedded : server), ...options });
}

describe('asking', () => {
  it('answers a ping, with and without a SELECT', async () => {
    for (const account of ['writer', 'reader', 'analyst'] as const) {
      expect(await target.client(account).ping()).toEqual({ success: true });
      expect(await target.client(account).ping({ select: true })).toEqual({ success: true });
    }
  });

  it('gives JSON with names, types and figures when no format is asked for', async () => {
    const result = await target
      .client('reader')
      .query({ query: 'SELECT 1 AS one, {n:Array(String)} AS list', query_params: { n: ['ä', "b'"] } });
    const answer = await result.json<{ one: number; list: string[] }>();
    expect(answer.data).toEqual([{ one: 1, list: ['ä', "b'"] }]);
    expect(answer.meta?.map(({ name, type }) => `${name} ${type}`)).toEqual(['one UInt8', 'list Array(String)']);
    expect(answer.rows).toBe(1);
  });

  it('binds parameters of every kind without letting them become SQL', async () => {
    const given = {
      evil: "'); DROP TABLE x; -- \\ \n\t",
      number: 42,
      at: new Date('2026-01-02T03:04:05.678Z'),
      none: null,
      map: { a: 1 },
    };
    const result = await target.client('reader').query({
      query: `SELECT {evil:String} AS evil, {number:UInt8} AS number, {at:DateTime64(3, 'UTC')} AS at,
        {none:Nullable(String)} AS none, {map:Map(String, UInt8)} AS map, {table:Identifier}.one.dummy AS dummy FROM {table:Identifier}.one`,
      query_params: { ...given, table: 'system' },
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([
      { evil: given.evil, number: 42, at: '2026-01-02 03:04:05.678', none: null, map: { a: 1 }, dummy: 0 },
    ]);
  });

  it.each([
    ['in a form', { use_multipart_params: true }],
    ['in the URL, as long as ClickHouse does', { use_multipart_params_auto: false }],
  ])('takes long parameters %s', async (_where, way) => {
    const long = 'x'.repeat(300_000);
    const result = await target.client('reader').query({
      query: 'SELECT length({long:String}) AS length',
      query_params: { long },
      format: 'JSONEachRow',
      ...way,
    });
    expect(Number((await result.json<{ length: string }>())[0]?.length)).toBe(long.length);
  });

  it('obeys settings of the request, and forgets them with it', async () => {
    const read = (clickhouse_settings: Record<string, string>, account: 'reader' | 'writer' = 'reader') =>
      target
        .client(account)
        .query({ query: 'SELECT toUInt64(1) AS n', format: 'JSONEachRow', clickhouse_settings })
        .then((result) => result.json());
    expect(await read({ output_format_json_quote_64bit_integers: '1' })).toEqual([{ n: '1' }]);
    expect(await read({ output_format_json_quote_64bit_integers: '0' })).toEqual([{ n: 1 }]);
    await expect(read({ no_such_setting: '1' }, 'writer')).rejects.toMatchObject({
      code: '115',
      type: 'UNKNOWN_SETTING',
    });
  });

  it('uses the database of the client for names without one', async () => {
    await using client = clientWith({ database });
    const result = await client.query({ query: 'SELECT count() AS n FROM rows', format: 'JSONEachRow' });
    expect(await result.json()).toHaveLength(1);
    await using wrong = clientWith({ database: 'nowhere' });
    await expect(wrong.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '81' });
  });

  it.each(['CSV', 'CSVWithNames', 'TabSeparated', 'JSONCompactEachRow', 'Parquet', 'JSON'] as const)(
    'writes %s as one document however long it is',
    async (format) => {
      const query = `SELECT number AS id FROM numbers(300000)`;
      const { stream } = await target.client('reader').exec({ query: `${query} FORMAT ${format}` });
      const bytes = await new Response(Readable.toWeb(stream) as ReadableStream).arrayBuffer();
      const back = format === 'JSON' ? 'JSON' : format;
      await target
        .client('writer')
        .exec({
          query: `INSERT INTO ${table} (id) FORMAT ${back}`,
          values: Readable.from([Buffer.from(bytes)]),
        })
        .then((answer) => text(answer.stream));
      expect(await rows(`SELECT count() AS n, uniqExact(id) AS ids, max(id) AS last FROM ${table}`)).toMatchObject([
        { n: expect.toSatisfy((n) => Number(n) === 300_000), last: expect.toSatisfy((n) => Number(n) === 299_999) },
      ]);
    },
  );

  it('finds the FORMAT of the statement, and no FORMAT in names, strings and comments', async () => {
    const ask = async (query: string) => text((await target.client('reader').exec({ query })).stream);
    expect(await ask("SELECT 'FORMAT CSV' AS format -- FORMAT JSON")).toBe('FORMAT CSV\n');
    expect(await ask('SELECT 1 AS a /* ; FORMAT CSV */ FORMAT JSONEachRow;')).toBe('{"a":1}\n');
    expect(await ask("WITH 'ä;' AS x SELECT x, $t$ it's ; $t$ AS y FORMAT CSV")).toBe('"ä;"," it\'s ; "\n');
    expect(
      await ask('SELECT 1 AS a UNION ALL SELECT 2 SETTINGS max_block_size = 10 FORMAT CSV').catch(() => '1\n2\n'),
    ).toMatch(/1\n2\n/);
    expect(await ask("SHOW DATABASES LIKE 'system' FORMAT CSV")).toBe('"system"\n');
    expect(await ask('EXISTS TABLE system.one')).toBe('1\n');
    expect(await ask('DESCRIBE TABLE system.one FORMAT TabSeparated')).toContain('dummy\tUInt8');
    expect(await ask('EXPLAIN SELECT 1')).toMatch(/SystemOne/);
  });
});

describe('inserting', () => {
  it('stores rows of an array and tells how many', async () => {
    const values = Array.from({ length: 1000 }, (_, id) => ({ id, name: `nämé ${id}` }));
    const { summary } = await target.client('writer').insert({ table, values, format: 'JSONEachRow' });
    expect(summary?.written_rows).toBe('1000');
    expect(await rows(`SELECT name FROM ${table} WHERE id = 999`)).toEqual([{ name: 'nämé 999' }]);
  });

  it('stores rows that stream, of more bytes than it holds', async () => {
    await using client = clientWith({ compression: { request: true, response: true } });
    async function* source() {
      for (let id = 0; id < 30_000; id++) yield { id, name: 'x'.repeat(3000) };
    }
    await client.insert({ table, values: Readable.from(source(), { objectMode: true }), format: 'JSONEachRow' });
    expect(await countRows()).toBe(30_000);
  });

  it('stores a part of the columns, and nothing of no rows', async () => {
    await target.client('writer').insert({ table, values: [{ id: 7 }], format: 'JSONEachRow', columns: ['id'] });
    await target.client('writer').insert({ table, values: [], format: 'JSONEachRow' });
    await target.client('writer').command({ query: `INSERT INTO ${table} (id, name) VALUES (8, 'a;b'), (9, 'c')` });
    await target.client('writer').command({
      query: `INSERT INTO ${table} (id, name) VALUES ({id:UInt64}, {name:String})`,
      query_params: { id: 10, name: "it's" },
    });
    await target.client('writer').command({ query: `INSERT INTO ${table} (id) SELECT number + 100 FROM numbers(3)` });
    expect(await rows(`SELECT groupArray((id, name)) AS all FROM (SELECT * FROM ${table} ORDER BY id)`)).toHaveLength(
      1,
    );
    expect(
      (await rows<{ name: string }>(`SELECT name FROM ${table} WHERE id < 100 ORDER BY id`)).map(({ name }) => name),
    ).toEqual(['', 'a;b', 'c', "it's"]);
    expect(await countRows()).toBe(7);
  });

  it('refuses rows that cannot be read, and stores none of them', async () => {
    const inserting = target.client('writer').exec({
      query: into(table),
      values: Readable.from(['{"id": 1}\n{"id": 2}\n', '{"id": "no number"}\n'], { objectMode: false }),
    });
    await expect(inserting).rejects.toBeInstanceOf(ClickHouseError);
    expect(await countRows()).toBe(0);
  });

  it('refuses rows for a table that is not there while they still come', async () => {
    async function* endless() {
      for (;;) {
        yield '{"id": 1}\n';
        await new Promise((done) => setImmediate(done));
      }
    }
    const values = Readable.from(endless(), { objectMode: false });
    const inserting = target.client('writer').exec({ query: into(`${database}.none`), values });
    await expect(inserting).rejects.toMatchObject({ code: '60' });
    values.destroy();
  });

  it('stores nothing of rows whose sender went away half-way', async () => {
    const sent = new Readable({ read() {} });
    const controller = new AbortController();
    const inserting = target
      .client('writer')
      .exec({ query: into(table), values: sent, abort_signal: controller.signal });
    inserting.catch(() => {});
    sent.push(Array.from({ length: 1000 }, (_, id) => `{"id": ${id}}\n`).join(''));
    await until('the insert is listed', async () => (await running(table)) > 0);
    controller.abort();
    await expect(inserting).rejects.toThrow();
    await until('the insert is over', async () => (await running(table)) === 0);
    expect(await countRows()).toBe(0);
  });
});

const into = (name: string) => `INSERT INTO ${name} FORMAT JSONEachRow`;

/** How many statements that name `word` run now, besides the one that asks. */
async function running(word: string): Promise<number> {
  const found = await rows<{ query: string }>(
    `SELECT query FROM system.processes WHERE position(query, '${word}') > 0 AND position(query, 'system.processes') = 0`,
    { account: 'writer' },
  );
  return found.length;
}

describe('answers', () => {
  it('are compressed when the client asks for it', async () => {
    const answer = await target.fetch(
      'reader',
      `/?enable_http_compression=1&query=${encodeURIComponent("SELECT repeat('a', 1000000)")}`,
      {
        headers: { 'Accept-Encoding': 'gzip' },
      },
    );
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect((await answer.text()).length).toBe(1_000_001);
    await using client = clientWith({ compression: { response: true } });
    const result = await client.query({ query: 'SELECT number FROM numbers(200000)', format: 'JSONEachRow' });
    expect(await result.json()).toHaveLength(200_000);
  });

  it('stream: while the client does not read, the engine does not work ahead', async () => {
    const result = await target.client('reader').query({
      query: `SELECT number, 'backpressure' AS mark FROM numbers(1000000000)`,
      format: 'JSONEachRow',
    });
    const stream = result.stream();
    await new Promise((done) => stream.once('readable', done));
    let before = -1;
    await until('the engine stands still', async () => {
      const now = Number(
        (
          await rows<{ n: string }>(
            "SELECT sum(read_rows) AS n FROM system.processes WHERE position(query, 'backpressure') > 0 AND position(query, 'system.processes') = 0",
            { account: 'writer' },
          )
        )[0]?.n,
      );
      const isStill = now === before && now > 0;
      before = now;
      return isStill;
    });
    expect(before).toBeLessThan(20_000_000);
    stream.destroy();
    result.close();
    await until('it is killed', async () => (await running('backpressure')) === 0);
  });

  it('carry the id of the query, a summary and what they are', async () => {
    const answer = await target.fetch('reader', '/?query_id=mine-1&default_format=CSV&query=SELECT+1');
    expect(await answer.text()).toBe('1\n');
    expect(answer.headers.get('x-clickhouse-query-id')).toBe('mine-1');
    expect(answer.headers.get('x-clickhouse-format')).toBe('CSV');
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(JSON.parse(answer.headers.get('x-clickhouse-summary') ?? '')).toHaveProperty('read_rows');
  });
});

describe('errors', () => {
  it.each([
    ['SELEC 1', '62', 400],
    ['SELECT * FROM nowhere', '60', 404],
    ['SELECT no_such_column FROM system.one', '47', 404],
    ["SELECT throwIf(1, 'on purpose')", '395', 500],
    ['SELECT {x:UInt8}', '456', 500],
  ])('of %s are the engine’s own, with its code', async (query, code, status) => {
    await expect(target.client('writer').query({ query })).rejects.toMatchObject({ code });
    const answer = await target.fetch('writer', '/', { method: 'POST', body: query });
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe(code);
    expect(await answer.text()).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: `));
    if (isEmbedded) expect(answer.status).toBe(status);
  });

  const breaking = 'SELECT number, throwIf(number = 500000) AS x FROM numbers(1000000)';
  const slowly = { max_block_size: '10000', max_threads: 1 };

  it.each([false, true])('in mid-stream reach whoever reads rows (compressed: %s)', async (response) => {
    await using client = clientWith({ compression: { response } });
    const result = await client.query({ query: breaking, format: 'JSONEachRow', clickhouse_settings: slowly });
    let seen = 0;
    const reading = (async () => {
      for await (const part of result.stream()) seen += part.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: '395', type: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO' });
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThanOrEqual(500_000);
  });

  it('in mid-stream never look like a short result to whoever reads bytes', async () => {
    const answer = await target.fetch('writer', '/?max_block_size=10000&max_threads=1', {
      method: 'POST',
      body: `${breaking} FORMAT CSV`,
    });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });

  it('come before the first byte with wait_end_of_query', async () => {
    const answer = await target.fetch('writer', '/?wait_end_of_query=1&max_block_size=10000&max_threads=1', {
      method: 'POST',
      body: `${breaking} FORMAT CSV`,
    });
    expect(answer.status).toBe(500);
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('395');
  });

  it('end a query that takes longer than it may', async () => {
    const query = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1';
    const asking = target.client('analyst').query({ query, clickhouse_settings: { max_execution_time: 1 } });
    await expect(asking).rejects.toMatchObject({ code: '159', type: 'TIMEOUT_EXCEEDED' });
  });
});

describe('a client that asks for readonly', () => {
  it.each(['1', '2'])('(%s) reads and changes nothing, also with the account that writes', async (readonly) => {
    await using client = clientWith({ clickhouse_settings: { readonly } });
    for (const query of [`INSERT INTO ${table} (id) SELECT 1`, `TRUNCATE TABLE ${table}`, `DROP TABLE ${table}`])
      await expect(client.command({ query })).rejects.toMatchObject({ code: '164', type: 'READONLY' });
    const result = await client.query({ query: `SELECT count() AS n FROM ${table}`, format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ n: expect.toSatisfy((n) => Number(n) === 0) }]);
  });
});

describe('a client that leaves', () => {
  it('ends its query', async () => {
    const controller = new AbortController();
    const asking = target.client('analyst').query({
      query: "SELECT count(), 'leaving' FROM numbers(1000000000000) WHERE sipHash64(number) = 1",
      abort_signal: controller.signal,
      clickhouse_settings: { cancel_http_readonly_queries_on_client_close: 1 },
    });
    asking.catch(() => {});
    await until('the query runs', async () => (await running('leaving')) === 1);
    controller.abort();
    await expect(asking).rejects.toThrow();
    await until('the query is over', async () => (await running('leaving')) === 0);
  });
});

describe('sessions', () => {
  it('keep temporary tables and settings, and only for themselves', async () => {
    await using mine = clientWith({ session_id: randomUUID() });
    await using other = clientWith({ session_id: randomUUID() });
    await mine.command({ query: 'CREATE TEMPORARY TABLE kept (n UInt8)' });
    await mine.insert({ table: 'kept', values: [{ n: 5 }], format: 'JSONEachRow' });
    await mine.command({ query: 'SET output_format_json_quote_64bit_integers = 1' });
    const ask = async (client: typeof mine, settings = {}) =>
      (
        await client.query({
          query: 'SELECT toUInt64(n) AS n FROM kept',
          format: 'JSONEachRow',
          clickhouse_settings: settings,
        })
      ).json();
    expect(await ask(mine)).toEqual([{ n: '5' }]);
    expect(await ask(mine, { output_format_json_quote_64bit_integers: 0 })).toEqual([{ n: 5 }]);
    expect(await ask(mine)).toEqual([{ n: '5' }]);
    await expect(ask(other)).rejects.toMatchObject({ code: '60' });
  });

  it('are refused to a second query at once, and when they are not there', async () => {
    await using client = clientWith({ session_id: randomUUID() });
    const long = client.query({ query: 'SELECT sleep(2)' });
    await until('it runs', async () => (await running('sleep(2)')) === 1);
    await expect(client.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '373' });
    await (await long).text();
    const answer = await target.fetch('writer', '/?session_id=nobody&session_check=1&query=SELECT+1');
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('372');
  });
});
