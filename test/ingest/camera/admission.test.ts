/** Logins wait for each other, and the order in which they come is fair and wise. */
import { expect, it } from 'vitest';
import { createGovernor, type Governor, type LoginRequest } from '#ingest/camera/admission.ts';

const never = new AbortController().signal;
const FAST = { loginsPerS: Number.POSITIVE_INFINITY };
const request = (device: string, more: Partial<LoginRequest> = {}): LoginRequest => ({
  ...{ device, site: undefined, importance: undefined, tries: 0, downSinceMs: undefined, signal: never },
  ...more,
});

/** Asks for all while nobody may begin, then lets one after the other through; the order in which they began. */
async function orderOf(requests: LoginRequest[]): Promise<string[]> {
  const governor = createGovernor(FAST);
  const site = 'the-only-door';
  const leaves: (() => void)[] = [];
  for (let place = 0; place < 8; place++) leaves.push(await governor.admit(request(`held-${place}`, { site })));
  const order: string[] = [];
  const done = requests.map(async (each) => {
    const leave = await governor.admit({ ...each, site });
    order.push(each.device);
    leave();
  });
  leaves[0]!();
  await Promise.all(done);
  return order;
}

async function isIn(governor: Governor, wanted: LoginRequest): Promise<() => boolean> {
  let isThrough = false;
  void governor.admit(wanted).then(() => {
    isThrough = true;
  });
  await Promise.resolve();
  return () => isThrough;
}

it('lets one login into a device at a time, and another device does not wait for it', async () => {
  const governor = createGovernor(FAST);
  const leave = await governor.admit(request('nvr:554'));
  const second = await isIn(governor, request('nvr:554'));
  (await governor.admit(request('other:554')))();
  expect(second()).toBe(false);
  leave();
  await Promise.resolve();
  expect(second()).toBe(true);
});

it('lets the important in first, then who has tried least, then who is down longest', async () => {
  expect(
    await orderOf([
      request('low', { importance: 'low', tries: 0, downSinceMs: 1 }),
      request('dead-for-days', { tries: 900, downSinceMs: 1 }),
      request('new', { tries: 0 }),
      request('down-long', { tries: 1, downSinceMs: 1000 }),
      request('down-short', { tries: 1, downSinceMs: 2000 }),
      request('important', { importance: 'high', tries: 5, downSinceMs: 3000 }),
    ]),
  ).toEqual(['important', 'new', 'down-long', 'down-short', 'dead-for-days', 'low']);
});

it('lets eight logins into a site at a time, and other sites do not wait', async () => {
  const governor = createGovernor(FAST);
  const inside = [];
  for (let camera = 0; camera < 8; camera++) inside.push(await governor.admit(request(`a${camera}`, { site: 'a' })));
  const ninth = await isIn(governor, request('a9', { site: 'a' }));
  (await governor.admit(request('b1', { site: 'b' })))();
  expect(ninth()).toBe(false);
  expect(governor.waiting()).toBe(1);
  inside[0]!();
  await Promise.resolve();
  expect(ninth()).toBe(true);
});

it('forgets who gives up while waiting, and a login that ends twice ends once', async () => {
  const governor = createGovernor(FAST);
  const stopping = new AbortController();
  const leave = await governor.admit(request('gate:554'));
  const given = governor.admit(request('gate:554', { signal: stopping.signal }));
  const third = await isIn(governor, request('gate:554'));
  stopping.abort();
  (await given)();
  expect(third()).toBe(false);
  leave();
  leave();
  await Promise.resolve();
  expect(third()).toBe(true);
  const fourth = await isIn(governor, request('gate:554'));
  expect(fourth()).toBe(false);
});

it('spreads logins over time, jittered around the pace, which may change', async () => {
  const governor = createGovernor({ loginsPerS: 25 });
  const startMs = performance.now();
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: 21 }, async (_, index) => {
      const leave = await governor.admit(request(`camera-${index}`));
      times.push(performance.now() - startMs);
      leave();
    }),
  );
  // Twenty gaps of 20 to 60 ms.
  expect(times.at(-1)!).toBeGreaterThan(400);
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(5);
  governor.pace(Number.POSITIVE_INFINITY);
  const leave = await governor.admit(request('last'));
  leave();
  expect(governor.waiting()).toBe(0);
});
