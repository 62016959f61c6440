/** How cameras are and were: the rows of the wall of health, and the history that stands behind them. */
import Type, { type Static } from 'typebox';
import { AreaPath } from './area.ts';
import { Grade } from './calibration.ts';
import { CAMERA_STATES, CameraState, Importance, Tags } from './camera.ts';
import { Id, TimeMs } from './id.ts';

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const { reason, message, cure, nextTryAtMs, lastPictureAtMs, codec, width, height } = CameraState.properties;
const { fps, fpsPromised, bitrateKbps, decodeCostMs, reconnects } = CameraState.properties;

export const CameraHealth = Type.Object({
  camera: Id,
  name: Type.String(),
  area: nullable(Id),
  areaPath: AreaPath,
  tags: Tags,
  importance: Importance,
  make: nullable(Type.String({ description: 'Manufacturer of its device, where it said so' })),
  model: nullable(Type.String()),
  address: Type.String({ description: 'Host and port, never credentials; empty for a file' }),
  state: Type.Enum(CAMERA_STATES, { description: 'down also while it is tried again' }),
  sinceMs: TimeMs,
  reasonTitle: Type.Optional(Type.String({ description: 'The reason in a few words' })),
  ...{ reason, message, cure, nextTryAtMs, lastPictureAtMs, codec, width, height },
  ...{ fpsPromised, fps, bitrateKbps, decodeCostMs, reconnects },
  worker: Type.String(),
  calibrationGrade: Type.Optional(Grade),
});
export type CameraHealth = Static<typeof CameraHealth>;

const Count = Type.Integer({ minimum: 0 });

export const CameraHealthList = Type.Object({
  cameras: Type.Array(CameraHealth, { description: 'Worst first' }),
  matching: Type.Integer({ minimum: 0, description: 'Cameras that pass all filters, on all pages' }),
  totals: Type.Object(
    {
      cameras: Count,
      states: Type.Record(Type.String(), Count),
      reasons: Type.Array(
        Type.Object({ reason: Type.String(), title: Type.String(), state: Type.Enum(CAMERA_STATES), cameras: Count }),
        {
          description: 'Most frequent first',
        },
      ),
    },
    { description: 'Of all cameras that pass the filters other than state and reason' },
  ),
  makes: Type.Array(Type.String(), { description: 'Every make there is to filter by' }),
  tags: Type.Array(Type.String(), { description: 'Every tag there is to filter by' }),
});
export type CameraHealthList = Static<typeof CameraHealthList>;

export const HealthPictures = Type.Object({
  pictures: Type.Array(
    Type.Object({ camera: Id, capturedAtMs: TimeMs, jpeg: Type.String({ description: 'Base64, at most 320 wide' }) }),
  ),
});
export type HealthPictures = Static<typeof HealthPictures>;

const Seconds = Type.Number({ minimum: 0 });

const figures = {
  availability: nullable(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description: '(live + degraded) / (live + degraded + down); null where nothing is known',
    }),
  ),
  liveS: Seconds,
  degradedS: Seconds,
  downS: Seconds,
  disabledS: Type.Number({ minimum: 0, description: 'Switched off: nobody wanted it' }),
  unknownS: Type.Number({ minimum: 0, description: 'Nobody watched it: neither up nor down' }),
};
export const HistoryFigures = Type.Object(figures);
export type HistoryFigures = Static<typeof HistoryFigures>;

const Day = Type.Object({ day: Type.String({ description: 'YYYY-MM-DD at utcOffsetMin' }), ...figures });

export const HistoryInterval = Type.Object({
  condition: Type.Enum(['live', 'degraded', 'down', 'disabled', 'unknown']),
  reason: Type.String({ description: 'Empty where nothing is wrong' }),
  title: Type.Optional(Type.String({ description: 'The reason in a few words' })),
  fromMs: TimeMs,
  toMs: TimeMs,
});
export type HistoryInterval = Static<typeof HistoryInterval>;

export const CameraHistory = Type.Object({
  fromMs: TimeMs,
  toMs: TimeMs,
  utcOffsetMin: Type.Integer(),
  total: HistoryFigures,
  days: Type.Array(Day, { description: 'All the cameras together' }),
  areas: Type.Array(Type.Object({ area: Id, name: Type.String(), cameras: Count, ...figures })),
  cameras: Type.Array(
    Type.Object({
      camera: Id,
      name: Type.String(),
      area: nullable(Id),
      ...figures,
      strip: Type.Optional(
        Type.String({ description: 'A letter per step: l live, g degraded, d down, o switched off, u unknown' }),
      ),
      intervals: Type.Optional(Type.Array(HistoryInterval)),
    }),
    { description: 'Least available first' },
  ),
});
export type CameraHistory = Static<typeof CameraHistory>;
