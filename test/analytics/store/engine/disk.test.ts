import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '#test/site/site.ts';
import { isEmbedded, openTarget, type Target } from './target.ts';

const MIB = 1024 * 1024;

/** A folder with little room; undefined where this user may not mount one. */
function mountSmall(sizeMb: number): (Disposable & { path: string }) | undefined {
  const path = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', path], { stdio: 'pipe' });
  } catch {
    rmSync(path, { recursive: true });
    return undefined;
  }
  return {
    path,
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true });
    },
  };
}

const insert = (target: Target, n: number) =>
  target.client('writer').insert({ table: 'kept', values: [{ n }], format: 'JSONEachRow' });

describe.skipIf(!isEmbedded)('the store on a disk with no room', () => {
  it('refuses inserts below its reserve, and says so, while reading goes on', async () => {
    await using target = await openTarget({ storeReservedMb: 1048576 });
    await target.client('writer').command({ query: 'CREATE TABLE kept (n UInt64) ENGINE = MergeTree ORDER BY n' });
    await expect(insert(target, 1)).rejects.toMatchObject({ code: '243', type: 'NOT_ENOUGH_SPACE' });
    await expect(target.client('writer').command({ query: 'INSERT INTO kept SELECT 1' })).rejects.toMatchObject({
      code: '243',
    });
    expect(await target.client('reader').ping({ select: true })).toEqual({ success: true });
    const health = await (await fetch(`http://127.0.0.1:${target.config.storePort}/health`)).json();
    expect(health).toMatchObject({ isWell: false, message: expect.stringContaining('storeReservedMb') });
  });

  it('takes inserts again by itself once there is room', async (test) => {
    using small = mountSmall(300);
    if (small === undefined) return test.skip('this user may not mount a tmpfs, and no other disk may be filled');
    await using target = await openTarget({ dataDir: resolve(small.path, 'data'), storeReservedMb: 64 });
    await target.client('writer').command({ query: 'CREATE TABLE kept (n UInt64) ENGINE = MergeTree ORDER BY n' });
    await insert(target, 1);
    const ballast = resolve(small.path, 'ballast');
    fill(ballast);
    await until('an insert is refused', () =>
      insert(target, 2).then(
        () => false,
        (error) => error.code === '243',
      ),
    );
    const count = await target.client('reader').query({ query: 'SELECT max(n) AS n FROM kept', format: 'JSONEachRow' });
    expect((await count.json<{ n: string }>()).map(({ n }) => Number(n) >= 1)).toEqual([true]);
    rmSync(ballast);
    await until('an insert is taken again', () =>
      insert(target, 3).then(
        () => true,
        () => false,
      ),
    );
  });
});

/** Fills what is left of the disk. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(MIB));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
