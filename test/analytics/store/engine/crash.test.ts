import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configEnvironment, ROOT_DIR } from '#system/config.ts';
import { freePort, until } from '#test/site/site.ts';
import { isEmbedded, openTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  if (isEmbedded) target = await openTarget();
});
afterAll(() => target?.[Symbol.asyncDispose]());

const restarts = () => target.children.status().find(({ name }) => name === 'store')?.restarts ?? 0;

/** Ends the store with the signal and waits until its supervisor has it back. */
async function restart(signal: NodeJS.Signals): Promise<void> {
  const before = restarts();
  process.kill(target.pid(), signal);
  await until('it is back', () => target.children.status().some((child) => child.isReady && child.restarts > before));
}

/** Starts a second store process with the same configuration, changed by `env`. */
function secondStore(env: Record<string, string>) {
  const config = target.config;
  const child = spawn(process.execPath, [resolve(ROOT_DIR, 'analytics/store/main.ts')], {
    env: { ...process.env, ...configEnvironment(config), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (part) => {
    output += part;
  });
  const end = new Promise<{ code: number | null; output: string }>((done) =>
    child.once('close', (code) => done({ code, output })),
  );
  return { end, output: () => output, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}

describe.skipIf(!isEmbedded)('the store process', () => {
  it('puts every row on the disk before it acknowledges it, and ends with code 0', async () => {
    const query = "SELECT groupArray(value) AS on FROM system.merge_tree_settings WHERE name LIKE 'fsync%'";
    const result = await target.client('reader').query({ query, format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ on: ['1', '1'] }]);
    const store = secondStore({
      SHARP_EYES_STORE_PORT: String(await freePort()),
      SHARP_EYES_DATA_DIR: resolve(target.config.dataDir, 'other'),
    });
    await until('it is open', () => store.output().includes('store opened'));
    store.kill('SIGTERM');
    expect((await store.end).code).toBe(0);
  });

  it('says which process holds the data, and which port is taken, and leaves the other alone', async () => {
    const locked = await secondStore({ SHARP_EYES_STORE_PORT: String(await freePort()) }).end;
    expect(locked.code).toBe(1);
    expect(locked.output).toMatch(new RegExp(`"code":"data-locked".*held by process ${target.pid()}`));
    const taken = await secondStore({ SHARP_EYES_DATA_DIR: resolve(target.config.dataDir, 'other') }).end;
    expect(taken.code).toBe(1);
    expect(taken.output).toMatch(/"code":"port-taken".*is taken/);
    expect(await target.client('reader').ping({ select: true })).toEqual({ success: true });
  });

  it('ends what runs before it stops, and opens again on the same data', async () => {
    const { client, config } = target;
    await client('writer').command({ query: 'CREATE TABLE drained (n UInt8) ENGINE = MergeTree ORDER BY n' });
    const last = client('writer').command({
      query: 'INSERT INTO drained SELECT 1 FROM numbers(1) WHERE sleep(1.5) = 0',
    });
    const endless = client('analyst').query({
      query: 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1',
    });
    endless.catch(() => {});
    await until('both run', async () => {
      const health = await (await fetch(`http://127.0.0.1:${config.storePort}/health`)).json();
      return health.details.lanes.writer.running === 1 && health.details.lanes.analyst.running === 1;
    });
    const restarted = restart('SIGTERM');
    await last;
    await expect(endless).rejects.toThrow();
    await restarted;
    const result = await client('reader').query({ query: 'SELECT count() AS n FROM drained', format: 'JSONEachRow' });
    expect((await result.json<{ n: string }>()).map(({ n }) => Number(n))).toEqual([1]);
    expect(existsSync(resolve(config.dataDir, 'store/status'))).toBe(true);
  });

  it('loses no row that it acknowledged when it is killed in the midst of inserts', async () => {
    const { client } = target;
    const writer = client('writer');
    await writer.command({
      query: 'CREATE TABLE kept (batch UInt32, n UInt32) ENGINE = MergeTree ORDER BY (batch, n)',
    });
    const acknowledged = new Set<number>();
    let batch = 0;
    const over = new AbortController();
    const insertAll = async () => {
      while (!over.signal.aborted) {
        const mine = batch++;
        const values = Array.from({ length: 500 }, (_, n) => ({ batch: mine, n }));
        try {
          await writer.insert({ table: 'kept', values, format: 'JSONEachRow' });
          acknowledged.add(mine);
        } catch {
          await new Promise((done) => setTimeout(done, 100));
        }
      }
    };
    const inserting = [insertAll(), insertAll(), insertAll()];
    for (let kill = 0; kill < 3; kill++) {
      const before = acknowledged.size;
      await until('more batches are acknowledged', () => acknowledged.size > before + 20);
      await restart('SIGKILL');
    }
    over.abort();
    await Promise.all(inserting);
    const result = await client('reader').query({
      query: 'SELECT batch, count() AS n FROM kept GROUP BY batch',
      format: 'JSONEachRow',
    });
    const stored = new Map(
      (await result.json<{ batch: number; n: string }>()).map((row) => [row.batch, Number(row.n)]),
    );
    expect([...acknowledged].filter((id) => stored.get(id) !== 500)).toEqual([]);
    expect(new Set(stored.values())).toEqual(new Set([500]));
  });
});
