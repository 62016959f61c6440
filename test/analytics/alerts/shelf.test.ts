import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createShelf, type Shelf, type ShelfLimits } from '#analytics/alerts/evidence/shelf.ts';
import { openDiskStore } from '#analytics/store/pictures/disk.ts';
import { findKept, type KeptRecord, readUnblurred } from '#analytics/store/pictures/kept.ts';
import type { PictureStore } from '#analytics/store/pictures/picture-store.ts';
import { createSealer } from '#analytics/store/pictures/sealed.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Severity } from '#models/schema/severity.ts';
import { idOf, LIXIA } from '#test/site/alert-events.ts';

const DAY_MS = 24 * 3_600_000;
const NOW_MS = 1_795_000_000_000;
const PICTURE = { clip: Buffer.alloc(40_000, 1), still: Buffer.alloc(10_000, 2) };
const LIMITS: ShelfLimits = {
  maxBytes: 1e9,
  reservedBytes: 0,
  keptMs: { critical: 90 * DAY_MS, major: 30 * DAY_MS, minor: 14 * DAY_MS, info: 7 * DAY_MS },
  unblurredMs: 3 * DAY_MS,
};

let folder: string;
let store: PictureStore;
let removed: string[];
const sealer = createSealer(Buffer.alloc(32, 5));
beforeEach(() => {
  folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-shelf-'));
  store = openDiskStore(folder);
  removed = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(limits: Partial<ShelfLimits> = {}, by: PictureStore = store): Shelf {
  const onRemoved = async ({ evidence }: KeptRecord, reason: string) =>
    void removed.push(`${evidence.alert} ${reason}`);
  return createShelf({ store: by, sealer, limits: { ...LIMITS, ...limits }, onRemoved });
}

async function keep(shelf: Shelf, name: string, severity: Severity, ageDays = 0): Promise<void> {
  const stillAtMs = NOW_MS - ageDays * DAY_MS;
  const evidence = { alert: idOf(name), camera: 'gate-1', state: 'kept' as const };
  const record = { evidence, areaPath: LIXIA, severity, stillAtMs, codec: 'h264', hasUnblurred: true };
  await shelf.keep(record, { blurred: PICTURE, unblurred: PICTURE });
}
const isKept = async (name: string) => (await findKept(store, idOf(name))) !== undefined;
const unblurred = (name: string) => readUnblurred(store, idOf(name), { picture: 'clip', sealer });

describe('the shelf of pictures', () => {
  it('keeps each severity its own time, and tells of what went', async () => {
    const shelf = open();
    for (const severity of ['critical', 'major', 'minor', 'info'] as const) await keep(shelf, severity, severity, 15);
    await shelf.sweep(NOW_MS);
    expect(await Promise.all(['critical', 'major', 'minor', 'info'].map(isKept))).toEqual([true, true, false, false]);
    expect(removed.sort()).toEqual([`${idOf('info')} evidence-deleted`, `${idOf('minor')} evidence-deleted`].sort());
  });

  it('forgets the unblurred ones earlier, and never has them where that is wished', async () => {
    const shelf = open();
    await keep(shelf, 'old', 'critical', 4);
    await keep(shelf, 'new', 'critical', 2);
    await shelf.sweep(NOW_MS);
    expect([await isKept('old'), await unblurred('old')]).toEqual([true, undefined]);
    expect((await unblurred('new'))?.equals(PICTURE.clip)).toBe(true);
    const never = open({ unblurredMs: 0 });
    await keep(never, 'never', 'critical');
    expect([await isKept('never'), await unblurred('never')]).toEqual([true, undefined]);
    expect(removed).toEqual([]);
  });

  it('makes room by the least severe, of those the oldest, and refuses what only graver ones could make way for', async () => {
    // Room for three.
    const shelf = open({ maxBytes: 350_000 });
    await keep(shelf, 'info-old', 'info', 2);
    await keep(shelf, 'info-new', 'info', 1);
    await keep(shelf, 'critical-old', 'critical', 3);
    await keep(shelf, 'major', 'major');
    expect(removed).toEqual([`${idOf('info-old')} disk-full`]);
    await keep(shelf, 'major-2', 'major');
    expect(removed.at(-1)).toBe(`${idOf('info-new')} disk-full`);
    await expect(shelf.demandRoom('info')).rejects.toMatchObject({ code: 'disk-full' });
    await expect(keep(shelf, 'info', 'info')).rejects.toMatchObject({ code: 'disk-full' });
    expect(await Promise.all(['critical-old', 'major', 'major-2'].map(isKept))).toEqual([true, true, true]);
    expect(shelf.counts().bytes).toBeLessThanOrEqual(350_000);
  });

  it('leaves the disk what others need, whoever fills it', async () => {
    let free = 1_000_000;
    const shelf = open({ reservedBytes: 500_000 }, { ...store, freeBytes: async () => free });
    await keep(shelf, 'one', 'info');
    await keep(shelf, 'two', 'major');
    free = 400_000;
    const sweeping = shelf.sweep(NOW_MS);
    await sweeping;
    expect(removed).toEqual([`${idOf('one')} disk-full`, `${idOf('two')} disk-full`]);
    await expect(keep(shelf, 'three', 'critical')).rejects.toMatchObject({ code: 'disk-full' });
  });

  it('leaves nothing of pictures for which the disk was full in the middle', async () => {
    let puts = 0;
    const put: PictureStore['put'] = async (name, bytes) => {
      if (++puts > 2) throw new FaultError('disk-full', 'no space left on device');
      await store.put(name, bytes);
    };
    await expect(keep(open({}, { ...store, put }), 'half', 'minor')).rejects.toMatchObject({ code: 'disk-full' });
    const left: string[] = [];
    for (const tree of ['unblurred/', 'blurred/']) for await (const { name } of store.list(tree)) left.push(name);
    expect({ puts, left }).toEqual({ puts: 3, left: [] });
  });

  it('knows after a restart what lies there, and clears what a crash left half written', async () => {
    await keep(open(), 'whole', 'minor', 15);
    const half = `blurred/ff/${'f'.repeat(24)}/clip.mp4`;
    await store.put(half, PICTURE.clip);
    const shelf = open();
    await shelf.load();
    expect(shelf.counts()).toMatchObject({ alerts: 1 });
    expect(await store.read(half)).toBeDefined();
    await shelf.load();
    expect(await store.read(half)).toBeUndefined();
    await shelf.sweep(NOW_MS);
    expect(removed).toEqual([`${idOf('whole')} evidence-deleted`]);
  });
});
