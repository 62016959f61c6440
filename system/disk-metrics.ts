/** How much is free where the data of this process lies, read when somebody asks for its metrics. */
import { statfs } from 'node:fs/promises';
import type { Metrics } from './metrics.ts';

export function watchDisk(metrics: Metrics, folder: string): void {
  const show = (name: string, help: string, read: (disk: { bavail: number; blocks: number }) => number) => {
    const gauge = metrics.gauge(name, help);
    const collect = async () => {
      // A folder that is gone has no figure; that its owner fails is said elsewhere.
      const disk = await statfs(folder).catch(() => undefined);
      if (disk !== undefined) gauge.set(read(disk) * disk.bsize);
    };
    Object.assign(gauge, { collect });
  };
  show('sharp_eyes_disk_free_bytes', 'Free where the data folder lies', ({ bavail }) => bavail);
  show('sharp_eyes_disk_size_bytes', 'Size of the disk where the data folder lies', ({ blocks }) => blocks);
}
