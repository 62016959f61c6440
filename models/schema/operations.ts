/** The pipeline as it runs now, stage by stage: how much passes, how late, what waits, what was lost, and what to do. */
import Type, { type Static } from 'typebox';
import { TimeMs } from './id.ts';
import { Finding, ProcessReport } from './site-view.ts';
import { OperationStage } from './stage.ts';

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** What a stage’s rate counts. */
export const PASSED = [
  'packets',
  'frames',
  'messages',
  'rows',
  'slices',
  'queries',
  'requests',
  'looks',
  'deliveries',
  'clips',
] as const;

/** Further figures of stages. */
export const OPERATION_FIGURES = [
  'cameras-live',
  'cameras-all',
  'reconnects',
  'detections',
  'stream-bytes',
  'stream-bytes-max',
  'write-failures',
  'lane-queries',
  'disk-free',
  'disk-size',
  'closed-hour',
  'alerts',
  'rules-running',
  'channels',
  'clips-kept',
  'clip-bytes',
  'evidence-headroom',
  'ring-bytes',
  'ring-seconds',
] as const;

export const OperationFigure = Type.Object({
  name: Type.Enum(OPERATION_FIGURES),
  value: Type.Number({ description: 'Bytes, a number, or a time in UTC milliseconds, as its name says' }),
});
export type OperationFigure = Static<typeof OperationFigure>;

export const StageNow = Type.Object({
  stage: OperationStage,
  state: Type.Enum(['well', 'warned', 'unwell', 'unknown'], {
    description: 'unknown: no process of it answers, and nobody said that it is needed',
  }),
  passed: Type.Enum(PASSED),
  ratePerS: nullable(Type.Number({ description: 'Null until two looks at the counts lie apart' })),
  lagS: nullable(
    Type.Number({
      description: 'Of what the stage does, on average in the window; of roll-ups and rules how far behind',
    }),
  ),
  backlog: nullable(Type.Number({ description: 'What waits before it' })),
  dropped: nullable(Type.Number({ description: 'Lost, put aside or skipped because it lagged, in the window' })),
  errors: nullable(Type.Number({ description: 'That failed in the window' })),
  figures: Type.Array(OperationFigure),
  findings: Type.Array(Finding, { description: 'What is wrong with it, each with its cure' }),
});
export type StageNow = Static<typeof StageNow>;

export const Operations = Type.Object({
  atMs: TimeMs,
  windowS: nullable(Type.Number({ description: 'Over how many seconds rates are taken' })),
  stages: Type.Array(StageNow),
  reconciliation: Type.Union(
    [
      Type.Object({
        fromMs: TimeMs,
        toMs: TimeMs,
        isWhole: Type.Boolean(),
        messages: Type.Integer(),
        lost: Type.Integer(),
        doubled: Type.Integer(),
        differences: Type.Integer({ description: 'At most 100' }),
      }),
      Type.Null(),
    ],
    { description: 'The last whole hour, compared in the background' },
  ),
  processes: Type.Array(ProcessReport),
  versions: Type.Array(Type.Object({ name: Type.String(), version: Type.String() })),
});
export type Operations = Static<typeof Operations>;
