/** What `doctor` says of the store of pictures: whether it can be read and written from here, its room, and what is oldest. */
import { openPictureStore, readRecordName } from '#analytics/store/pictures/kept.ts';
import type { PictureStore } from '#analytics/store/pictures/picture-store.ts';
import { FAULTS, faultCodeOf } from '#models/schema/fault.ts';
import type { Config } from '#system/config.ts';
import { formatBytes } from '../print.ts';
import type { Finding } from './doctor.ts';

const ABOUT = 'evidence';
const PROBE = 'doctor/probe';
const DAY_MS = 24 * 3_600_000;
/** Sweeps come every minute; one that was down for a while has a day. */
const LATE_MS = DAY_MS;
/** A bucket tells a thousand names at a time: beyond these what is oldest is not looked for. */
const NAMES_MAX = 20_000;

type Oldest = { alerts: number; isAll: boolean; capturedAtMs: number | undefined };

/** Findings beyond the first stand for what would become a trouble. */
export async function examineEvidence(config: Config, nowMs = Date.now()): Promise<Finding[]> {
  const place = config.evidenceS3Url === '' ? config.evidenceDir : 'the bucket of evidenceS3Url';
  let store: PictureStore | undefined;
  try {
    store = openPictureStore(config);
    await proveWritable(store);
    const oldest = await readOldest(store);
    const free = await store.freeBytes();
    return [
      { about: ABOUT, isWell: true, says: `${place} can be read and written; ${describe(oldest)}` },
      ...roomOf(config, free),
      ...lateOf(config, oldest, nowMs),
    ];
  } catch (error) {
    const { message, cure } = error as Error & { cure?: string };
    return [{ about: ABOUT, isWell: false, says: message, cure: cure ?? FAULTS[faultCodeOf(error)].cure }];
  } finally {
    store?.close();
  }
}

async function proveWritable(store: PictureStore): Promise<void> {
  const written = Buffer.from('written by doctor');
  await store.put(PROBE, written);
  const read = await store.read(PROBE);
  await store.remove(PROBE);
  if (read?.equals(written) !== true) throw new Error(`${PROBE} was written and came back as something else`);
}

async function readOldest(store: PictureStore): Promise<Oldest> {
  const found: Oldest = { alerts: 0, isAll: true, capturedAtMs: undefined };
  let names = 0;
  for await (const { name } of store.list('blurred/')) {
    const record = readRecordName(name);
    if (record !== undefined) {
      found.alerts++;
      found.capturedAtMs = Math.min(found.capturedAtMs ?? record.capturedAtMs, record.capturedAtMs);
    }
    if (++names < NAMES_MAX) continue;
    found.isAll = false;
    break;
  }
  return found;
}

function describe({ alerts, isAll, capturedAtMs }: Oldest): string {
  if (capturedAtMs === undefined) return 'no pictures are kept yet';
  const since = new Date(capturedAtMs).toISOString();
  return isAll ? `pictures of ${alerts} alerts, the oldest of ${since}` : `pictures of more than ${alerts} alerts`;
}

/** Full is no trouble by itself: the least severe make way. That the disk is full of something else is. */
function roomOf({ evidenceReservedMb }: Config, free: number | undefined): Finding[] {
  const reserved = evidenceReservedMb * 1024 ** 2;
  if (free === undefined || free >= reserved) return [];
  const says = `${formatBytes(free)} free where pictures are kept, ${formatBytes(reserved)} are reserved (evidenceReservedMb): pictures are deleted, or not kept`;
  return [{ about: ABOUT, isWell: false, isWarning: true, says, cure: FAULTS['disk-full'].cure }];
}

function lateOf(config: Config, { capturedAtMs }: Oldest, nowMs: number): Finding[] {
  const { evidenceCriticalDays, evidenceMajorDays, evidenceMinorDays, evidenceInfoDays } = config;
  const days = Math.max(evidenceCriticalDays, evidenceMajorDays, evidenceMinorDays, evidenceInfoDays);
  if (capturedAtMs === undefined || nowMs - capturedAtMs <= days * DAY_MS + LATE_MS) return [];
  const says = `pictures of ${new Date(capturedAtMs).toISOString()} are still there, which may be kept for ${days} days`;
  const cure =
    'See that the alerts process runs: it deletes what is too old every minute; data/logs/alerts.log says why not.';
  return [{ about: ABOUT, isWell: false, isWarning: true, says, cure }];
}
