/** Logins wait for each other. */
import { expect, it } from 'vitest';
import { admit } from '#ingest/camera/admission.ts';

const never = new AbortController().signal;

it('lets one login into a device at a time, in the order of asking', async () => {
  const order: string[] = [];
  const first = await admit('nvr:554', { signal: never, gapMs: 0 });
  const second = admit('nvr:554', { signal: never, gapMs: 0 }).then((leave) => {
    order.push('second');
    return leave;
  });
  const third = admit('nvr:554', { signal: never, gapMs: 0 }).then(() => order.push('third'));
  const other = await admit('other:554', { signal: never, gapMs: 0 });
  order.push('other');
  first();
  (await second)();
  await third;
  other();
  expect(order).toEqual(['other', 'second', 'third']);
});

it('keeps its place in the line free when the one who waits gives up', async () => {
  const stopping = new AbortController();
  const first = await admit('gate:554', { signal: never, gapMs: 0 });
  const given = admit('gate:554', { signal: stopping.signal, gapMs: 0 });
  let isIn = false;
  const third = admit('gate:554', { signal: never, gapMs: 0 }).then(() => {
    isIn = true;
  });
  stopping.abort();
  await given;
  expect(isIn).toBe(false);
  first();
  await third;
  expect(isIn).toBe(true);
});

it('spreads the logins of one process over time', async () => {
  const startMs = performance.now();
  const leaves = await Promise.all(
    Array.from({ length: 6 }, (_, index) => admit(`camera-${index}`, { signal: never, gapMs: 40 })),
  );
  for (const leave of leaves) leave();
  expect(performance.now() - startMs).toBeGreaterThan(190);
});
