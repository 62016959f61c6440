import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClaims } from '#ingest/lease/claims.ts';
import { openLeases, openWorkers } from '#models/registry/registry.ts';
import { BUCKETS } from '#models/wire/streams.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { askAll, type ProcessHealth } from '#system/control.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type CountingSite, messageOf, publish, sightingAt, startCountingSite } from './counting-site.ts';

const CAMERA = 'gate-3';

describe('a bucket of leases that is lost while ClickHouse stays', () => {
  let counting: CountingSite;
  beforeAll(async () => {
    counting = await startCountingSite();
  });
  afterAll(() => counting[Symbol.asyncDispose]());

  const count = async (table: string) => {
    const query = `SELECT count() AS n FROM sharp_eyes.${table}`;
    const result = await counting.reader.query({ query, format: 'JSONEachRow' });
    return Number((await result.json<{ n: string }>())[0]?.n);
  };
  const analytics = async () => {
    const answers = (await askAll(counting.broker.connection, CONTROL.health)) as ProcessHealth[];
    return answers.find(({ role }) => role === 'analytics');
  };
  /** Ten looks of a person under a term, as a worker that has the camera publishes them. */
  async function see(term: number, fromMs: number): Promise<void> {
    const looks = Array.from({ length: 10 }, (_, index) =>
      messageOf({
        camera: CAMERA,
        revision: term,
        sequence: index,
        capturedAtMs: fromMs + index * 200,
        sightings: [sightingAt(0.5, 0.6, { track: `walker${fromMs}` })],
      }),
    );
    await publish(counting.broker, looks);
  }

  it('makes no message stale: who takes the camera then has a higher term', async () => {
    const { broker } = counting;
    const stopping = new AbortController();
    const startMs = Date.now() - 60_000;
    await using claims = await openClaims({
      worker: 'worker-1',
      cameraCap: 1,
      leases: await openLeases(broker.connection),
      workers: await openWorkers(broker.connection),
      wanted: () => new Set([CAMERA]),
      isConnected: broker.isConnected,
      signal: stopping.signal,
      logger: testLogger,
    });
    const term = () => claims.held().get(CAMERA)?.term ?? 0;
    await until('the camera is held', () => term() > 0);
    const first = term();
    await see(first, startMs);
    await until('what was seen is stored', async () => (await count('looks')) === 10);
    await broker.manager.streams.delete(`KV_${BUCKETS.leases.name}`);
    await until('the camera is held under a higher term', () => term() > first);
    await see(term(), startMs + 10_000);
    await until('what was seen since is stored', async () => (await count('looks')) === 20);
    expect(await count('quarantine')).toBe(0);
    expect(await analytics()).toMatchObject({ isWell: true });
    stopping.abort();
  });

  it('is told by doctor, with the cure, where the store knows still higher ones', async () => {
    const query = `INSERT INTO sharp_eyes.revisions (camera, revision, first_captured_at) SELECT '${CAMERA}', 9000000000000000, now64(3)`;
    await counting.writer.command({ query });
    await until('analytics says so', async () => (await analytics())?.isWell === false);
    expect(await analytics()).toMatchObject({
      message: expect.stringContaining('revision 9000000000000000 of camera gate-3'),
      cure: expect.stringContaining('KV_sharpeyes_leases'),
      details: { code: 'terms-behind' },
    });
  });
});
