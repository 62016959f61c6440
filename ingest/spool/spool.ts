/** The spool: messages wait on disk while the broker is away, in order, within bounds, and survive the process. */
import {
  closeSync,
  fdatasync,
  ftruncateSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type FolderLock, lockFolder } from './lock.ts';
import { encodeRecord, readSegment, type SpoolRecord } from './segment.ts';

export type SpoolLoss = { reason: 'size' | 'age' | 'disk-full' | 'damaged'; messages: number };

export type SpoolOptions = {
  maxBytes: number;
  maxAgeMs: number;
  /** Told whenever messages are given up; a loss of `damaged` counts the torn tail as one message. */
  onLoss: (loss: SpoolLoss) => void;
  now?: () => number;
};

export type SealedSegment = { name: string; records: SpoolRecord[] };

/**
 * Messages are appended to the open segment; reading seals it and starts at the oldest, so readers see sealed segments
 * only. A segment is removed when all of it was published; after a crash it is read again from its start, which repeats
 * at most one segment's messages under the ids they had.
 *
 * Loss rule: above `maxBytes`, or older than `maxAgeMs`, the oldest segment goes; on a full disk the message that does
 * not fit goes. Every loss is told to `onLoss`.
 *
 * Safety: an append is in the system's cache when `append` returns (a killed process loses nothing), and on the disk
 * within a second (`fdatasync`, and when a segment is sealed): a power cut loses that second at most.
 */
export type Spool = Disposable & {
  /** False where the disk had no room: the message is lost and told to `onLoss`. */
  append: (record: SpoolRecord) => boolean;
  /** The oldest segment that waits, or undefined when the spool is empty. */
  oldest: () => SealedSegment | undefined;
  /** All of the segment has been published. */
  remove: (name: string) => void;
  /** Takes over the spools beside this one whose processes are gone; returns how many segments came. */
  adopt: () => number;
  isEmpty: () => boolean;
  sizeBytes: () => number;
  messages: () => number;
  /** The last message that came found no room on the disk. */
  isDiskFull: () => boolean;
};

type Segment = { name: string; createdAtMs: number; bytes: number; messages: number };
type Open = Segment & { descriptor: number; isDirty: boolean };

const SEGMENT_PATTERN = /^(\d{15})-\d+-\d+\.segment$/;
const SYNC_INTERVAL_MS = 1000;

/** Opens the spool in `folder`; undefined while another living process has it. */
export function openSpool(folder: string, options: SpoolOptions): Spool | undefined {
  const lock = lockFolder(folder);
  return lock === undefined ? undefined : createSpool(folder, lock, options);
}

