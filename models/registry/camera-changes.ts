/** What is different between two states of a camera, field by field, as people name the fields. */
import type { Camera } from '../schema/camera.ts';
import type { FieldChange } from '../schema/camera-change.ts';

/** Absent on one side: added, or removed. Passwords are compared as they are sealed, and never told. */
export function changesBetween(before: Camera | undefined, after: Camera | undefined): FieldChange[] {
  const [former, latter] = [fieldsOf(before), fieldsOf(after)];
  const names = new Set([...Object.keys(former), ...Object.keys(latter)]);
  const changes = [...names].flatMap((field): FieldChange[] => {
    const [was, is] = [former[field], latter[field]];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [{ field, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
  return [...changes, ...passwordChange(sealedOf(before), sealedOf(after))];
}

function passwordChange(before: string | undefined, after: string | undefined): FieldChange[] {
  if (before === after) return [];
  if (before === undefined) return [{ field: 'password', after: 'set' }];
  return [{ field: 'password', after: after === undefined ? 'cleared' : 'changed' }];
}

const sealedOf = (camera: Camera | undefined) =>
  camera?.source.kind === 'rtsp' ? camera.source.sealedPassword : undefined;

/** `{ placement: { heightM: 6 } }` → `{ 'placement.heightM': 6 }`; the source's fields stand by their own names. */
function fieldsOf(camera: Camera | undefined): Record<string, unknown> {
  if (camera === undefined) return {};
  const { id: _id, createdAtMs: _created, updatedAtMs: _updated, source, area, ...rest } = camera;
  const { kind: _kind, sealedPassword: _sealed, ...fields } = { sealedPassword: undefined, ...source };
  return flatten({ ...fields, ...rest, ...(area === null ? {} : { area }) });
}

function flatten(fields: object): Record<string, unknown> {
  const entries = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isGroup ? Object.entries(value).map(([inner, it]) => [`${name}.${inner}`, it]) : [[name, value]];
  });
  return Object.fromEntries(entries);
}
