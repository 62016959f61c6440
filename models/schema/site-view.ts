/** What there is at all, and whether it is well: the page's first sentences and the doctor's findings. */
import Type, { type Static } from 'typebox';
import { TimeMs } from './id.ts';
import { OperationStage } from './stage.ts';

export const SiteView = Type.Object({
  version: Type.String(),
  hasModel: Type.Boolean(),
  modelName: Type.Union([Type.String(), Type.Null()]),
  cameras: Type.Integer({ minimum: 0 }),
  timeZone: Type.String({ description: 'IANA zone in which the site counts days and hours of the week' }),
  sentences: Type.Array(Type.Object({ code: Type.String(), text: Type.String() }), {
    description: 'What is missing before anything can be seen, and how to bring it',
  }),
  simulated: Type.Optional(
    Type.Object(
      { fromMs: TimeMs, toMs: TimeMs },
      { description: 'A time whose figures the demo wrote: no camera saw them' },
    ),
  ),
});
export type SiteView = Static<typeof SiteView>;

export const Warning = Type.Object({
  code: Type.String({ description: 'Stands in the troubleshooting page' }),
  message: Type.String(),
  cure: Type.String(),
});
export type Warning = Static<typeof Warning>;

export const ProcessReport = Type.Object({
  role: Type.String(),
  process: Type.String(),
  isWell: Type.Boolean(),
  message: Type.Optional(Type.String({ description: 'Where it is not well: what is wrong' })),
  cure: Type.Optional(Type.String({ description: 'What to do about it' })),
  warnings: Type.Optional(Type.Array(Warning, { description: 'What somebody should know although it is well' })),
  startedAtMs: TimeMs,
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type ProcessReport = Static<typeof ProcessReport>;

export const Finding = Type.Object({
  code: Type.Optional(Type.String({ description: 'Stands in the troubleshooting page' })),
  title: Type.Optional(Type.String({ description: 'Of the code' })),
  message: Type.String(),
  cure: Type.String(),
  isWarning: Type.Optional(Type.Boolean({ description: 'Everything goes on, but somebody should know' })),
  stage: Type.Optional(OperationStage),
});
export type Finding = Static<typeof Finding>;

export const HealthReport = Type.Object({
  isWell: Type.Boolean(),
  processes: Type.Array(ProcessReport),
  broker: Type.Object({
    isConnected: Type.Boolean(),
    streamBytes: Type.Union([Type.Integer(), Type.Null()]),
    streamMaxBytes: Type.Union([Type.Integer(), Type.Null()]),
    messagesPublished: Type.Optional(
      Type.Union([Type.Integer(), Type.Null()], { description: 'Since the stream of detections was made' }),
    ),
    messagesWaiting: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Messages that analytics has not stored yet',
    }),
  }),
  store: Type.Object({ isReachable: Type.Boolean(), details: Type.Record(Type.String(), Type.Unknown()) }),
  cameras: Type.Record(Type.String(), Type.Integer(), { description: 'How many cameras are in which state' }),
  findings: Type.Array(Finding),
});
export type HealthReport = Static<typeof HealthReport>;
