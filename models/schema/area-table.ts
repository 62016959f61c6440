/** One table (一表) of an area: people, place, event, thing and situation, each figure with source, age and share observed. */
import Type, { type Static } from 'typebox';
import { AreaLevel } from './area.ts';
import { Id } from './id.ts';
import { TABLE_GROUPS } from './total-figures.ts';

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

export const TABLE_ORIGINS = ['imported', 'registry', 'measured'] as const;

export const TableCell = Type.Object({
  value: nullable(Type.Number()),
  source: Type.String({ description: 'Who counted it; empty where it is not known' }),
  asOf: nullable(Type.String({ description: 'The day of it, or the end of the time that was measured' })),
  observedShare: nullable(
    Type.Number({ description: 'Of measured ones: the part of ground and time that was watched' }),
  ),
  parts: Type.Optional(
    Type.Object({ known: Type.Integer(), all: Type.Integer() }, { description: 'A sum over the areas below' }),
  ),
});
export type TableCell = Static<typeof TableCell>;

export const TableRow = Type.Object({
  group: Type.Enum(TABLE_GROUPS),
  figure: Type.String(),
  unit: Type.String(),
  origin: Type.Enum(TABLE_ORIGINS),
  cells: Type.Array(TableCell, { description: 'One for each of areas, in their order' }),
});
export type TableRow = Static<typeof TableRow>;

export const AreaTable = Type.Object({
  fromMs: Type.Number(),
  toMs: Type.Number(),
  areas: Type.Array(Type.Object({ id: Id, name: Type.String(), level: AreaLevel }), {
    description: 'The area itself, then areas right below it by name, as many as were asked for',
  }),
  below: Type.Object(
    { skipped: Type.Integer(), told: Type.Integer(), all: Type.Integer() },
    { description: 'Of all areas right below, by name, so many were skipped, and the next so many are told' },
  ),
  rows: Type.Array(TableRow),
  path: Type.Array(Type.Object({ id: Id, name: Type.String() }), { description: 'The areas above, the city first' }),
  missingHours: Type.Optional(
    Type.Integer({
      description:
        'Hours of this time that the store counts anew after an update: their part of what was measured is missing',
    }),
  ),
});
export type AreaTable = Static<typeof AreaTable>;
