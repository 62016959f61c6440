/**
 * A thousand subscribers of the stream of alerts on one API process: how late events come (p50, p99), and whether memory
 * stays flat. `node test/bench/alert-stream.ts [subscribers] [events a second] [seconds]`
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openBroker } from '#system/broker.ts';
import { startApi } from '#test/api/api-site.ts';
import { alertEvent, publishEvents } from '#test/site/alert-events.ts';
import { testLogger } from '#test/site/site.ts';

type Tally = { opened: number; received: number; lateMs: number[] };

const [role, ...args] = process.argv.slice(2);
if (role === 'listen') await listen(args);
else await measure(process.argv.slice(2).map(Number));

/** In a process of its own, so that the subscribers' work is not the API's. */
async function listen([url = '', count = '0', ...tokens]: string[]): Promise<void> {
  const tally: Tally = { opened: 0, received: 0, lateMs: [] };
  process.on('message', () => process.send?.(tally));
  for (let index = 0; index < Number(count); index++) {
    const token = tokens[index % tokens.length];
    const answer = await fetch(`${url}/api/v1/alert-stream`, { headers: { authorization: `Bearer ${token}` } });
    tally.opened++;
    void read(answer, tally);
  }
  process.send?.('opened');
}

async function read(answer: Response, tally: Tally): Promise<void> {
  for await (const chunk of answer.body ?? []) {
    const nowMs = Date.now();
    for (const [, raisedAtMs] of Buffer.from(chunk)
      .toString()
      .matchAll(/"raisedAtMs":(\d+)/g)) {
      tally.received++;
      tally.lateMs.push(nowMs - Number(raisedAtMs));
    }
  }
}

async function measure([subscribers = 1000, perSecond = 5, seconds = 20]: number[]): Promise<void> {
  await using api = await startApi();
  await using engine = await openBroker(api.config, 'analytics', { logger: testLogger, name: 'bench' });
  // A user has a hundred places.
  const tokens: string[] = [];
  for (let index = 0; index < Math.ceil(subscribers / 100); index++)
    tokens.push(await api.enrol(`user-${index}`, ['officer']));
  const child = fork(fileURLToPath(import.meta.url), ['listen', api.url, String(subscribers), ...tokens]);
  await new Promise((resolve) => child.once('message', resolve));
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  /** What is still reachable: rubbish that nobody has collected yet is no leak. */
  const memory = () => {
    collect();
    const { heapUsed, rss } = process.memoryUsage();
    return { sent, heapMb: Math.round(heapUsed / 1024 ** 2), rssMb: Math.round(rss / 1024 ** 2) };
  };
  let sent = 0;
  const before = memory();
  let middle: ReturnType<typeof memory> | undefined;
  const endMs = Date.now() + seconds * 1000;
  while (Date.now() < endMs) {
    const event = alertEvent(`bench-${sent}`, { atMs: Date.now() - 120 });
    await publishEvents(engine, [event]);
    sent++;
    // Buffers of a thousand sockets are there by then.
    if (middle === undefined && Date.now() > endMs - seconds * 500) middle = memory();
    await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const after = memory();
  child.send('tell');
  const tally = await new Promise<Tally>((resolve) => child.once('message', (told) => resolve(told as Tally)));
  child.kill();
  const late = tally.lateMs.sort((one, other) => one - other);
  const at = (share: number) => late[Math.min(late.length - 1, Math.floor(late.length * share))];
  console.log({ subscribers: tally.opened, sent, expected: sent * subscribers, received: tally.received });
  console.log({ p50Ms: at(0.5), p99Ms: at(0.99), maxMs: late.at(-1), before, middle, after });
}
