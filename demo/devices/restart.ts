/** Devices that start again: dark for a while, good-bye before and hello after it. */
import type { Logger } from 'pino';
import type { Discovery } from '#demo/onvif/discovery.ts';
import type { VirtualDevice } from './device.ts';

/** A device without a habit of its own takes this long. */
const RESTART_S = 40;

export type Restarter = Disposable & { restart(device: VirtualDevice): Promise<void> };

export function createRestarter(logger: Logger, discovery: () => Discovery | undefined): Restarter {
  const timers = new Set<NodeJS.Timeout>();
  const comeBack = async (device: VirtualDevice) => {
    await device.setNetwork('up');
    discovery()?.hello(device.discoverable);
  };
  return {
    async restart(device) {
      if (!device.isUp()) return;
      const takesS = device.onvif.habits.reboot?.takesS ?? RESTART_S;
      logger.info({ device: device.plan.id, takesS }, 'device restarts');
      discovery()?.bye(device.discoverable);
      await device.setNetwork('dark');
      const timer = setTimeout(() => {
        timers.delete(timer);
        comeBack(device).catch((error: unknown) => {
          logger.error({ device: device.plan.id, err: error }, 'device stays dark');
        });
      }, takesS * 1000);
      timers.add(timer);
    },
    [Symbol.dispose]() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
