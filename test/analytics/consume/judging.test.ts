import { describe, expect, it } from 'vitest';
import { admit } from '#analytics/consume/admit.ts';
import { batches } from '#analytics/consume/batches.ts';
import { createFence } from '#analytics/consume/fence.ts';
import { createGapCounter } from '#analytics/consume/gaps.ts';
import { createRepeats } from '#analytics/consume/repeats.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { messageOf, sightingAt } from '../counting-site.ts';

const NOW_MS = 1_795_457_265_000;
const HOUR_MS = 3_600_000;

describe('admitting messages', () => {
  const judge = (data: Uint8Array, fence = createFence()) =>
    admit(data, NOW_MS, { fence, offMaxMs: 48 * HOUR_MS, floorMs: NOW_MS - 30 * HOUR_MS });
  const encoded = (values: Parameters<typeof messageOf>[0]) => encodeMessage(messageOf(values));
  const reason = (data: Uint8Array, fence = createFence()) => {
    const admission = judge(data, fence);
    return 'quarantined' in admission ? admission.quarantined.reason : 'good';
  };

  it('takes what is right, and puts the rest aside with a reason each', () => {
    const good = { camera: 'gate-3', sequence: 1, capturedAtMs: NOW_MS };
    expect(reason(encoded(good))).toBe('good');
    expect(reason(encoded({ ...good, capturedAtMs: NOW_MS - 49 * HOUR_MS }))).toBe('clock');
    expect(reason(encoded({ ...good, capturedAtMs: NOW_MS + 49 * HOUR_MS }))).toBe('clock');
    expect(reason(encoded({ ...good, watchedToMs: NOW_MS + 50 * HOUR_MS }))).toBe('implausible');
    expect(reason(encoded({ ...good, capturedAtMs: NOW_MS - 31 * HOUR_MS }))).toBe('expired');
    expect(reason(encoded({ ...good, sightings: [sightingAt(0.5, 0.5, { presenceMs: 2 ** 40 })] }))).toBe(
      'implausible',
    );
    expect(reason(encodeMessage({ ...messageOf(good), version: 2 }))).toBe('undecodable');
    expect(reason(new TextEncoder().encode('{"half'))).toBe('undecodable');
    expect(reason(new Uint8Array([0xff, 0xfe, 0]))).toBe('undecodable');
  });

  it('keeps what it could not read, under the same id each time', () => {
    const [one, two] = [judge(new TextEncoder().encode('nonsense')), judge(new TextEncoder().encode('nonsense'))];
    expect(one).toMatchObject({
      quarantined: { payload: 'nonsense', id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    });
    expect(two).toEqual(one);
  });

  it('refuses a worker that lost its lease, and takes the spool of before', () => {
    const fence = createFence();
    const of = (revision: number, sequence: number, atMs: number) =>
      reason(encoded({ camera: 'gate-3', revision, sequence, capturedAtMs: atMs }), fence);
    expect(of(1, 1, NOW_MS)).toBe('good');
    expect(of(5, 1, NOW_MS + 1000)).toBe('good');
    expect(of(1, 2, NOW_MS + 1000)).toBe('stale');
    expect(of(1, 3, NOW_MS + 5000)).toBe('stale');
    expect(of(1, 4, NOW_MS + 999)).toBe('good');
    expect(of(5, 0, NOW_MS + 500)).toBe('good');
    expect(of(1, 5, NOW_MS + 600)).toBe('stale');
    expect(reason(encoded({ camera: 'gate-4', sequence: 1, capturedAtMs: NOW_MS + 5000 }), fence)).toBe('good');
  });

  it('shares what it knows of leases: another process that learns it judges alike', () => {
    const [one, other] = [createFence(), createFence()];
    one.isStale('gate-3', 7, 1000);
    one.isStale('gate-3', 7, 900);
    one.isStale('gate-3', 7, 1100);
    const changes = one.takeChanges();
    expect(changes.map(({ firstCapturedAtMs }) => firstCapturedAtMs)).toEqual([1000, 900]);
    expect(one.takeChanges()).toEqual([]);
    other.learn(changes);
    expect(other.isStale('gate-3', 6, 950)).toBe(true);
    expect(other.isStale('gate-3', 6, 899)).toBe(false);
  });
});

describe('telling repeats', () => {
  it('trusts only a sequence that rises under our eyes', () => {
    const { mayRepeat } = createRepeats();
    const at = (revision: number, sequence: number) =>
      messageOf({ camera: 'gate-3', revision, sequence, capturedAtMs: NOW_MS });
    expect(mayRepeat(at(1, 5), false)).toBe(true);
    expect(mayRepeat(at(1, 6), false)).toBe(false);
    expect(mayRepeat(at(1, 6), false)).toBe(true);
    expect(mayRepeat(at(1, 7), true)).toBe(true);
    expect(mayRepeat(at(2, 0), false)).toBe(false);
    expect(mayRepeat(at(1, 8), false)).toBe(true);
  });
});

describe('counting what the stream lost', () => {
  it('counts holes between deliveries that follow each other, and what went before the first', () => {
    let lost = 0;
    const gaps = createGapCounter({ streamSequence: 10, deliverySequence: 4 }, 21, (messages) => {
      lost += messages;
    });
    expect(lost).toBe(10);
    gaps.see({ streamSequence: 21, deliverySequence: 5 });
    gaps.see({ streamSequence: 25, deliverySequence: 6 });
    expect(lost).toBe(13);
    gaps.see({ streamSequence: 22, deliverySequence: 7 });
    gaps.see({ streamSequence: 26, deliverySequence: 8 });
    gaps.see({ streamSequence: 40, deliverySequence: 12 });
    expect(lost).toBe(13);
  });

  it('does not call lost what a new consumer never had', () => {
    let lost = 0;
    const gaps = createGapCounter({ streamSequence: 0, deliverySequence: 0 }, 500, () => lost++);
    gaps.see({ streamSequence: 500, deliverySequence: 1 });
    expect(lost).toBe(0);
  });
});

describe('batching', () => {
  const weigh = (item: number) => item;

  it('ends a batch by weight, and gives out the rest when the source ends: what comes in goes out', async () => {
    async function* source() {
      yield* [3, 3, 3, 3, 5, 10, 1];
    }
    const found: number[][] = [];
    for await (const batch of batches(source(), { weigh, weightMax: 9, everyMs: 60_000 })) found.push(batch);
    expect(found.length).toBeGreaterThan(2);
    expect(found.flat()).toEqual([3, 3, 3, 3, 5, 10, 1]);
    expect(found.slice(0, -1).every((batch) => batch.reduce((sum, item) => sum + item, 0) >= 9)).toBe(true);
  });

  it('ends a batch by time where little comes', async () => {
    const { promise: never, resolve: end } = Promise.withResolvers<void>();
    async function* source() {
      yield 1;
      yield 1;
      await never;
    }
    const iterator = batches(source(), { weigh, weightMax: 100, everyMs: 30 })[Symbol.asyncIterator]();
    const first = await iterator.next();
    expect(first.value?.[0]).toBe(1);
    const second = first.value?.length === 2 ? undefined : await iterator.next();
    expect((first.value?.length ?? 0) + (second?.value?.length ?? 0)).toBe(2);
    end();
    expect(await iterator.next()).toMatchObject({ done: true });
  });
});
