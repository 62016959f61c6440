/**
 * What a past that is written in the background does to live rows: how old they are when they are stored, without and
 * with it, in one run; real nats-server, store and analytics processes. `node test/bench/history-live.ts [seconds, 40]`.
 */
import { availableParallelism, loadavg } from 'node:os';
import { writeHistory } from '#demo/history/main.ts';
import { VIEWS } from '#demo/world/views.ts';
import { messageOf, publish, sightingAt, untilAcknowledged } from '#test/analytics/counting-site.ts';
import { startPastSite } from '#test/demo/history/past-site.ts';
import { testLogger } from '#test/site/site.ts';

const LOOKS_PER_S = 2;
const SIGHTINGS = 5;
const REVISION = 7;

type Phase = { fromMs: number; toMs: number };

async function main(seconds: number): Promise<void> {
  await using counting = await startPastSite();
  const { site, broker, reader } = counting;
  let sequence = 0;

  async function live(): Promise<Phase> {
    const fromMs = Date.now();
    for (let turn = 1; turn <= seconds * LOOKS_PER_S; turn++) {
      const capturedAtMs = Date.now();
      sequence++;
      const looks = VIEWS.map(({ id }) => {
        const sightings = Array.from({ length: SIGHTINGS }, (_, index) =>
          sightingAt(0.2 + 0.1 * index, 0.8, { track: `${id}${index}`.padEnd(12, '0'), presenceMs: 500 }),
        );
        return messageOf({
          camera: id,
          revision: REVISION,
          sequence,
          capturedAtMs,
          receivedAtMs: capturedAtMs,
          sightings,
        });
      });
      await publish(broker, looks);
      const restMs = fromMs + (turn * 1000) / LOOKS_PER_S - Date.now();
      if (restMs > 0) await new Promise((done) => setTimeout(done, restMs));
    }
    const toMs = Date.now();
    await untilAcknowledged(counting, 60_000);
    return { fromMs, toMs };
  }

  /** Seconds from the frame to the row, by the engine's clock, which is this machine's. */
  async function ages({ fromMs, toMs }: Phase): Promise<{ looks: number; p50S: number; p99S: number }> {
    const result = await reader.query({
      query: `SELECT toFloat64(count()) AS looks, round(quantileExact(0.5)(age), 3) AS p50S, round(quantileExact(0.99)(age), 3) AS p99S FROM (
        SELECT (toUnixTimestamp64Milli(stored_at) - toUnixTimestamp64Milli(received_at)) / 1000 AS age FROM sharp_eyes.looks
        WHERE revision = ${REVISION} AND received_at >= fromUnixTimestamp64Milli(${fromMs}) AND received_at < fromUnixTimestamp64Milli(${toMs}))`,
      format: 'JSONEachRow',
    });
    return (await result.json<{ looks: number; p50S: number; p99S: number }>())[0]!;
  }

  const alone = await ages(await live());
  const stop = new AbortController();
  const told = { parts: 0, sightings: 0, hours: 0 };
  const writing = writeHistory({
    ...{
      config: site.config,
      days: 28,
      untilMs: Date.now(),
      logger: testLogger,
      signal: stop.signal,
      isInBackground: true,
    },
    onPart({ range, sightings }) {
      told.parts += 1;
      told.sightings += sightings;
      told.hours += (range[1] - range[0]) / 3_600_000;
    },
  });
  const beside = await ages(await live());
  stop.abort();
  await writing;
  const machine = { cores: availableParallelism(), load: loadavg()[0] };
  console.log(JSON.stringify({ machine, seconds, alone, beside, ratioP99: beside.p99S / alone.p99S, written: told }));
}

await main(Number(process.argv[2] ?? 40));
