/** What an import would do with each row: add a camera, change one field by field, leave it, or refuse the row and say why. */
import { changesBetween } from '#models/registry/camera-changes.ts';
import type { Camera } from '#models/schema/camera.ts';
import { CameraRow, type ImportRow, type RowOutcome } from '#models/schema/camera-import.ts';
import type { CameraInput, CameraPatch } from '#models/schema/camera-view.ts';
import { checker, InvalidValueError } from '#models/schema/check.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../../context.ts';
import { isInScope, type Principal } from '../../rights/authorize.ts';
import { editCamera, makeCamera } from '../edit.ts';
import { makeId } from '../names.ts';
import { placesOf, refuseNowhere } from '../places.ts';
import { type Matcher, matchCameras } from './match.ts';

/** `before` and `after` are there where something is to be written. */
export type PlannedRow = { outcome: RowOutcome; before?: Camera; after?: Camera; revision?: number };

type Planning = {
  principal: Principal;
  context: Context;
  match: Matcher;
  /** Camera id → row that speaks of it, in this import. */
  spoken: Map<string, number>;
};

const checkRow = checker('the row', CameraRow);

export function planImport(rows: readonly ImportRow[], principal: Principal, context: Context): PlannedRow[] {
  const tree = context.tree();
  const seen = context.cameras.list().filter(({ area }) => isInScope(principal.user.scope, { area, tree }));
  const planning = { principal, context, match: matchCameras(seen), spoken: new Map<string, number>() };
  return rows.map((row) => {
    try {
      return planRow(row, planning);
    } catch (error) {
      return { outcome: refusal(row, error) };
    }
  });
}

function planRow({ row, fields }: ImportRow, planning: Planning): PlannedRow {
  const wanted = checkRow(fields);
  const { by, cameras } = planning.match(wanted);
  if (cameras.length > 1) {
    const ids = cameras
      .map(({ id }) => id)
      .slice(0, 5)
      .join(', ');
    throw new FaultError('invalid-value', `${by} is that of several cameras: ${ids}`, {
      about: { field: 'id' },
      cure: 'Name the one that is meant in the column id.',
    });
  }
  const [known] = cameras;
  return known === undefined ? planAdding(row, wanted, planning) : planChange(row, wanted, { known, ...planning });
}

function planAdding(row: number, wanted: CameraRow, planning: Planning): PlannedRow {
  const { context, principal } = planning;
  const input = withoutNull(wanted);
  if (input.name === undefined) {
    const what =
      wanted.id === undefined
        ? 'a new camera needs a name'
        : `there is no camera "${wanted.id}", and a new one needs a name`;
    throw new FaultError('invalid-value', what, { about: { field: 'name' }, cure: 'Write one into the column name.' });
  }
  const isTaken = (id: string) => context.cameras.get(id) !== undefined || planning.spoken.has(id);
  const id = wanted.id ?? makeId(input.name, isTaken);
  // Somebody with a scope is not told of a camera beyond it, but the id is taken all the same.
  if (context.cameras.get(id) !== undefined)
    throw new FaultError('already-exists', `the id "${id}" is taken`, { about: { field: 'id' } });
  speakOf(id, row, planning);
  const after = makeCamera(id, input as CameraInput, placesOf(principal, context));
  refuseNowhere(after.area, principal);
  return { outcome: { row, verdict: 'added', camera: id, changes: changesBetween(undefined, after) }, after };
}

function planChange(row: number, wanted: CameraRow, { known, ...planning }: Planning & { known: Camera }): PlannedRow {
  const { context, principal } = planning;
  speakOf(known.id, row, planning);
  const revision = context.cameras.entry(known.id)?.revision;
  const after = editCamera(known, patchOf(wanted, known), placesOf(principal, context));
  refuseNowhere(after.area, principal);
  const changes = changesBetween(known, after);
  if (changes.length === 0) return { outcome: { row, verdict: 'unchanged', camera: known.id } };
  const planned = { outcome: { row, verdict: 'changed' as const, camera: known.id, changes }, before: known, after };
  return revision === undefined ? planned : { ...planned, revision };
}

function speakOf(id: string, row: number, { spoken }: Planning): void {
  const other = spoken.get(id);
  if (other !== undefined) {
    throw new FaultError('already-exists', `it speaks of the camera "${id}", as row ${other} does`, {
      about: { field: 'id' },
      cure: 'Keep one of the rows, or give them ids of their own.',
    });
  }
  spoken.set(id, row);
}

/** A row says some fields of a device; of another host everything is said anew. */
function patchOf({ id: _id, ...patch }: CameraRow, { device: former }: Camera): CameraPatch {
  const { device } = patch;
  if (device === undefined || device === null || former === undefined || device.host !== former.host) return patch;
  return { ...patch, device: { ...former, ...device } };
}

function withoutNull<Fields extends object>(fields: Fields): { [Name in keyof Fields]: Exclude<Fields[Name], null> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as never;
}

/** Messages of the API name the body's field; a row has columns. */
export function refusal({ row, fields }: ImportRow, error: unknown): RowOutcome {
  if (!(error instanceof FaultError) && !(error instanceof InvalidValueError)) throw error;
  const isFault = error instanceof FaultError;
  const message = (isFault ? error.message : error.faults.join('; ')).replace(/\bbody\.(?=\w)/g, '').replace(/^\//, '');
  const about = isFault ? error.about.field : undefined;
  const field = typeof about === 'string' ? about : /^([a-zA-Z][\w./]*)[ :]/.exec(message)?.[1]?.replaceAll('/', '.');
  return {
    row,
    verdict: 'refused',
    ...(typeof fields.id === 'string' ? { camera: fields.id } : {}),
    ...(field !== undefined && isKnownField(field) ? { field } : {}),
    code: error.code,
    message,
    cure: isFault ? error.cure : 'Correct the field that is named.',
  };
}

const isKnownField = (field: string) => Object.hasOwn(CameraRow.properties, field.split('.')[0] ?? '');
