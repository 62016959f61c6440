/** A dashboard as it was composed for one area, camera or rule and one period: sentences, panels with their rows, and why each is there. */
import Type, { type Static } from 'typebox';
import { AreaLevel, AreaPath } from './area.ts';
import { Id, TimeMs } from './id.ts';
import { Bilingual, Chart, PANEL_SIZES, PanelColumn, SubjectType } from './panel.ts';

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const Facts = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]));

/** Times are UTC milliseconds, shares 0 to 1. */
export const PanelValue = Type.Union([Type.String(), Type.Number(), Type.Null()]);
export type PanelValue = Static<typeof PanelValue>;

/** Why a panel has no figures, and what to do; `facts` are what the sentence of `code` names. */
export const EMPTY_CODES = [
  'not-observed',
  'nothing-seen',
  'too-few',
  'not-calibrated',
  'no-normal-yet',
  'nothing-unusual',
  'no-rules',
  'no-children',
  'not-allowed',
  'failed',
] as const;
export const EmptyReason = Type.Object({ code: Type.Enum(EMPTY_CODES), facts: Facts, cure: Bilingual });
export type EmptyReason = Static<typeof EmptyReason>;

export const PanelAnswer = Type.Object({
  id: Id,
  title: Bilingual,
  question: Bilingual,
  chart: Chart,
  size: Type.Enum(PANEL_SIZES),
  columns: Type.Array(PanelColumn),
  rows: Type.Array(Type.Array(PanelValue), { description: 'In the order of columns' }),
  isCut: Type.Boolean({ description: 'There are more rows; the CSV has them' }),
  empty: nullable(EmptyReason),
  sql: Type.String({ description: 'Runs as it is, with ./sharp-eyes sql' }),
  shownBecause: Bilingual,
  score: Type.Number(),
  tookMs: Type.Number(),
});
export type PanelAnswer = Static<typeof PanelAnswer>;

/** What changed or stands out, in one plain sentence whose numbers the SQL gives again. */
export const Sentence = Type.Object({
  id: Type.String({ description: 'Which claim it is: the same id is made by the same rule' }),
  text: Bilingual,
  facts: Facts,
  sql: Type.String({ description: 'One row, whose columns are the facts' }),
  panel: nullable(Id),
  weight: Type.Number({ description: 'How much it stands out; they come in its order' }),
});
export type Sentence = Static<typeof Sentence>;

export const DashboardSubject = Type.Object({
  type: SubjectType,
  id: Id,
  name: Type.String(),
  level: nullable(AreaLevel),
  areaPath: AreaPath,
  /** The way down to it: areas above it, the city first. */
  above: Type.Array(Type.Object({ id: Id, name: Type.String(), level: AreaLevel })),
  /** Where one can go on from here: areas right below, or cameras. */
  below: Type.Array(Type.Object({ type: SubjectType, id: Id, name: Type.String() })),
});
export type DashboardSubject = Static<typeof DashboardSubject>;

export const Dashboard = Type.Object({
  subject: DashboardSubject,
  fromMs: TimeMs,
  toMs: TimeMs,
  compare: nullable(Type.Object({ fromMs: TimeMs, toMs: TimeMs })),
  zone: Type.String(),
  observedShare: nullable(Type.Number({ description: 'Of the cameras’ time, what was watched' })),
  cameras: Type.Object({ all: Type.Integer(), calibrated: Type.Integer() }),
  isSimulated: Type.Boolean({ description: 'Part of the period was filled by the demo' }),
  version: Type.String({ description: 'The same as long as the data and the question are: the ETag' }),
  composedAtMs: TimeMs,
  sentences: Type.Array(Sentence),
  panels: Type.Array(PanelAnswer, { description: 'In the order in which they are laid out' }),
});
export type Dashboard = Static<typeof Dashboard>;

/** Choices that somebody keeps under a name; who may open it is asked again each time. */
export const KeptView = Type.Object(
  {
    id: Id,
    name: Type.String({ minLength: 1, maxLength: 120 }),
    owner: Id,
    isShared: Type.Boolean({ description: 'Others find it in their list; rights hold as ever' }),
    /** The part of the address behind `#`. */
    address: Type.String({ pattern: '^/', maxLength: 2000 }),
    createdAtMs: TimeMs,
  },
  { additionalProperties: false },
);
export type KeptView = Static<typeof KeptView>;