function createSpool(folder: string, lock: FolderLock, options: SpoolOptions): Spool {
  const now = options.now ?? Date.now;
  const segmentBytes = Math.max(64 * 1024, Math.min(4 * 1024 ** 2, Math.floor(options.maxBytes / 16)));
  let sealed: Segment[] = listSegments(folder).map((name) => countSegment(folder, name, options));
  let open: Open | undefined;
  let made = 0;
  let isFull = false;

  const sync = setInterval(() => {
    if (open === undefined || !open.isDirty) return;
    open.isDirty = false;
    fdatasync(open.descriptor, () => {});
  }, SYNC_INTERVAL_MS).unref();

  const pathOf = (name: string) => resolve(folder, name);
  const all = () => (open === undefined ? sealed : [...sealed, open]);
  const sum = (of: 'bytes' | 'messages') => all().reduce((total, segment) => total + segment[of], 0);

  function start(): Open {
    const createdAtMs = now();
    const name = `${String(createdAtMs).padStart(15, '0')}-${process.pid}-${made++}.segment`;
    return { name, createdAtMs, bytes: 0, messages: 0, descriptor: openSync(pathOf(name), 'a', 0o600), isDirty: false };
  }
  function seal(): void {
    if (open === undefined) return;
    const { descriptor, ...segment } = open;
    open = undefined;
    fdatasync(descriptor, () => closeSync(descriptor));
    if (segment.messages > 0) sealed.push(segment);
    else rmSync(pathOf(segment.name), { force: true });
  }
  function drop(segment: Segment, reason: SpoolLoss['reason']): void {
    sealed = sealed.filter((other) => other !== segment);
    rmSync(pathOf(segment.name), { force: true });
    if (segment.messages > 0) options.onLoss({ reason, messages: segment.messages });
  }
  function enforceLimits(): void {
    if (open !== undefined && (open.bytes >= segmentBytes || now() - open.createdAtMs > 60_000)) seal();
    while (sealed[0] !== undefined && sum('bytes') > options.maxBytes) drop(sealed[0], 'size');
    // A segment holds a minute at most, so its creation stands for the age of all of it.
    while (sealed[0] !== undefined && now() - sealed[0].createdAtMs > options.maxAgeMs) drop(sealed[0], 'age');
  }

  return {
    append(record) {
      const bytes = encodeRecord(record);
      try {
        open ??= start();
        writeWhole(open, bytes);
        isFull = false;
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        isFull = true;
        options.onLoss({ reason: 'disk-full', messages: 1 });
        return false;
      }
      enforceLimits();
      return true;
    },
    oldest() {
      enforceLimits();
      if (sealed.length === 0) seal();
      for (const segment of [...sealed]) {
        try {
          return { name: segment.name, records: readSegment(pathOf(segment.name)).records };
        } catch {
          drop(segment, 'damaged');
        }
      }
      return undefined;
    },
    remove(name) {
      const segment = sealed.find((other) => other.name === name);
      if (segment === undefined) return;
      sealed = sealed.filter((other) => other !== segment);
      rmSync(pathOf(name), { force: true });
    },
    adopt() {
      const adopted = adoptOrphans(folder).map((name) => countSegment(folder, name, options));
      sealed = [...sealed, ...adopted].sort((a, b) => (a.name < b.name ? -1 : 1));
      return adopted.length;
    },
    isEmpty: () => sealed.length === 0 && (open === undefined || open.messages === 0),
    sizeBytes: () => sum('bytes'),
    messages: () => sum('messages'),
    isDiskFull: () => isFull,
    [Symbol.dispose]() {
      clearInterval(sync);
      seal();
      lock[Symbol.dispose]();
      // An empty folder of a worker that has gone is nobody's; one with segments waits for whoever starts next.
      if (sealed.length === 0) removeEmpty(folder);
    },
  };
}

const isDiskFull = (error: unknown) => ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Writes the record or nothing: what a full disk left half written is cut off again. */
function writeWhole(open: Open, bytes: Buffer): void {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(open.descriptor, bytes, written);
  } catch (error) {
    ftruncateSync(open.descriptor, open.bytes);
    throw error;
  }
  open.bytes += bytes.length;
  open.messages++;
  open.isDirty = true;
}

function listSegments(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => SEGMENT_PATTERN.test(name))
    .sort();
}

function countSegment(folder: string, name: string, options: SpoolOptions): Segment {
  const path = resolve(folder, name);
  const { records, tornBytes } = readSegment(path);
  if (tornBytes > 0) options.onLoss({ reason: 'damaged', messages: 1 });
  return {
    name,
    createdAtMs: Number(SEGMENT_PATTERN.exec(name)?.[1]),
    bytes: statSync(path).size,
    messages: records.length,
  };
}

/** Moves the segments of neighbours that nobody lives in here; names start with their time, so order stays. */
function adoptOrphans(folder: string): string[] {
  const parent = dirname(folder);
  const neighbours = readdirSync(parent, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== basename(folder),
  );
  return neighbours.flatMap(({ name }) => adoptFrom(resolve(parent, name), folder));
}

function adoptFrom(neighbour: string, folder: string): string[] {
  const segments = moveSegments(neighbour, folder);
  if (segments.length > 0) removeEmpty(neighbour);
  return segments;
}

function moveSegments(neighbour: string, folder: string): string[] {
  try {
    if (listSegments(neighbour).length === 0) return [];
    using lock = lockFolder(neighbour);
    if (lock === undefined) return [];
    const segments = listSegments(neighbour);
    for (const segment of segments) renameSync(resolve(neighbour, segment), resolve(folder, segment));
    return segments;
  } catch (error) {
    // Its owner came back and tidied up meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something else was put there: it stays.
  }
}
