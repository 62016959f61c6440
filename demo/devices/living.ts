/** What happens at devices without anybody's doing: motion comes and goes, a door opens, some start again by themselves. */
import { eventSource, type VirtualDevice } from './device.ts';
import type { Restarter } from './restart.ts';

const STEP_MS = 5000;
/** Motion lasts one step of three to six, other for each device; a door opens every few minutes. */
const DOOR_STEPS = 60;

export function startLiving(devices: readonly VirtualDevice[], { restart }: Restarter): Disposable {
  let step = 0;
  const live = () => {
    step += 1;
    for (const { plan, onvif } of devices) {
      for (const channel of plan.channels) {
        const source = eventSource('motion', channel);
        const period = 3 + ((plan.number + channel.number) % 4);
        onvif.events.raise({ topic: 'motion', source, isOn: (step + channel.number) % period === 0 });
      }
      const isDoorOpen = (step + plan.number * 7) % DOOR_STEPS < 2;
      onvif.events.raise({ topic: 'digital-input', source: 'input-1', isOn: isDoorOpen });
    }
  };
  const timers = [setInterval(live, STEP_MS).unref()];
  for (const device of devices) {
    const { reboot: habit } = device.onvif.habits;
    if (habit === undefined) continue;
    timers.push(setInterval(() => void restart(device), habit.everyS * 1000).unref());
  }
  return {
    [Symbol.dispose]() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
