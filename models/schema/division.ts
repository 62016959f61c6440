/** The division of a city into areas: what is wrong with it, its published versions, and what changed between two. */
import Type, { type Static } from 'typebox';
import { AreaLevel, MultiPolygon, Polygon } from './area.ts';
import { Id, TimeMs } from './id.ts';

/** Coordinates that a file may come in; ours are WGS-84. */
export const CRS_NAMES = ['wgs84', 'gcj02', 'bd09'] as const;
export const CrsName = Type.Enum(CRS_NAMES);
export type CrsName = Static<typeof CrsName>;

/** Those of geometry come first, then the tree, then staffing; a report lists them in this order. */
export const DIVISION_FAULT_CODES = [
  'polygon-invalid',
  'gap',
  'overlap',
  'sliver',
  'outside-parent',
  'wrong-parent',
  'orphan',
  'undivided',
  'households-few',
  'households-many',
  'households-unknown',
  'no-leader',
  'no-full-time-worker',
  'not-computed',
] as const;
export const DivisionFaultCode = Type.Enum(DIVISION_FAULT_CODES);
export type DivisionFaultCode = Static<typeof DivisionFaultCode>;

/** With one of these a division has holes, lies twice on the ground or hangs in the air: it is not published as it is. */
export const HARD_FAULT_CODES: readonly DivisionFaultCode[] = [
  'polygon-invalid',
  'gap',
  'overlap',
  'outside-parent',
  'wrong-parent',
  'orphan',
  'not-computed',
];

export const DivisionFault = Type.Object({
  code: DivisionFaultCode,
  areas: Type.Array(Type.String(), { description: 'Ids of the areas it concerns, the one to look at first' }),
  words: Type.Object({ en: Type.String(), zh: Type.String() }),
  at: Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()], { description: 'A place inside it' }),
  areaM2: Type.Union([Type.Number(), Type.Null()], { description: 'Of the gap, overlap or part outside' }),
  geometry: Type.Union([Polygon, MultiPolygon, Type.Null()], {
    description: 'Of the gap, overlap or part outside; null where the fault is the whole area’s',
  }),
});
export type DivisionFault = Static<typeof DivisionFault>;

export const DivisionReport = Type.Object({
  checkedAtMs: TimeMs,
  areas: Type.Integer({ description: 'Areas that were checked' }),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'Faults by code, all of them' }),
  faults: Type.Array(DivisionFault),
  isComplete: Type.Boolean({ description: 'False where only the first faults are listed, or time ran out' }),
  tookMs: Type.Integer(),
});
export type DivisionReport = Static<typeof DivisionReport>;

/** A version that was frozen; its areas lie beside it and change no more. */
export const Division = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  note: Type.String({ maxLength: 500 }),
  publishedAtMs: TimeMs,
  by: Type.String(),
  areas: Type.Record(Type.String(), Type.Integer(), { description: 'Areas by level' }),
  faults: Type.Record(Type.String(), Type.Integer(), { description: 'Faults by code that it was published with' }),
  isReady: Type.Boolean({ description: 'False while its areas are being written, or where that was broken off' }),
});
export type Division = Static<typeof Division>;

/** Of the ground first; a report lists them in this order. */
export const AREA_CHANGES = ['split', 'merged', 'added', 'removed', 'moved', 'parent', 'renamed', 'figures'] as const;

/** One change of one area: `from` and `to` name the areas that a split or merger concerns. */
export const AreaChange = Type.Object({
  change: Type.Enum(AREA_CHANGES),
  area: Id,
  name: Type.String(),
  level: AreaLevel,
  from: Type.Array(Id),
  to: Type.Array(Id),
  gainedM2: Type.Number(),
  lostM2: Type.Number(),
  said: Type.String({ description: 'What was and what is, where that is not ground' }),
});
export type AreaChange = Static<typeof AreaChange>;

export const DivisionDifference = Type.Object({
  from: Type.Integer({ description: 'A version; 0 is the areas of today' }),
  to: Type.Integer(),
  unchanged: Type.Integer(),
  changes: Type.Array(AreaChange),
});
export type DivisionDifference = Static<typeof DivisionDifference>;
