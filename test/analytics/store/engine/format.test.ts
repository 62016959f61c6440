import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStoreClient } from '#system/store-client.ts';
import { type Site, startSite } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';

describe('a format', () => {
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

  it('that nobody knows is refused at once, more often than the lane has places, and the lane goes on', async () => {
    for (let time = 0; time < 8; time++) {
      const asked = analyst.exec({ query: 'SELECT 1 FORMAT Nonsense' });
      await expect(asked).rejects.toMatchObject({ code: '73', type: 'UNKNOWN_FORMAT' });
    }
    await expectLaneIsFree();
  });

  it('or that cannot hold the result is refused in the engine’s words, and the lane goes on', async () => {
    const broken = [
      '1 FORMAT Template',
      '1 FORMAT CapnProto',
      "1, 'a' FORMAT Npy",
      'sumState(1) FORMAT Parquet',
      'sumState(1) FORMAT Avro',
    ];
    for (const columns of broken) await expect(analyst.exec({ query: `SELECT ${columns}` })).rejects.toThrow(/\w/);
    await expectLaneIsFree();
  });

  it('such as Parquet comes whole', async () => {
    const { stream } = await analyst.exec({ query: 'SELECT number FROM numbers(1000) FORMAT Parquet' });
    const bytes = Buffer.concat(await Array.fromAsync(stream));
    expect(bytes.subarray(0, 4).toString()).toBe('PAR1');
    expect(bytes.subarray(-4).toString()).toBe('PAR1');
  });

  async function expectLaneIsFree(): Promise<void> {
    const result = await analyst.query({ query: 'SELECT 1 AS one', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ one: 1 }]);
  }
});
