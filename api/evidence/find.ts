/** What is kept of an alert, for somebody who may see it; or why there is nothing. */
import { findKept, type KeptRecord } from '#analytics/store/pictures/kept.ts';
import type { PictureStore } from '#analytics/store/pictures/picture-store.ts';
import { FaultError, isFaultCode } from '#models/schema/fault.ts';
import { DATABASE } from '#system/store-client.ts';
import { fromStore } from '../alerts/find.ts';
import { demandSeen } from '../alerts/scope.ts';
import type { Context } from '../context.ts';
import type { Principal } from '../rights/authorize.ts';

type Asked = { principal: Principal; context: Context; store: PictureStore };

/** Throws FaultError `not-found` for what is not the asker's, `evidence-deleted`, or `evidence-missing` with the reason. */
export async function findPictures(alert: string, { principal, context, store }: Asked): Promise<KeptRecord> {
  const record = await findKept(store, alert);
  if (record === undefined) throw await whyNone(alert, principal, context);
  demandSeen(record.areaPath, principal, `alert "${alert}"`);
  return record;
}

type Row = { state: string; reason: string; area_path: string };

async function whyNone(alert: string, principal: Principal, { reader }: Context): Promise<FaultError> {
  const [row] = await fromStore(readRows(alert, reader));
  const about = { alert };
  if (row === undefined) return new FaultError('evidence-missing', `nothing is kept of alert "${alert}"`, { about });
  demandSeen(row.area_path.split('.'), principal, `alert "${alert}"`);
  if (row.state === 'deleted') return new FaultError('evidence-deleted', 'the pictures have been deleted', { about });
  const code = isFaultCode(row.reason) ? row.reason : 'evidence-missing';
  return new FaultError('evidence-missing', `there are no pictures of alert "${alert}": ${code}`, { about });
}

async function readRows(alert: string, reader: Context['reader']): Promise<Row[]> {
  const result = await reader.query({
    query: `SELECT state, reason, area_path FROM ${DATABASE}.evidence FINAL WHERE alert = {alert: String} ORDER BY changed_at DESC LIMIT 1`,
    query_params: { alert },
    format: 'JSONEachRow',
  });
  return await result.json<Row>();
}
