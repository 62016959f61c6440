import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStoreClient } from '#system/store-client.ts';
import { type Site, startSite } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';

describe('a format that nobody knows', () => {
  let site: Site;
  let analyst: ClickHouseClient;
  beforeAll(async () => {
    site = await startSite();
    await startStore(site);
    analyst = openStoreClient(site.config, 'analyst', { timeoutMs: 10_000 });
  });
  afterAll(async () => {
    await analyst.close();
    await site[Symbol.asyncDispose]();
  });

  it('is refused at once, more often than the lane has places, and the lane goes on', async () => {
    for (let time = 0; time < 8; time++) {
      const asked = analyst.exec({ query: 'SELECT 1 FORMAT Nonsense' });
      await expect(asked).rejects.toMatchObject({ code: '73', type: 'UNKNOWN_FORMAT' });
    }
    const result = await analyst.query({ query: 'SELECT 1 AS one', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ one: 1 }]);
  });
});
