/** The client of the store behind a line that breaks: the real store, and a relay that cuts connections. */
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStoreClient } from '#system/store-client.ts';
import { type Site, startSite } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';

/** A request may come in many parts: each has one such line. The client sends its head in one. */
const REQUEST_LINES = /^(?:GET|POST) \S+ HTTP\/1\.1\r$/gm;

/** Passes everything on to `port`; cuts the next `cuts` requests when they come. */
async function startRelay(port: number) {
  const sockets = new Set<Socket>();
  const line = { cuts: 0, requests: 0 };
  const server = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    from.on('data', (part) => {
      const begun = part.toString('latin1').match(REQUEST_LINES)?.length ?? 0;
      line.requests += begun;
      if (line.cuts === 0 || begun === 0) return void to.write(part);
      line.cuts--;
      from.resetAndDestroy();
      to.destroy();
    });
    to.on('data', (part) => from.write(part));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    line,
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

describe('the client of the store', () => {
  const stack = new AsyncDisposableStack();
  let site: Site;
  let relay: Awaited<ReturnType<typeof startRelay>>;
  beforeAll(async () => {
    site = stack.use(await startSite());
    await startStore(site);
    relay = stack.use(await startRelay(site.config.storePort));
  });
  afterAll(() => stack.disposeAsync());

  async function ask(account: 'reader' | 'writer', cuts: number): Promise<number> {
    const config = { ...site.config, storePort: relay.port };
    const client = stack.adopt(openStoreClient(config, account), (one) => one.close());
    Object.assign(relay.line, { cuts, requests: 0 });
    const result = await client.query({ query: 'SELECT 41 + 1 AS n', format: 'JSONEachRow' });
    return Number((await result.json<{ n: number }>())[0]?.n);
  }

  it('asks about thousands of ids at once', async () => {
    await using client = openStoreClient(site.config, 'reader');
    const ids = Array.from({ length: 5000 }, (_, number) => `incident-${number}`);
    const query = 'SELECT length({ids:Array(String)}) AS n';
    const result = await client.query({ query, query_params: { ids }, format: 'JSONEachRow' });
    expect(Number((await result.json<{ n: string }>())[0]?.n)).toBe(5000);
  });

  it('asks once more what only reads, where the connection broke before the answer', async () => {
    expect(await ask('reader', 1)).toBe(42);
    expect(relay.line.requests).toBe(2);
  });

  it('says that it broke where it breaks again, and asks nothing twice that may write', async () => {
    await expect(ask('reader', 2)).rejects.toThrow();
    expect(relay.line.requests).toBe(2);
    await expect(ask('writer', 1)).rejects.toThrow();
    expect(relay.line.requests).toBe(1);
  });
});
