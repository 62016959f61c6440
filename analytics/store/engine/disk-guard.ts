/** Watches the free space below the data folder: inserts are refused before the disk is full, and again let through. */
import { statfs } from 'node:fs/promises';
import { storeError } from './store-error.ts';

const FRESH_MS = 500;

export type DiskGuard = {
  /** Throws NOT_ENOUGH_SPACE while less than the reserve is free. */
  check: () => Promise<void>;
  freeBytes: () => Promise<number>;
};

export function createDiskGuard(path: string, reservedBytes: number): DiskGuard {
  let seen = { freeBytes: Number.POSITIVE_INFINITY, atMs: Number.NEGATIVE_INFINITY };

  async function freeBytes(): Promise<number> {
    if (performance.now() - seen.atMs > FRESH_MS) {
      const { bavail, bsize } = await statfs(path);
      seen = { freeBytes: bavail * bsize, atMs: performance.now() };
    }
    return seen.freeBytes;
  }

  return {
    freeBytes,
    async check() {
      const free = await freeBytes();
      if (free >= reservedBytes) return;
      throw storeError(
        'NOT_ENOUGH_SPACE',
        `Not enough space: ${mib(free)} MiB are free where the store lies, ${mib(reservedBytes)} MiB are reserved ` +
          '(storeReservedMb). Inserts go on by themselves once there is room.',
      );
    },
  };
}

const mib = (bytes: number) => Math.floor(bytes / 1024 / 1024);
