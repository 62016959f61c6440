/** An import of cameras: the rows that come, and what became or would become of each. */
import Type, { type Static } from 'typebox';
import { FieldChange } from './camera-change.ts';
import { CameraPatch } from './camera-view.ts';
import { Id } from './id.ts';

/** What a row says of a camera: what is absent stays, null clears. */
export const CameraRow = Type.Object(
  { id: Type.Optional(Id), ...CameraPatch.properties },
  { additionalProperties: false },
);
export type CameraRow = Static<typeof CameraRow>;

/** Fields are checked row by row, so that a bad row does not refuse the good ones. */
export const ImportRow = Type.Object(
  {
    row: Type.Integer({ minimum: 1, description: 'Where it stands in the file; the header of a table is row 1' }),
    fields: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: false },
);
export type ImportRow = Static<typeof ImportRow>;

export const RowVerdict = Type.Enum(['added', 'changed', 'unchanged', 'refused']);
export type RowVerdict = Static<typeof RowVerdict>;

export const RowOutcome = Type.Object({
  row: Type.Integer(),
  verdict: RowVerdict,
  camera: Type.Optional(Type.String({ description: 'Id of the camera; absent where the row does not say which' })),
  changes: Type.Optional(Type.Array(FieldChange)),
  field: Type.Optional(Type.String({ description: 'The field that is wrong' })),
  code: Type.Optional(Type.String()),
  message: Type.Optional(Type.String()),
  cure: Type.Optional(Type.String()),
});
export type RowOutcome = Static<typeof RowOutcome>;

export const ImportOutcome = Type.Object({
  isDryRun: Type.Boolean(),
  /** False where nothing was written: a dry run, or a refused row of an import that is all or nothing. */
  isApplied: Type.Boolean(),
  counts: Type.Object({
    added: Type.Integer(),
    changed: Type.Integer(),
    unchanged: Type.Integer(),
    refused: Type.Integer(),
  }),
  notices: Type.Array(Type.String()),
  rows: Type.Array(RowOutcome),
});
export type ImportOutcome = Static<typeof ImportOutcome>;
