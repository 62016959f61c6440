/** ClickHouse’s HTTP interface on loopback: queries on /, and the small pages beside it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { FaultError } from '#models/schema/fault.ts';
import type { Logger } from '#system/logs.ts';
import type { Metrics } from '#system/metrics.ts';
import type { StoreAccount } from '#system/store-client.ts';
import { createSignIn } from './accounts.ts';
import { answerQuery } from './query.ts';
import type { Store } from './store.ts';
import { storeError } from './store-error.ts';

export type StoreServer = AsyncDisposable & { port: number };

type Options = {
  port: number;
  passwords: Record<StoreAccount, string>;
  logger: Logger;
  metrics: Metrics;
  /** How long running queries may go on when the server ends; then they are killed. */
  drainMs: number;
  health: () => Promise<{ isWell: boolean }>;
};

/** As ClickHouse’s `http_max_uri_size`: parameters of a query stand in the address, lists of hundreds of ids among them. */
const ADDRESS_MAX_BYTES = 1024 * 1024;

const LEFT = storeError('QUERY_WAS_CANCELLED', 'The client left.');
const STOPS = storeError('ABORTED', 'The store stops before this query has ended: ask again when it is back.');

/** Throws FaultError `port-taken`. */
export async function serveStore(store: Store, options: Options): Promise<StoreServer> {
  const signIn = createSignIn(options.passwords);
  const figures = countQueries(store, options.metrics);
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  async function query(request: IncomingMessage, response: ServerResponse, params: URLSearchParams): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort(LEFT));
    const startedMs = performance.now();
    const answered = await answerQuery(store, {
      request,
      response,
      params,
      signIn: (from) => signIn(request.headers, from),
      signal: AbortSignal.any([gone.signal, stopping.signal]),
    });
    figures.count(answered, performance.now() - startedMs);
    if (answered.errorCode !== undefined) {
      options.logger.debug({ ...answered, path: request.url?.slice(0, 200) }, 'query failed');
    }
  }

  const limits = { keepAliveTimeout: 10_000, requestTimeout: 0, maxHeaderSize: ADDRESS_MAX_BYTES };
  const server = createServer(limits, (request, response) => {
    // Not every target that HTTP lets through is a URL: `//` is none, and a throw here would end the store.
    const url = URL.parse(request.url ?? '/', 'http://store') ?? new URL('http://store/none');
    const page = PAGES[url.pathname];
    const answer =
      page !== undefined && request.method !== 'POST'
        ? page(response, { ...options, look: figures.look })
        : route(request, response, url, query);
    const tracked = answer.catch((error: unknown) => {
      options.logger.error({ error: String(error) }, 'request failed');
      response.destroy();
    });
    running.add(tracked);
    void tracked.finally(() => running.delete(tracked));
  });
  await listen(server, options.port);
  const { port } = server.address() as { port: number };
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close();
      const deadline = setTimeout(() => stopping.abort(STOPS), options.drainMs);
      await Promise.all(running);
      clearTimeout(deadline);
      server.closeAllConnections();
    },
  };
}

type Page = (response: ServerResponse, options: Options & { look: () => void }) => Promise<void>;

const ok: Page = async (response) => {
  response.end('Ok.\n');
};

const PAGES: Record<string, Page> = {
  '/ping': ok,
  '/replicas_status': ok,
  '/metrics': async (response, { metrics, look }) => {
    look();
    response.setHeader('Content-Type', metrics.registry.contentType);
    response.end(await metrics.registry.metrics());
  },
  '/health': async (response, options) => {
    const health = await options.health();
    response.statusCode = health.isWell ? 200 : 503;
    response.setHeader('Content-Type', 'application/json; charset=UTF-8');
    response.end(JSON.stringify(health));
  },
};

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  query: (request: IncomingMessage, response: ServerResponse, params: URLSearchParams) => Promise<void>,
): Promise<void> {
  const isQuery = request.method === 'POST' || (request.method === 'GET' && url.searchParams.has('query'));
  if (url.pathname === '/' && isQuery) return await query(request, response, url.searchParams);
  if (url.pathname === '/' && (request.method === 'GET' || request.method === 'HEAD')) {
    response.end('Ok.\n');
    return;
  }
  response.statusCode = url.pathname === '/' ? 405 : 404;
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  response.end(
    `There is no handle ${request.method} ${url.pathname}: queries go to POST / or GET /?query=, see also /ping, /health and /metrics.\n`,
  );
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      fail(
        cause.code === 'EADDRINUSE'
          ? new FaultError('port-taken', `port ${port} on 127.0.0.1, meant for the store, is taken`, { cause })
          : cause,
      );
    });
    server.listen(port, '127.0.0.1', done);
  });
}

function countQueries(store: Store, metrics: Metrics) {
  const queries = metrics.counter('sharp_eyes_store_queries_total', 'Queries answered', ['account', 'kind', 'error']);
  const seconds = metrics.histogram(
    'sharp_eyes_store_query_seconds',
    'Time from a query to the end of its answer',
    [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    ['account'],
  );
  const lanes = metrics.gauge('sharp_eyes_store_lane_queries', 'Queries in a lane', ['account', 'state']);
  const look = () => {
    for (const lane of Object.values(store.lanes)) {
      lanes.set({ account: lane.name, state: 'running' }, lane.running());
      lanes.set({ account: lane.name, state: 'waiting' }, lane.waiting());
    }
  };
  const count = (
    {
      account = 'nobody',
      errorCode,
      kind,
    }: { account: string | undefined; errorCode: number | undefined; kind: string },
    ms: number,
  ) => {
    queries.inc({ account, kind, error: String(errorCode ?? 0) });
    seconds.observe({ account }, ms / 1000);
  };
  return { look, count };
}
