/** Why a figure is what it is: of a cell or an area all its figures, its time line, cameras, tracks, and the SQL. */
import Type, { type Static } from 'typebox';
import { MaybeNumber, Measure } from './heat-map.ts';
import { Id, TimeMs } from './id.ts';
import { Kind } from './kind.ts';

export const WhySeriesPoint = Type.Object({
  bucketMs: TimeMs,
  presenceS: Type.Number(),
  tracks: Type.Integer(),
  observedS: Type.Number({ description: 'Camera-seconds watched; 0: nobody looked' }),
});

export const WhyCamera = Type.Object({
  camera: Id,
  name: Type.String(),
  calibrationVersion: Type.Integer(),
  grade: Type.Union([Type.String(), Type.Null()], { description: 'A to D, of that calibration, where it is known' }),
  observedS: Type.Number(),
  presenceS: Type.Number({ description: 'Of the camera, under all its calibrations' }),
  tracks: Type.Integer({ description: 'Of the camera, under all its calibrations' }),
});
export type WhyCamera = Static<typeof WhyCamera>;

export const WhyTrack = Type.Object({
  id: Type.String({ description: 'Random, of one camera, ends with the track' }),
  camera: Id,
  kind: Kind,
  fromMs: TimeMs,
  toMs: TimeMs,
  points: Type.Array(Type.Array(Type.Number(), { minItems: 3, maxItems: 3 }), {
    description: '[lon, lat, UTC ms], in time; at most 200 of it',
  }),
});
export type WhyTrack = Static<typeof WhyTrack>;

export const Why = Type.Object({
  cell: Type.Optional(Type.String({ description: 'H3 index' })),
  area: Type.Optional(Id),
  name: Type.Optional(Type.String({ description: 'Of the area' })),
  fromMs: TimeMs,
  toMs: TimeMs,
  kind: Type.Union([Kind, Type.Null()]),
  measure: Measure,
  figures: Type.Object({
    presence: MaybeNumber('Seconds'),
    tracks: MaybeNumber('Distinct tracks'),
    concurrency: MaybeNumber('Mean things at once'),
    peak: MaybeNumber('Most things at once, mean of a minute'),
    speed: MaybeNumber('m/s'),
    dwell: MaybeNumber('Seconds of presence per track'),
    observedS: Type.Number(),
    errorM: MaybeNumber('1-sigma of position, metres'),
  }),
  bucketS: Type.Integer({ description: 'Length of one step of the series, seconds' }),
  series: Type.Array(WhySeriesPoint),
  cameras: Type.Array(WhyCamera),
  samples: Type.Array(WhyTrack, {
    description: 'Some of the tracks, the latest first; none where sightings have expired',
  }),
  sql: Type.String({ description: 'Computes the value of the measure from single sightings; runs as it is' }),
});
export type Why = Static<typeof Why>;
