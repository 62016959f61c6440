import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Claims, openClaims } from '#ingest/lease/claims.ts';
import { Lease, WorkerMark } from '#models/registry/registry.ts';
import { openTable, type Table } from '#models/registry/table.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { type SwitchedBroker, startSwitchedBroker } from '#test/ingest/worker-site.ts';
import { testLogger, until } from '#test/site/site.ts';

const LIFETIME_MS = 2000;

let switched: SwitchedBroker;
let brokers: Broker[];

beforeAll(async () => {
  switched = await startSwitchedBroker();
  const open = (name: string) => openBroker(switched.config, 'site', { logger: testLogger, name });
  brokers = [await open('one'), await open('two')];
});
afterAll(async () => {
  for (const broker of brokers) await broker[Symbol.asyncDispose]();
  await switched[Symbol.asyncDispose]();
});

type Claimer = AsyncDisposable & {
  claims: Claims;
  leases: Table<Lease>;
  ids: () => string[];
  /** Ends as a killed process does: without giving anything back. */
  vanish: () => void;
  /** What the fleet does: gives back what is surplus. */
  giveBack: () => Promise<void>;
};

/** `site` keeps the buckets of one test apart from those of another. */
async function claimer(site: string, worker: string, wanted: Set<string>, cameraCap = 32): Promise<Claimer> {
  const broker = brokers[worker === 'two' ? 1 : 0] as Broker;
  const stopping = new AbortController();
  const bucket = (name: string) => ({ name: `${site}_${name}`, history: 1, ttlMs: LIFETIME_MS });
  const leases = await openTable(broker.connection, Lease, bucket('leases'));
  const claims = await openClaims({
    ...{ worker, cameraCap, leases, lifetimeMs: LIFETIME_MS, logger: testLogger },
    workers: await openTable(broker.connection, WorkerMark, bucket('workers')),
    wanted: () => wanted,
    isConnected: broker.isConnected,
    signal: stopping.signal,
  });
  return {
    claims,
    leases,
    ids: () => [...claims.held().keys()].sort(),
    vanish: () => stopping.abort(),
    async giveBack() {
      for (const camera of claims.surplus()) await claims.release(camera);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await claims[Symbol.asyncDispose]();
    },
  };
}

const cameras = (count: number) => new Set(Array.from({ length: count }, (_, index) => `camera-${index}`));

