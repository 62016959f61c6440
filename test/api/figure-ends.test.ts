import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '#analytics/store/schema.ts';
import { STREAM_LIMITS } from '#api/live/stream-limits.ts';
import { openStoreClient } from '#system/store-client.ts';
import { testLogger, until } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';
import { type ApiSite, startApi } from './api-site.ts';

type SlowSite = AsyncDisposable & {
  api: ApiSite;
  /** Queries of figures that run in the store now. */
  running: () => Promise<number>;
  /** The numbers with which queries of the API have ended in the store. */
  ended: () => Promise<string[]>;
};

/** A site with the real store, whose table of minutes computes for hours: every figure asks it first. */
async function startSlow(figureTimeoutS: number): Promise<SlowSite> {
  const stack = new AsyncDisposableStack();
  try {
    const api = stack.use(await startApi({ figureTimeoutS }));
    await startStore(api.site);
    const writer = stack.adopt(openStoreClient(api.config, 'writer'), (client) => client.close());
    await migrate(writer, { config: api.config, logger: testLogger, exclusively: (work) => work() });
    await writer.command({ query: 'RENAME TABLE sharp_eyes.minutes TO sharp_eyes.minutes_kept' });
    await writer.command({
      query: `CREATE VIEW sharp_eyes.minutes AS SELECT toDateTime(number, 'UTC') AS minute, number AS version, true AS is_closed
        FROM numbers(1000000000000) WHERE sipHash64(number) = 1`,
    });
    const owned = stack.move();
    return {
      api,
      async running() {
        const query = `SELECT count() AS n FROM system.processes
          WHERE position(query, 'sharp_eyes.minutes') > 0 AND position(query, 'system.processes') = 0`;
        const result = await writer.query({ query, format: 'JSONEachRow' });
        return Number((await result.json<{ n: string }>())[0]?.n);
      },
      async ended() {
        const told = await (await fetch(`http://127.0.0.1:${api.config.storePort}/metrics`)).text();
        return [...told.matchAll(/store_queries_total\{account="reader",.*error="(\d+)"/g)].map(([, code]) => code!);
      },
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

describe('the query of a figure', () => {
  let slow: SlowSite;
  beforeAll(async () => {
    slow = await startSlow(300);
  });
  afterAll(() => slow[Symbol.asyncDispose]());

  const asked = (path: string, signal: AbortSignal, token = slow.api.adminToken) =>
    fetch(`${slow.api.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` }, signal }).catch(() => {});

  it.each(['/heat-map', '/heat-map?measure=tracks&kind=person', '/summary'])(
    'of %s is gone from the store when the client goes',
    async (path) => {
      const client = new AbortController();
      const asking = asked(path, client.signal);
      await until('the store computes', async () => (await slow.running()) > 0);
      client.abort();
      await asking;
      await until('nothing computes any more', async () => (await slow.running()) === 0);
      expect(slow.api.context.streams.open('figures')).toBe(0);
      // Whoever leaves is no failure of the store.
      await until('the store has counted it', async () => (await slow.ended()).includes('394'));
      expect((await slow.ended()).filter((code) => !['0', '394'].includes(code))).toEqual([]);
    },
  );

  it('is gone when the right to it goes, and says so', async () => {
    const token = await slow.api.enrol('zhou', ['analyst']);
    const asking = asked('/heat-map', AbortSignal.timeout(120_000), token);
    await until('the store computes', async () => (await slow.running()) > 0);
    expect((await slow.api.ask('DELETE', '/api/v1/users/zhou')).status).toBe(204);
    await until('nothing computes any more', async () => (await slow.running()) === 0);
    const answer = (await asking) as Response;
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated' });
  });

  it('is refused, with when to ask again, while as many run as one person may have; others still get theirs', async () => {
    const { perUser } = STREAM_LIMITS.figures;
    const clients = new AbortController();
    const askings = Array.from({ length: perUser }, () => asked('/heat-map', clients.signal));
    await until('all are on their way', () => slow.api.context.streams.open('figures') === perUser);
    const refused = await slow.api.ask('GET', '/api/v1/heat-map');
    expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-queries', cure: expect.any(String) } });
    expect(refused.headers.get('retry-after')).toBe('2');
    const other = new AbortController();
    const token = await slow.api.enrol('qin', ['officer']);
    askings.push(asked('/heat-map', other.signal, token));
    await until('another’s is on its way', () => slow.api.context.streams.open('figures') === perUser + 1);
    clients.abort();
    other.abort();
    await Promise.all(askings);
    await until('nothing computes any more', async () => (await slow.running()) === 0);
    expect(slow.api.context.streams.open('figures')).toBe(0);
  });
});

describe('a figure that is not there in time', () => {
  it('is answered in words, and its query is gone from the store', async () => {
    await using slow = await startSlow(1);
    const answer = await slow.api.ask('GET', '/api/v1/heat-map');
    expect(answer).toMatchObject({
      status: 408,
      body: { code: 'query-too-long', cure: expect.stringContaining('SHARP_EYES_FIGURE_TIMEOUT_S') },
    });
    // To the store it is a query whose client left: the picture of operations has it from here.
    const counted = await slow.api.context.metrics.registry.getSingleMetricAsString(
      'sharp_eyes_figures_too_long_total',
    );
    expect(counted).toMatch(/^sharp_eyes_figures_too_long_total\{.*\} 1$/m);
    await until('nothing computes any more', async () => (await slow.running()) === 0);
  });
});
