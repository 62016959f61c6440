/** Who has which fault until when: switched on by whoever asks, off again by itself when its time is over. */
import type { Logger } from 'pino';
import { FaultError } from '#models/schema/fault.ts';
import type { VirtualDevice } from './device.ts';
import { switchOff, switchOn } from './fault-switch.ts';
import { type FaultId, findFault } from './fault-table.ts';
import { allTargets, keyOf, type Naming, type Target, targetsOf } from './target.ts';

export type ActiveFault = { device: string; channel: number; id: FaultId; amount: number; endsAtMs: number | null };

export type FaultWish = Naming & { kind: string; forS?: number | undefined; amount?: number | undefined };

export type FaultDesk = Disposable & {
  faults(): ActiveFault[];
  /** Returns what has the fault now. Throws FaultError not-found. */
  setFault(wish: FaultWish): Promise<ActiveFault[]>;
  /** All of them where nothing is named; returns what is well again. */
  clearFaults(of: Naming): Promise<string[]>;
};

type Held = ActiveFault & { timer: NodeJS.Timeout | undefined };
type Chosen = { id: FaultId; amount: number; forS: number | undefined };

const withoutTimer = ({ timer: _timer, ...fault }: Held): ActiveFault => fault;

export function openFaultDesk(devices: readonly VirtualDevice[], logger: Logger): FaultDesk {
  const active = new Map<string, Held>();
  const turns = new Map<VirtualDevice, Promise<unknown>>();

  /** One switch at a time for each device. */
  const inTurn = <Result>({ device }: Target, work: () => Promise<Result>): Promise<Result> => {
    const mine = (turns.get(device) ?? Promise.resolve()).then(work, work);
    turns.set(device, mine);
    return mine;
  };

  const clear = async (target: Target): Promise<void> => {
    const key = keyOf(target);
    const fault = active.get(key);
    if (fault === undefined) return;
    active.delete(key);
    clearTimeout(fault.timer);
    await switchOff(target.device, fault);
    logger.info({ camera: key, fault: fault.id }, 'fault over');
  };

  const clearLater = (target: Target) => {
    inTurn(target, () => clear(target)).catch((error: unknown) => {
      logger.error({ camera: keyOf(target), err: error }, 'fault stays');
    });
  };

  const set = async (target: Target, { id, amount, forS }: Chosen): Promise<ActiveFault> => {
    await clear(target);
    const chosen = { id, amount, channel: target.channel };
    await switchOn(target.device, chosen);
    const timer = forS === undefined ? undefined : setTimeout(() => clearLater(target), forS * 1000).unref();
    const endsAtMs = forS === undefined ? null : Date.now() + forS * 1000;
    const fault = { ...chosen, device: target.device.plan.id, endsAtMs, timer };
    active.set(keyOf(target), fault);
    return withoutTimer(fault);
  };

  return {
    faults: () => [...active.values()].map(withoutTimer),
    async setFault({ kind, forS, amount, ...naming }) {
      const fault = findFault(kind);
      if (fault === undefined) throw new FaultError('not-found', `there is no fault "${kind}"; --list names all`);
      const targets = targetsOf(devices, naming, { isWide: fault.isOfStreet === true });
      const chosen = { id: fault.id, amount: amount ?? fault.amount?.default ?? 0, forS };
      const switched = await Promise.all(targets.map((target) => inTurn(target, () => set(target, chosen))));
      logger.info({ cameras: targets.map(keyOf), fault: kind, forS }, 'fault switched on');
      return switched;
    },
    async clearFaults(naming) {
      const isAll = naming.camera === undefined && naming.street === undefined;
      const named = isAll ? allTargets(devices) : targetsOf(devices, naming);
      const ill = named.filter((target) => active.has(keyOf(target)));
      await Promise.all(ill.map((target) => inTurn(target, () => clear(target))));
      return ill.map(keyOf);
    },
    [Symbol.dispose]() {
      for (const { timer } of active.values()) clearTimeout(timer);
    },
  };
}