describe('claims', () => {
  it('takes every wanted camera, each under a term of its own that is written down', async () => {
    const wanted = cameras(3);
    await using one = await claimer('all', 'one', wanted);
    await until('all are held', () => one.ids().length === 3);
    wanted.add('camera-new');
    await until('the new one is held', () => one.ids().includes('camera-new'));
    const terms = [...one.claims.held().values()].map(({ term }) => term);
    expect(new Set(terms).size).toBe(4);
    await until('the term is written down', async () => {
      const entry = await one.leases.get('camera-new');
      return entry?.value.term === one.claims.held().get('camera-new')?.term;
    });
  });

  it('keeps its term through renewals', async () => {
    await using one = await claimer('renewal', 'one', cameras(1));
    await until('it is held', () => one.ids().length === 1);
    const term = one.claims.held().get('camera-0')?.term;
    const first = await one.leases.get('camera-0');
    await until('it was renewed', async () => {
      const entry = await one.leases.get('camera-0');
      return (entry?.revision ?? 0) > (first?.revision ?? 0) + 2;
    });
    expect((await one.leases.get('camera-0'))?.value).toMatchObject({ worker: 'one', term });
  });

  it('shares with a worker that joins, and no camera is ever held by both', async () => {
    const wanted = cameras(9);
    await using one = await claimer('share', 'one', wanted);
    await until('the first has all', () => one.ids().length === 9);
    await using two = await claimer('share', 'two', wanted);
    await until('both have their share', async () => {
      await one.giveBack();
      expect(one.ids().filter((id) => two.ids().includes(id))).toEqual([]);
      return one.ids().length === 5 && two.ids().length === 4;
    });
    expect([...one.ids(), ...two.ids()].sort()).toEqual([...wanted].sort());
    expect(one.claims.counts()).toEqual({ cameras: 9, workers: 2, unclaimed: 0 });
  });

  it('gives up what is no longer wanted', async () => {
    const wanted = cameras(2);
    await using one = await claimer('unwanted', 'one', wanted);
    await until('both are held', () => one.ids().length === 2);
    wanted.delete('camera-1');
    expect([...one.claims.surplus()]).toEqual(['camera-1']);
    await one.giveBack();
    expect(await one.leases.get('camera-1')).toBeUndefined();
  });

  it('takes no more than its cap, and says how many nobody has', async () => {
    await using one = await claimer('cap', 'one', cameras(5), 2);
    await until('two are held', () => one.ids().length === 2);
    await until('three are known as unclaimed', () => one.claims.counts().unclaimed === 3);
  });

  it('hands over at once when a worker ends in peace', async () => {
    const wanted = cameras(2);
    const one = await claimer('peace', 'one', wanted);
    await until('the first has both', () => one.ids().length === 2);
    await using two = await claimer('peace', 'two', wanted);
    await one[Symbol.asyncDispose]();
    const endedAt = performance.now();
    await until('the second has both', () => two.ids().length === 2);
    expect(performance.now() - endedAt).toBeLessThan(LIFETIME_MS);
  });

  it('takes over with a higher term when a worker dies', async () => {
    const wanted = cameras(2);
    const one = await claimer('death', 'one', wanted);
    await until('the first has both', () => one.ids().length === 2);
    await using two = await claimer('death', 'two', wanted);
    const before = new Map(one.claims.held());
    one.vanish();
    const diedAt = performance.now();
    await until('the second has both', () => two.ids().length === 2);
    expect(performance.now() - diedAt).toBeLessThan(LIFETIME_MS + 2500);
    for (const { camera, term } of two.claims.held().values()) {
      expect(term).toBeGreaterThan(before.get(camera)?.term ?? Number.POSITIVE_INFINITY);
    }
  });

  it('takes its own cameras back at once after a restart under the same name', async () => {
    const wanted = cameras(2);
    const before = await claimer('again', 'one', wanted);
    await until('both are held', () => before.ids().length === 2);
    before.vanish();
    const terms = new Map(before.claims.held());
    const restartedAt = performance.now();
    await using after = await claimer('again', 'one', wanted);
    await until('both are held again', () => after.ids().length === 2);
    expect(performance.now() - restartedAt).toBeLessThan(LIFETIME_MS);
    for (const { camera, term } of after.claims.held().values()) {
      expect(term).toBeGreaterThan(terms.get(camera)?.term ?? Number.POSITIVE_INFINITY);
    }
  });

  it('keeps its cameras while the broker is away, also for longer than leases live, and renews its term after', async () => {
    const wanted = cameras(4);
    await using one = await claimer('away', 'one', wanted);
    await using two = await claimer('away', 'two', wanted);
    await until('they share', async () => {
      await one.giveBack();
      return one.ids().length === 2 && two.ids().length === 2;
    });
    const [ofOne, ofTwo] = [one.ids(), two.ids()];
    const terms = [...one.claims.held(), ...two.claims.held()].map(([, { camera, term }]) => ({ camera, term }));
    await switched.stop();
    const stoppedAt = performance.now();
    await until('leases would have expired', () => performance.now() - stoppedAt > LIFETIME_MS + 500);
    expect([one.ids(), two.ids()]).toEqual([ofOne, ofTwo]);
    await switched.start();
    const now = () => new Map([...one.claims.held(), ...two.claims.held()]);
    await until('every camera has a new term', () =>
      terms.every(({ camera, term }) => (now().get(camera)?.term ?? 0) > term),
    );
    expect([one.ids(), two.ids()]).toEqual([ofOne, ofTwo]);
  });

  it('takes everything again under higher terms when the bucket of leases is lost, while it runs and at a start', async () => {
    const wanted = cameras(3);
    const manager = (brokers[0] as Broker).manager;
    const highest = (one: Claimer) => Math.max(...[...one.claims.held().values()].map(({ term }) => term));
    const lowest = (one: Claimer) => Math.min(...[...one.claims.held().values()].map(({ term }) => term));
    let before = 0;
    {
      await using one = await claimer('lost', 'one', wanted);
      await until('all are held', () => one.ids().length === 3);
      before = highest(one);
      await manager.streams.delete('KV_lost_leases');
      await until('all are held again', () => one.ids().length === 3 && lowest(one) > before);
      await until('the terms are written down', async () => {
        const entries = await one.leases.list();
        return entries.length === 3 && entries.every(({ value }) => value.term > before);
      });
      before = highest(one);
    }
    await manager.streams.delete('KV_lost_leases');
    await using next = await claimer('lost', 'two', wanted);
    await until('all are held', () => next.ids().length === 3);
    expect(lowest(next)).toBeGreaterThan(before);
    const { value, revision } = (await next.leases.get('camera-0')) ?? { value: undefined, revision: 0 };
    expect(revision).toBeLessThan(20);
    expect(value?.term).toBeGreaterThan(before);
    expect(Number.isSafeInteger(before)).toBe(true);
  });
});
