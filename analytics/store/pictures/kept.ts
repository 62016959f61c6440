/**
 * The pictures of one alert in the store. Blurred and unblurred lie in trees of their own:
 *
 *     blurred/ab/<alert>/clip.mp4, still.jpg, then kept.<severity>.<capturedAtMs>.json, which says that all is there
 *     unblurred/ab/<alert>/clip.sealed, still.sealed
 */
import Type, { type Static } from 'typebox';
import { Evidence } from '#models/schema/alert.ts';
import { AreaPath } from '#models/schema/area.ts';
import { checker } from '#models/schema/check.ts';
import { isSeverity, Severity } from '#models/schema/severity.ts';
import type { Config } from '#system/config.ts';
import { openDiskStore } from './disk.ts';
import type { PictureStore } from './picture-store.ts';
import { openS3Store } from './s3.ts';
import type { Sealer } from './sealed.ts';

export const KeptRecord = Type.Object({
  evidence: Evidence,
  areaPath: AreaPath,
  severity: Severity,
  stillAtMs: Type.Integer(),
  codec: Type.String({ description: 'Of the unblurred clip' }),
  hasUnblurred: Type.Boolean(),
});
export type KeptRecord = Static<typeof KeptRecord>;

export type Picture = 'clip' | 'still';
export type Pictures = Record<Picture, Uint8Array>;

const checkRecord = checker('the record of kept pictures', KeptRecord);
const ENDINGS = { clip: 'mp4', still: 'jpg' } as const;

export const blurredName = (alert: string, picture: Picture) =>
  `blurred/${alert.slice(0, 2)}/${alert}/${picture}.${ENDINGS[picture]}`;
const unblurredName = (alert: string, picture: Picture) => `unblurred/${alert.slice(0, 2)}/${alert}/${picture}.sealed`;
const recordPrefix = (alert: string) => `blurred/${alert.slice(0, 2)}/${alert}/kept.`;
const RECORD = /^blurred\/[a-f0-9]{2}\/([a-f0-9]{24})\/kept\.([a-z]+)\.(\d+)\.json$/;

export function openPictureStore(config: Pick<Config, 'evidenceDir' | 'evidenceS3Url' | 'dataDir'>): PictureStore {
  return config.evidenceS3Url === '' ? openDiskStore(config.evidenceDir) : openS3Store(config.evidenceS3Url, config);
}

/** What a record's name says; undefined for any other name. */
export function readRecordName(name: string): { alert: string; severity: Severity; capturedAtMs: number } | undefined {
  const [, alert = '', severity = '', at] = RECORD.exec(name) ?? [];
  return isSeverity(severity) ? { alert, severity, capturedAtMs: Number(at) } : undefined;
}

/** The alert whose pictures bear that name, whichever they are. */
export const alertOfName = (name: string) => /^(?:un)?blurred\/[a-f0-9]{2}\/([a-f0-9]{24})\//.exec(name)?.[1];

export async function keepPictures(
  store: PictureStore,
  record: KeptRecord,
  { blurred, unblurred, sealer }: { blurred: Pictures; unblurred: Pictures | undefined; sealer: Sealer },
): Promise<void> {
  const { alert } = record.evidence;
  for (const picture of ['clip', 'still'] as const) {
    const sealedName = unblurredName(alert, picture);
    if (unblurred !== undefined) await store.put(sealedName, sealer.seal(unblurred[picture], sealedName));
    await store.put(blurredName(alert, picture), blurred[picture]);
  }
  const name = `${recordPrefix(alert)}${record.severity}.${record.stillAtMs}.json`;
  await store.put(name, Buffer.from(JSON.stringify(record)));
}

/** undefined where nothing is kept of the alert, or not yet. */
export async function findKept(store: PictureStore, alert: string): Promise<KeptRecord | undefined> {
  for await (const { name } of store.list(recordPrefix(alert))) {
    const bytes = await store.read(name);
    if (bytes !== undefined) return checkRecord(JSON.parse(bytes.toString()));
  }
  return undefined;
}

export const readBlurred = (store: PictureStore, alert: string, picture: Picture) =>
  store.read(blurredName(alert, picture));

export async function readUnblurred(
  store: PictureStore,
  alert: string,
  { picture, sealer }: { picture: Picture; sealer: Sealer },
): Promise<Buffer | undefined> {
  const name = unblurredName(alert, picture);
  const bytes = await store.read(name);
  return bytes === undefined ? undefined : sealer.open(bytes, name);
}

/** The record first: what is half removed is not kept any more. */
export async function removeKept(store: PictureStore, alert: string): Promise<void> {
  for await (const { name } of store.list(recordPrefix(alert))) await store.remove(name);
  await removeUnblurred(store, alert);
  for (const picture of ['clip', 'still'] as const) await store.remove(blurredName(alert, picture));
}

export async function removeUnblurred(store: PictureStore, alert: string): Promise<void> {
  for (const picture of ['clip', 'still'] as const) await store.remove(unblurredName(alert, picture));
}
