/** What an import would do with each row: add a camera, change one field by field, leave it, or refuse the row and say why. */
import { changesBetween } from '#models/registry/camera-changes.ts';
import type { Camera } from '#models/schema/camera.ts';
import { CameraRow, type ImportRow, type RowOutcome } from '#models/schema/camera-import.ts';
import type { CameraInput, CameraPatch } from '#models/schema/camera-view.ts';
import { checker, InvalidValueError } from '#models/schema/check.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../../context.ts';
import { isInScope, type Principal } from '../../rights/authorize.ts';
import { refuseStale } from '../conflict.ts';
import { type EditPlaces, editCamera, makeCamera } from '../edit.ts';
import { withLogin } from '../logins.ts';
import { makeId } from '../names.ts';
import { placesOf, refuseNowhere } from '../places.ts';
import { type Matcher, matchCameras, placeOf } from './match.ts';

/** `before` and `after` are there where something is to be written. */
export type PlannedRow = { outcome: RowOutcome; before?: Camera; after?: Camera; revision?: number };

type Planning = {
  principal: Principal;
  context: Context;
  match: Matcher;
  places: EditPlaces;
  /** Camera id → row that speaks of it, in this import. */
  spoken: Map<string, number>;
  /** Place of a new camera → row that adds it. */
  added: Map<string, number>;
};

const checkRow = checker('the row', CameraRow);

export async function planImport(
  rows: readonly ImportRow[],
  principal: Principal,
  context: Context,
): Promise<PlannedRow[]> {
  const tree = context.tree();
  const seen = context.cameras.list().filter(({ area }) => isInScope(principal.user.scope, { area, tree }));
  const planning = {
    principal,
    context,
    match: matchCameras(seen),
    places: placesOf(principal, context),
    spoken: new Map<string, number>(),
    added: new Map<string, number>(),
  };
  const plan: PlannedRow[] = [];
  for (const row of rows) {
    plan.push(await planRow(row, planning).catch((error: unknown) => ({ outcome: refusal(row, error) })));
  }
  return plan;
}

async function planRow({ row, fields, revision }: ImportRow, planning: Planning): Promise<PlannedRow> {
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
  if (known !== undefined && revision !== undefined) await refuseStale(known.id, `"${revision}"`, planning.context);
  return known === undefined ? planAdding(row, wanted, planning) : planChange(row, wanted, { known, ...planning });
}

function planAdding(row: number, wanted: CameraRow, planning: Planning): PlannedRow {
  const { context, principal } = planning;
  const input = withLogin(withoutNull(wanted), { former: undefined, principal, places: context });
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
  const after = makeCamera(id, input as CameraInput, planning.places);
  refuseNowhere(after.area, principal);
  // At last: a row that is refused takes no place from a good one.
  refuseTwice(row, wanted, planning);
  speakOf(id, row, planning);
  return { outcome: { row, verdict: 'added', camera: id, changes: changesBetween(undefined, after) }, after };
}

function planChange(row: number, wanted: CameraRow, { known, ...planning }: Planning & { known: Camera }): PlannedRow {
  const { context, principal } = planning;
  const revision = context.cameras.entry(known.id)?.revision;
  const patch = withLogin(patchOf(wanted, known), { former: known, principal, places: context });
  const after = editCamera(known, patch, planning.places);
  refuseNowhere(after.area, principal);
  speakOf(known.id, row, planning);
  const changes = changesBetween(known, after);
  if (changes.length === 0) return { outcome: { row, verdict: 'unchanged', camera: known.id } };
  const planned = { outcome: { row, verdict: 'changed' as const, camera: known.id, changes }, before: known, after };
  return revision === undefined ? planned : { ...planned, revision };
}

/** Two new cameras at one place could not be told apart when the sheet comes again, unless they have ids. */
function refuseTwice(row: number, wanted: CameraRow, { added }: Planning): void {
  const place = placeOf(wanted);
  const other = place === undefined ? undefined : added.get(place);
  if (place !== undefined && other === undefined) added.set(place, row);
  if (other === undefined || wanted.id !== undefined) return;
  throw new FaultError('already-exists', `it is at ${place}, as row ${other} is`, {
    about: { field: 'url' },
    cure: 'Keep one of the rows, or give both an id.',
  });
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
    ...(typeof fields.name === 'string' ? { name: fields.name } : {}),
    ...(field !== undefined && isKnownField(field) ? { field } : {}),
    code: error.code,
    message,
    cure: isFault ? error.cure : 'Correct the field that is named.',
  };
}

const isKnownField = (field: string) => Object.hasOwn(CameraRow.properties, field.split('.')[0] ?? '');
