/**
 * A question over NATS whose answer is many messages: the answerer is told when the asker goes, and each notices when the
 * other falls silent.
 *
 * Beside its inbox for the answers the asker has a subject, on which it says that it is still there or that it goes. Answers are `begun`, then any number of `item`, with `alive` in between, and at last `end` or `fault`.
 */
import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { FAULTS, FaultError, faultCodeOf, isFaultCode } from '#models/schema/fault.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import type { Broker } from './broker.ts';

type Reply =
  | { type: 'begun' | 'alive' | 'end' }
  | { type: 'item'; item: unknown }
  | { type: 'fault'; code: string; message: string; cure?: string };
type Asked = { question: unknown; life: string };

const BEGIN_MS = 3000;
const ALIVE_MS = 2000;
const SILENCE_MS = 10_000;
/** A reader that is this far behind is let go with a fault: nothing is dropped in silence. */
const WAITING_MAX = 20_000;

export type StreamAnswerer = (
  question: unknown,
  signal: AbortSignal,
) => AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>;

/** Answers until it is disposed; of all with the same `queue` one answers each question. */
export function answerStream(
  connection: NatsConnection,
  subject: string,
  { queue, answer }: { queue?: string; answer: StreamAnswerer },
): Disposable {
  const stopping = new AbortController();
  const subscription = connection.subscribe(subject, {
    ...(queue === undefined ? {} : { queue }),
    callback: (error, message) => {
      if (error === null && message.reply !== undefined) {
        void answerOne(connection, { bytes: message.string(), reply: message.reply, answer, stopped: stopping.signal });
      }
    },
  });
  return {
    [Symbol.dispose]() {
      subscription.unsubscribe();
      stopping.abort();
    },
  };
}

type Answering = { bytes: string; reply: string; answer: StreamAnswerer; stopped: AbortSignal };

async function answerOne(connection: NatsConnection, { bytes, reply, answer, stopped }: Answering): Promise<void> {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, stopped]);
  const tell = (told: Reply) => {
    if (!connection.isClosed()) connection.publish(reply, JSON.stringify(told));
  };
  let life: Subscription | undefined;
  let heardAtMs = performance.now();
  const timer = setInterval(() => {
    tell({ type: 'alive' });
    if (performance.now() - heardAtMs > SILENCE_MS) gone.abort();
  }, ALIVE_MS);
  try {
    const asked = JSON.parse(bytes) as Partial<Asked>;
    if (typeof asked.life !== 'string' || !/^[\w-]{1,64}$/.test(asked.life)) return;
    life = connection.subscribe(CONTROL.life(asked.life), {
      callback: (_error, message) => {
        heardAtMs = performance.now();
        if (message.string() === 'gone') gone.abort();
      },
    });
    const items = await answer(asked.question, signal);
    tell({ type: 'begun' });
    for await (const item of items) tell({ type: 'item', item });
    tell({ type: 'end' });
  } catch (error) {
    const code = faultCodeOf(error);
    const { message, cure = FAULTS[code].cure } = error as Error & { cure?: string };
    tell({ type: 'fault', code, message, cure });
  } finally {
    clearInterval(timer);
    life?.unsubscribe();
  }
}

export type AskOptions = {
  signal: AbortSignal;
  /** What is said where nobody answers. */
  nobody: () => FaultError;
};

/**
 * Resolves when somebody has begun to answer. The items end where the answer ends or the signal aborts. Throws, at first
 * or later, the FaultError that the answerer told; `nobody()` where none answers; `no-worker` where it falls silent.
 */
export async function askStream(
  broker: Pick<Broker, 'connection' | 'createInbox'>,
  subject: string,
  question: unknown,
  { signal, nobody }: AskOptions,
): Promise<AsyncGenerator<unknown>> {
  const asked: Asked = { question, life: crypto.randomUUID() };
  const replies = openReplies(broker, { life: CONTROL.life(asked.life), signal });
  broker.connection.publish(subject, JSON.stringify(asked), { reply: replies.inbox });
  try {
    const first = await replies.next(BEGIN_MS);
    if (first === undefined || first === 'nobody') throw signal.aborted ? asError(signal.reason) : nobody();
    if (first.type === 'fault') throw asFault(first);
  } catch (error) {
    replies.close();
    throw error;
  }
  return items(replies, { signal });
}

async function* items(replies: Replies, { signal }: { signal: AbortSignal }): AsyncGenerator<unknown> {
  try {
    while (!signal.aborted) {
      const reply = await replies.next(SILENCE_MS);
      if (signal.aborted) return;
      if (reply === undefined || reply === 'nobody') {
        throw new FaultError('no-worker', 'the worker that answered is silent', {
          cure: 'See whether it was restarted, then ask again.',
        });
      }
      if (reply.type === 'end') return;
      if (reply.type === 'fault') throw asFault(reply);
      if (reply.type === 'item') yield reply.item;
    }
  } finally {
    replies.close();
  }
}

type Replies = ReturnType<typeof openReplies>;

function openReplies(
  { connection, createInbox }: Pick<Broker, 'connection' | 'createInbox'>,
  { life, signal }: { life: string; signal: AbortSignal },
) {
  const inbox = createInbox();
  const waiting: (Reply | 'nobody')[] = [];
  let wake = () => {};
  const put = (reply: Reply | 'nobody') => {
    if (waiting.length < WAITING_MAX) waiting.push(reply);
    else waiting[0] = { type: 'fault', code: 'internal', message: 'the reader is too slow for the answer' };
    wake();
  };
  const subscription = connection.subscribe(inbox, {
    callback: (error, message) => {
      const isNobody = error !== null || (message.data.length === 0 && message.headers?.code === 503);
      put(isNobody ? 'nobody' : (JSON.parse(message.string()) as Reply));
    },
  });
  const timer = setInterval(() => connection.isClosed() || connection.publish(life, 'here'), ALIVE_MS);
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  const arrival = (ms: number) =>
    new Promise<void>((resolve) => {
      const late = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(late);
        resolve();
      };
      if (signal.aborted) wake();
    });
  return {
    inbox,
    /** undefined: nothing came in time, or the signal aborted. */
    async next(withinMs: number): Promise<Reply | 'nobody' | undefined> {
      if (waiting.length === 0) await arrival(withinMs);
      return waiting.shift();
    },
    close() {
      clearInterval(timer);
      signal.removeEventListener('abort', onAbort);
      subscription.unsubscribe();
      if (!connection.isClosed()) connection.publish(life, 'gone');
    },
  };
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

function asFault({ code, message, cure }: Extract<Reply, { type: 'fault' }>): FaultError {
  return new FaultError(isFaultCode(code) ? code : 'internal', message, cure === undefined ? {} : { cure });
}
