import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal, jetStreamPublisher } from '#ingest/publish/jetstream.ts';
import { type Outbox, type OutboxEvent, openOutbox } from '#ingest/publish/outbox.ts';
import type { SpoolRecord } from '#ingest/spool/segment.ts';
import { openSpool, type Spool, type SpoolLoss } from '#ingest/spool/spool.ts';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { type Broker, ensureStream, openBroker } from '#system/broker.ts';
import { type SwitchedBroker, startSwitchedBroker } from '#test/ingest/worker-site.ts';
import { testLogger, until } from '#test/site/site.ts';

let switched: SwitchedBroker;
let broker: Broker;

beforeAll(async () => {
  switched = await startSwitchedBroker();
  broker = await openBroker(switched.config, 'ingest', { logger: testLogger, name: 'outbox' });
  await ensureStream(broker, DETECTIONS_STREAM);
});
afterAll(async () => {
  await broker[Symbol.asyncDispose]();
  await switched[Symbol.asyncDispose]();
});

const record = (camera: string, number: number, bytes = 200): SpoolRecord => ({
  subject: `sharpeyes.detections._._._._._.${camera}`,
  id: `${camera}:1:${number}`,
  data: new TextEncoder().encode(JSON.stringify({ number, filler: 'x'.repeat(bytes) })),
});

type Open = AsyncDisposable & { outbox: Outbox; spool: Spool; events: OutboxEvent[]; losses: SpoolLoss[] };

function open(name: string, timeoutMs = 5000): Open {
  const events: OutboxEvent[] = [];
  const losses: SpoolLoss[] = [];
  const folder = resolve(switched.config.dataDir, 'spool', name);
  const spool = openSpool(folder, { maxBytes: 8e6, maxAgeMs: 3.6e6, onLoss: (loss) => losses.push(loss) });
  if (spool === undefined) throw new Error('the spool is taken');
  const outbox = openOutbox({
    publish: jetStreamPublisher(broker.stream, { timeoutMs }),
    isRefusal,
    isConnected: broker.isConnected,
    spool,
    logger: testLogger,
    windowSize: 64,
    onEvent: (event) => events.push(event),
  });
  return {
    ...{ outbox, spool, events, losses },
    async [Symbol.asyncDispose]() {
      await outbox[Symbol.asyncDispose]();
      spool[Symbol.dispose]();
    },
  };
}

/** The ids of one camera in the stream, in the stream's order. */
async function stored(camera: string): Promise<number[]> {
  const subject = `sharpeyes.detections._._._._._.${camera}`;
  const info = await broker.manager.streams.info(DETECTIONS_STREAM.name, { subjects_filter: subject });
  const count = info.state.subjects?.[subject] ?? 0;
  const consumer = await broker.stream.consumers.get(DETECTIONS_STREAM.name, { filter_subjects: subject });
  const numbers: number[] = [];
  if (count === 0) return numbers;
  for await (const message of await consumer.consume()) {
    numbers.push(message.json<{ number: number }>().number);
    if (message.info.pending === 0) break;
  }
  return numbers;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const countOf = (events: OutboxEvent[], type: OutboxEvent['type']) =>
  events.filter((event) => event.type === type).length;

describe('outbox', () => {
  it('publishes in order and waits for nothing but its window', async () => {
    await using opened = open('direct');
    for (const number of upTo(1000)) await opened.outbox.send(record('direct', number));
    expect(opened.outbox.inFlight()).toBeLessThanOrEqual(64);
    await until('all are acknowledged', () => opened.outbox.inFlight() === 0);
    expect(await stored('direct')).toEqual(upTo(1000));
    expect(countOf(opened.events, 'published')).toBe(1000);
    expect(opened.spool.isEmpty()).toBe(true);
  });

  it('spools while the broker is away and replays in order before anything newer', async () => {
    await using opened = open('away');
    const { outbox, spool, events, losses } = opened;
    let sent = 0;
    const sendSome = async (count: number) => {
      for (let more = 0; more < count; more++) await outbox.send(record('away', sent++));
    };
    await sendSome(100);
    await switched.stop();
    await sendSome(300);
    expect(outbox.state()).toBe('spooling');
    expect(spool.messages()).toBeGreaterThanOrEqual(300);
    await switched.start();
    await until('the outbox is direct again', async () => {
      await sendSome(5);
      return outbox.state() === 'direct';
    });
    await sendSome(20);
    await until('all are acknowledged', () => outbox.inFlight() === 0);
    expect(await stored('away')).toEqual(upTo(sent));
    expect(countOf(events, 'replayed')).toBeGreaterThanOrEqual(300);
    expect(losses).toEqual([]);
    expect(spool.isEmpty()).toBe(true);
  });

  it('spools what a hanging broker does not acknowledge, and repeats nothing but ids the stream knows', async () => {
    await using opened = open('hangs', 400);
    const { outbox } = opened;
    for (const number of upTo(10)) await outbox.send(record('hangs', number));
    {
      using _hanging = switched.hang();
      for (const number of upTo(20).slice(10)) await outbox.send(record('hangs', number));
      await until('the outbox gives up waiting', () => outbox.state() === 'spooling');
      for (const number of upTo(30).slice(20)) await outbox.send(record('hangs', number));
    }
    await until('the outbox is direct', () => outbox.state() === 'direct' && outbox.inFlight() === 0);
    expect(await stored('hangs')).toEqual(upTo(30));
  });

  it('keeps what a stopped worker could not send for the next one of its name', async () => {
    await switched.stop();
    {
      await using opened = open('restart');
      for (const number of upTo(50)) await opened.outbox.send(record('restart', number));
    }
    await switched.start();
    await until('the broker is back', () => broker.isConnected());
    await using opened = open('restart');
    for (const number of upTo(60).slice(50)) await opened.outbox.send(record('restart', number));
    await until('the outbox is direct', () => opened.outbox.state() === 'direct' && opened.outbox.inFlight() === 0);
    expect(await stored('restart')).toEqual(upTo(60));
  });

  it('gives up a message that the broker will never take, counted, and goes on', async () => {
    await using opened = open('refused');
    await opened.outbox.send(record('refused', 0));
    await opened.outbox.send(record('refused', 1, 2_000_000));
    await opened.outbox.send(record('refused', 2));
    await until('all are settled', () => opened.outbox.inFlight() === 0);
    expect(countOf(opened.events, 'refused')).toBe(1);
    expect(opened.outbox.state()).toBe('direct');
    expect(await stored('refused')).toEqual([0, 2]);
  });

  it('stores a message that comes twice once', async () => {
    await using opened = open('twice');
    for (const number of [0, 1, 1, 0, 2]) await opened.outbox.send(record('twice', number));
    await until('all are acknowledged', () => opened.outbox.inFlight() === 0);
    expect(await stored('twice')).toEqual([0, 1, 2]);
  });
});
