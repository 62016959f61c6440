/** What an import of areas is asked with, and what it says. */
import Type, { type Static } from 'typebox';
import { AreaLevel } from './area.ts';
import { CrsName } from './division.ts';
import { Id } from './id.ts';

export const AreaImportQuery = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean({ description: 'Say what would be, change nothing' })),
    crs: Type.Optional(CrsName),
    swap: Type.Optional(Type.Boolean({ description: 'The file gives latitude before longitude' })),
    level: Type.Optional(AreaLevel),
    parent: Type.Optional(Id),
    map: Type.Optional(
      Type.String({ maxLength: 1000, description: 'Names of properties, ours=theirs: "id=网格编号,name=名称"' }),
    ),
  },
  { additionalProperties: false },
);
export type AreaImportQuery = Static<typeof AreaImportQuery>;

export const AreaImportProblem = Type.Object({
  id: Type.String({ description: 'Of the area, or "feature 7" where it has none' }),
  feature: Type.Integer({ description: 'Its number in the file, from 1; 0 for an area that is there already' }),
  code: Type.String(),
  message: Type.String(),
  at: Type.Optional(Type.Tuple([Type.Number(), Type.Number()], { description: 'lon, lat of the place' })),
});
export type AreaImportProblem = Static<typeof AreaImportProblem>;

export const AreaImportAnswer = Type.Object({
  imported: Type.Integer({ description: 'Areas that were written, or would be' }),
  added: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  problems: Type.Array(AreaImportProblem, { description: 'The first of them' }),
  problemCount: Type.Integer(),
  warnings: Type.Array(
    Type.Object({ code: Type.String(), words: Type.Object({ en: Type.String(), zh: Type.String() }) }),
  ),
});
export type AreaImportAnswer = Static<typeof AreaImportAnswer>;
