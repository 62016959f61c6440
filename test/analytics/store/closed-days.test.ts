import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClosedDays } from '#analytics/store/closed-days.ts';
import { migrate } from '#analytics/store/schema.ts';
import { cutIntoSpans } from '#analytics/store/spans.ts';
import { HOUR_MS, MINUTE_MS } from '#analytics/store/time-ranges.ts';
import { openStoreClient } from '#system/store-client.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';
import { childOf } from '../counting-site.ts';

const DAY_MS = 24 * HOUR_MS;
const midnightMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
/** From an hour before a midnight to two hours after it. */
const beginMs = midnightMs - HOUR_MS;

describe('closed hours and minutes that are remembered by the day', () => {
  let site: Site;
  let client: ClickHouseClient;
  let asked = 0;

  const mark = (level: 'hour' | 'minute', begins: readonly number[], isClosed: boolean) =>
    client.command({
      query: `INSERT INTO sharp_eyes.${level}s (${level}, is_closed, version)
        SELECT toDateTime(arrayJoin([${begins.map((ms) => ms / 1000).join(', ')}]), 'UTC'), ${isClosed}, toUnixTimestamp64Nano(now64(9))`,
    });
  const minutesFrom = (fromMs: number, count: number) =>
    Array.from({ length: count }, (_, index) => fromMs + index * MINUTE_MS);

  beforeAll(async () => {
    site = await startSite();
    await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
    const real = openStoreClient(site.config, 'writer');
    client = new Proxy(real, {
      get(target, name) {
        if (name === 'query') asked++;
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await migrate(real, { config: site.config, logger: testLogger, exclusively: (work) => work() });
    // Two hours are closed, one on each side of midnight; of the third twenty minutes.
    await mark('minute', minutesFrom(beginMs, 140), true);
    await mark('hour', [beginMs, beginMs + HOUR_MS], true);
  }, 120_000);
  afterAll(async () => {
    await client.close();
    await site[Symbol.asyncDispose]();
  });

  it('cut a time as the store’s own marks do, across midnight, in parts and to minutes', async () => {
    const closedDays = openClosedDays(client);
    const times = [
      { fromMs: beginMs, toMs: beginMs + 3 * HOUR_MS },
      { fromMs: beginMs + 12.5 * MINUTE_MS, toMs: beginMs + 130 * MINUTE_MS },
      { fromMs: beginMs + 61 * MINUTE_MS, toMs: beginMs + 62 * MINUTE_MS },
      { fromMs: beginMs - 30 * DAY_MS, toMs: beginMs + 90 * MINUTE_MS },
      { fromMs: beginMs, toMs: beginMs + 3 * HOUR_MS, finest: 'minute' as const },
      {
        ...{ fromMs: beginMs, toMs: beginMs + 3 * HOUR_MS },
        ranges: [
          [beginMs, beginMs + 30 * MINUTE_MS],
          [beginMs + HOUR_MS, beginMs + 3 * HOUR_MS],
        ] as const,
      },
    ];
    for (const time of times)
      expect(await cutIntoSpans(client, time, { closedDays })).toEqual(await cutIntoSpans(client, time));
  });

  it('are asked for once by many, then beside, and what was opened is told after a second and a half', async () => {
    let nowMs = 0;
    const closedDays = openClosedDays(client, () => nowMs);
    const time = { fromMs: beginMs, toMs: beginMs + 3 * HOUR_MS };
    const cut = () => cutIntoSpans(client, time, { closedDays });
    const before = asked;
    const [first] = await Promise.all(Array.from({ length: 50 }, cut));
    expect([asked - before, first!.hours]).toEqual([1, [[beginMs, beginMs + 2 * HOUR_MS]]]);
    await mark('minute', [beginMs + 5 * MINUTE_MS], false);
    await mark('hour', [beginMs], false);
    nowMs = 900;
    expect(await cut()).toEqual(first);
    expect(asked - before).toBe(1);
    nowMs = 2000;
    const opened = await cut();
    expect([asked - before, opened.hours]).toEqual([2, [[beginMs + HOUR_MS, beginMs + 2 * HOUR_MS]]]);
    expect(opened.slices[0]).toEqual([beginMs + 5 * MINUTE_MS, beginMs + 6 * MINUTE_MS]);
    await mark('minute', [beginMs + 5 * MINUTE_MS], true);
    await mark('hour', [beginMs], true);
    nowMs = 3200;
    expect(await cut()).toEqual(opened);
    await until(
      'the answer that was asked for beside',
      async () => (await cut()).hours.length === 1 && (await cut()).slices[0]![0] > beginMs + 2 * HOUR_MS,
    );
    expect(asked - before).toBe(3);
  });

  it('are asked for again where the store could not say', async () => {
    let isAway = true;
    const away = new Proxy(client, {
      get(target, name) {
        if (name === 'query' && isAway) return () => Promise.reject(new Error('away'));
        return Reflect.get(target, name);
      },
    });
    const closedDays = openClosedDays(away);
    await expect(closedDays([beginMs, beginMs + HOUR_MS])).rejects.toThrow('away');
    isAway = false;
    expect((await closedDays([beginMs, beginMs + HOUR_MS])).hours).toEqual([[beginMs, beginMs + HOUR_MS]]);
  });
});
