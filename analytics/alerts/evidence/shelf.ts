/** What pictures are kept, and what must go: by age, by severity, and before the room for them is full. */
import {
  alertOfName,
  findKept,
  type KeptRecord,
  keepPictures,
  type Pictures,
  readRecordName,
  removeKept,
  removeUnblurred,
} from '#analytics/store/pictures/kept.ts';
import type { PictureStore } from '#analytics/store/pictures/picture-store.ts';
import type { Sealer } from '#analytics/store/pictures/sealed.ts';
import { FaultError } from '#models/schema/fault.ts';
import { SEVERITIES, type Severity } from '#models/schema/severity.ts';

export type ShelfLimits = {
  maxBytes: number;
  /** That the disk shall keep free for everything else. */
  reservedBytes: number;
  keptMs: Record<Severity, number>;
  /** 0: unblurred pictures are never kept. */
  unblurredMs: number;
};

type Held = { severity: Severity; capturedAtMs: number; bytes: number; hasUnblurred: boolean };

export type Shelf = {
  /** Reads what lies there; what a crash left half written goes at the second time it is seen. */
  load: () => Promise<void>;
  /** Before work is spent on pictures: makes room for such as there are, and throws as `keep` does where there is none. */
  demandRoom: (severity: Severity) => Promise<void>;
  /** Makes room and keeps. Throws FaultError `disk-full` where only graver pictures could make way. */
  keep: (record: KeptRecord, pictures: { blurred: Pictures; unblurred: Pictures }) => Promise<void>;
  /** Removes what is too old, and what the room is too small for. */
  sweep: (nowMs: number) => Promise<void>;
  expiresAtMs: (severity: Severity, capturedAtMs: number) => number;
  counts: () => { alerts: number; bytes: number };
  /** Bytes until the room for pictures is full, by our limit or the disk’s; below zero: graver ones displace others. */
  headroom: () => Promise<number>;
};

type Options = {
  store: PictureStore;
  sealer: Sealer;
  limits: ShelfLimits;
  /** Told after pictures are gone: `evidence-deleted` by age, `disk-full` for want of room. */
  onRemoved: (record: KeptRecord, reason: 'evidence-deleted' | 'disk-full') => Promise<void>;
};

export function createShelf({ store, sealer, limits, onRemoved }: Options): Shelf {
  let held = new Map<string, Held>();
  let halves = new Set<string>();
  const total = () => [...held.values()].reduce((sum, { bytes }) => sum + bytes, 0);

  async function load(): Promise<void> {
    const bytesOf = new Map<string, number>();
    const unblurred = new Set<string>();
    const found = new Map<string, Omit<Held, 'bytes' | 'hasUnblurred'>>();
    for (const tree of ['unblurred/', 'blurred/']) {
      for await (const { name, bytes } of store.list(tree)) {
        const alert = alertOfName(name);
        if (alert === undefined) continue;
        bytesOf.set(alert, (bytesOf.get(alert) ?? 0) + bytes);
        if (tree === 'unblurred/') unblurred.add(alert);
        const record = readRecordName(name);
        if (record !== undefined) found.set(alert, record);
      }
    }
    const entries = [...found].map(([alert, { severity, capturedAtMs }]): [string, Held] => [
      alert,
      { severity, capturedAtMs, bytes: bytesOf.get(alert) ?? 0, hasUnblurred: unblurred.has(alert) },
    ]);
    held = new Map(entries);
    const nowHalf = new Set([...bytesOf.keys()].filter((alert) => !found.has(alert)));
    for (const alert of nowHalf) if (halves.has(alert)) await removeKept(store, alert);
    halves = nowHalf;
  }

  async function remove(alert: string, reason: 'evidence-deleted' | 'disk-full'): Promise<void> {
    const record = await findKept(store, alert);
    await removeKept(store, alert);
    held.delete(alert);
    if (record !== undefined) await onRemoved(record, reason);
  }

  async function headroom(): Promise<number> {
    const free = await store.freeBytes();
    const ours = limits.maxBytes - total();
    return free === undefined ? ours : Math.min(ours, free - limits.reservedBytes);
  }

  async function makeRoom(more: number, severity: Severity): Promise<void> {
    while ((await headroom()) < more) {
      const victim = leastOf(held);
      if (victim === undefined || rank(held.get(victim)!.severity) < rank(severity)) {
        const why = 'there is no room for pictures of alerts: evidenceMaxMb or evidenceReservedMb is reached';
        throw new FaultError('disk-full', why);
      }
      await remove(victim, 'disk-full');
    }
  }

  return {
    load,
    demandRoom: (severity) => makeRoom(held.size === 0 ? 0 : total() / held.size, severity),
    async keep(record, { blurred, unblurred }) {
      const mayKeep = limits.unblurredMs > 0;
      const bytes = sizeOf(blurred) + (mayKeep ? sizeOf(unblurred) : 0);
      await makeRoom(bytes, record.severity);
      const { evidence, severity, stillAtMs } = record;
      const pictures = { blurred, unblurred: mayKeep ? unblurred : undefined, sealer };
      try {
        await keepPictures(store, { ...record, hasUnblurred: mayKeep }, pictures);
      } catch (error) {
        // Half of them would take room that the next ones need, for as long as it takes to be found.
        await removeKept(store, evidence.alert).catch(() => {});
        throw error;
      }
      held.set(evidence.alert, { severity, capturedAtMs: stillAtMs, bytes, hasUnblurred: mayKeep });
    },
    async sweep(nowMs) {
      for (const [alert, { severity, capturedAtMs, hasUnblurred }] of [...held]) {
        if (capturedAtMs + limits.keptMs[severity] <= nowMs) await remove(alert, 'evidence-deleted');
        else if (hasUnblurred && capturedAtMs + limits.unblurredMs <= nowMs) await forgetUnblurred(alert);
      }
      // Whoever fills the disk: pictures make way, in the end the gravest too.
      await makeRoom(0, 'critical').catch((error: unknown) => {
        // Others fill the disk: nothing of ours is left that could go.
        if (!(error instanceof FaultError)) throw error;
      });
    },
    expiresAtMs: (severity, capturedAtMs) => capturedAtMs + limits.keptMs[severity],
    counts: () => ({ alerts: held.size, bytes: total() }),
    headroom,
  };

  async function forgetUnblurred(alert: string): Promise<void> {
    await removeUnblurred(store, alert);
    const one = held.get(alert);
    if (one !== undefined) held.set(alert, { ...one, hasUnblurred: false });
  }
}

const rank = (severity: Severity) => SEVERITIES.indexOf(severity);
const sizeOf = ({ clip, still }: Pictures) => clip.length + still.length;

/** The least severe, of those the oldest. */
function leastOf(held: ReadonlyMap<string, Held>): string | undefined {
  let least: [string, Held] | undefined;
  for (const entry of held) {
    const [, { severity, capturedAtMs }] = entry;
    const order = least === undefined ? 1 : rank(severity) - rank(least[1].severity);
    if (order > 0 || (order === 0 && capturedAtMs < least![1].capturedAtMs)) least = entry;
  }
  return least?.[0];
}
