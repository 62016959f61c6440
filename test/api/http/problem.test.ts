/** What the log says of requests whose client has left: a real server, and clients that hang up. */
import { fastify } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '#api/app.ts';
import { answerProblems } from '#api/http/problem.ts';
import { ClientWentError } from '#api/live/client-went.ts';
import { FaultError } from '#models/schema/fault.ts';
import { until } from '#test/site/site.ts';

type Line = { level: number; code?: string; msg: string };
const ERROR = pino.levels.values.error!;

describe('a request whose client has left', () => {
  const ends: Record<string, () => Error> = {
    bug: () => new TypeError('nothing is not a figure'),
    leaving: () => new ClientWentError(),
    store: () => new FaultError('store-unreachable', 'ClickHouse does not answer'),
  };
  const lines: Line[] = [];
  let app: App;
  let base: string;
  let asked = 0;

  beforeAll(async () => {
    const sink = { write: (text: string) => void lines.push(JSON.parse(text) as Line) };
    app = fastify({ loggerInstance: pino({ level: 'debug' }, sink) }) as unknown as App;
    answerProblems(app);
    app.get('/:end', async (request) => {
      asked++;
      const { socket } = request.raw;
      if (!socket.destroyed) await new Promise((done) => socket.once('close', done));
      throw ends[(request.params as { end: string }).end]!();
    });
    base = await app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => app.close());

  async function leave(end: string): Promise<Line> {
    lines.length = 0;
    asked = 0;
    const client = new AbortController();
    const asking = fetch(`${base}/${end}`, { signal: client.signal }).catch(() => {});
    await until('it is being answered', () => asked === 1);
    client.abort();
    await asking;
    const told = () => lines.find(({ msg }) => msg === 'request failed' || msg === 'request left');
    await until('the log says so', () => told() !== undefined);
    return told()!;
  }

  it('is logged as an error where the fault is ours', async () => {
    expect(await leave('bug')).toMatchObject({ level: ERROR, code: 'internal', err: { type: 'TypeError' } });
  });

  it.each(['leaving', 'store'])('is no error where it ended because of that: %s', async (end) => {
    expect((await leave(end)).level).toBeLessThan(ERROR);
  });
});
