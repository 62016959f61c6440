import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultError } from '#models/schema/fault.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { aborted } from '#system/lifecycle.ts';
import { answerStream, askStream, type StreamAnswerer } from '#system/reply-stream.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';

const SUBJECT = 'sharpeyes.control.test';

describe('a question with many answers', () => {
  let site: Site;
  let api: Broker;
  let ingest: Broker;
  beforeAll(async () => {
    site = await startSite();
    api = await openBroker(site.config, 'api', { logger: testLogger, name: 'asker' });
    ingest = await openBroker(site.config, 'ingest', { logger: testLogger, name: 'answerer' });
  });
  afterAll(async () => {
    await api?.[Symbol.asyncDispose]();
    await ingest?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  const nobody = () => new FaultError('no-worker', 'nobody is there');
  const ask = (question: unknown, signal = new AbortController().signal) =>
    askStream(api, SUBJECT, question, { signal, nobody });
  async function answering(answer: StreamAnswerer): Promise<Disposable> {
    const answers = answerStream(ingest.connection, SUBJECT, { answer });
    await ingest.connection.flush();
    return answers;
  }
  async function collect(items: AsyncIterable<unknown>): Promise<unknown[]> {
    const all: unknown[] = [];
    for await (const item of items) all.push(item);
    return all;
  }

  it('is refused at once where nobody answers', async () => {
    await expect(ask({})).rejects.toMatchObject({ code: 'no-worker', message: 'nobody is there' });
  });

  it('gets them in their order, and their end', async () => {
    using _answers = await answering(async function* (question) {
      for (let at = 0; at < 500; at++) yield { question, at };
    });
    const items = await collect(await ask('why'));
    expect(items).toHaveLength(500);
    expect(items.at(-1)).toEqual({ question: 'why', at: 499 });
  });

  it('throws the fault of who answers: before the first answer, and after some', async () => {
    using _answers = await answering((question) => {
      if (question === 'early') throw new FaultError('discovery-busy', 'not now', { cure: 'Come back.' });
      return (async function* () {
        yield 1;
        throw new FaultError('disk-full', 'broken off');
      })();
    });
    await expect(ask('early')).rejects.toMatchObject({
      code: 'discovery-busy',
      message: 'not now',
      cure: 'Come back.',
    });
    const items = await ask('late');
    expect((await items.next()).value).toBe(1);
    await expect(items.next()).rejects.toMatchObject({ code: 'disk-full', message: 'broken off' });
  });

  it('ends for who answers when the asker goes', async () => {
    let isOver = false;
    using _answers = await answering(async function* (_question, signal) {
      yield 'begun';
      await aborted(signal);
      isOver = true;
    });
    const going = new AbortController();
    const items = await ask({}, going.signal);
    expect((await items.next()).value).toBe('begun');
    going.abort();
    expect(await items.next()).toMatchObject({ done: true });
    await until('the answerer is told', () => isOver);
  });

  it('is over when who answers stops', async () => {
    const answers = await answering(async function* (_question, signal) {
      yield 'begun';
      await aborted(signal);
    });
    const items = await ask({});
    expect((await items.next()).value).toBe('begun');
    answers[Symbol.dispose]();
    expect(await items.next()).toMatchObject({ done: true });
  });
});
