/** What changed about a camera, field by field, and who changed it; never a password, only that it is another. */
import Type, { type Static } from 'typebox';
import { Calibration } from './calibration.ts';
import { Camera } from './camera.ts';
import { Id, TimeMs } from './id.ts';

/** `before` is absent where there was nothing, `after` where there is nothing any more. */
export const FieldChange = Type.Object({
  field: Type.String({ description: 'As in the camera: name, url, placement.headingDeg …' }),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown({ description: 'Of a password only: set, changed or cleared' })),
});
export type FieldChange = Static<typeof FieldChange>;

export const ChangeKind = Type.Enum(['added', 'edited', 'removed', 'undone']);
export type ChangeKind = Static<typeof ChangeKind>;

/** One change of a camera's registration, as people are told it. */
export const CameraChange = Type.Object({
  camera: Id,
  kind: ChangeKind,
  atMs: TimeMs,
  who: Type.String({ description: 'Id of the user' }),
  via: Type.Enum(['session', 'api'], { description: 'The page, or a token' }),
  /** Absent where it was removed. */
  revision: Type.Optional(Type.Integer({ description: 'Of the registry, which this change made' })),
  formerRevision: Type.Optional(Type.Integer({ description: 'Of the registry, which it was made on' })),
  fields: Type.Array(FieldChange),
});
export type CameraChange = Static<typeof CameraChange>;

/** As it is kept: with what was before, its password sealed; that never goes out. */
export const StoredChange = Type.Object({
  ...CameraChange.properties,
  version: Type.Literal(1),
  former: Type.Union([Camera, Type.Null()]),
  formerCalibration: Type.Optional(Calibration),
});
export type StoredChange = Static<typeof StoredChange>;
