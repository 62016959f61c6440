/** Whether a calibration is right, shown by what was seen: the heights of people, and a walk along a known path. */
import Type, { type Static } from 'typebox';
import { TimeMs } from './id.ts';

export const HEIGHT_VERDICTS = ['good', 'tilt', 'scale', 'both', 'too-few', 'too-near', 'untellable'] as const;

/** Heights that people have by the calibration; nobody is told apart, and only medians leave the API. */
export const HeightCheck = Type.Object({
  fromMs: TimeMs,
  toMs: TimeMs,
  samples: Type.Integer({ description: 'People that were seen whole, at most 20 times each' }),
  tracks: Type.Integer(),
  expectedM: Type.Number({ description: 'What people are taken to measure, shoes included' }),
  medianM: Type.Union([Type.Number(), Type.Null()]),
  change: Type.Union([Type.Number(), Type.Null()], {
    description: 'How much taller people come out at the far end than at the near end, as a share; -0.15: smaller',
  }),
  bins: Type.Array(
    Type.Object({
      distanceM: Type.Number(),
      medianM: Type.Number(),
      lowM: Type.Number({ description: 'A quarter is smaller' }),
      highM: Type.Number({ description: 'A quarter is taller' }),
      samples: Type.Integer(),
    }),
    { description: 'From near to far, with about as many in each' },
  ),
  verdict: Type.Enum(HEIGHT_VERDICTS, {
    description:
      'tilt: it changes with the distance; scale: all are too small or too tall; both; too-few people; too-near each other; untellable: the calibration does not say where the camera hangs',
  }),
  suggestion: Type.Optional(
    Type.Object(
      { tiltDeg: Type.Number(), heightM: Type.Number() },
      { description: 'Changes of tilt and height of the camera that would make people equally tall, and right' },
    ),
  ),
});
export type HeightCheck = Static<typeof HeightCheck>;

const LonLat = Type.Array(Type.Number(), { minItems: 2, maxItems: 2 });

export const WalkAsked = Type.Object(
  {
    path: Type.Array(LonLat, { minItems: 2, maxItems: 200, description: 'Where somebody walked, [lon, lat]' }),
    from: Type.Optional(Type.String({ description: 'ISO 8601 or milliseconds; absent: two minutes before `to`' })),
    to: Type.Optional(Type.String({ description: 'Absent: now' })),
    track: Type.Optional(
      Type.String({ pattern: '^[a-z0-9]{8,24}$', description: 'Absent: who walked farthest along the path' }),
    ),
  },
  { additionalProperties: false },
);
export type WalkAsked = Static<typeof WalkAsked>;

export const WalkCheck = Type.Object({
  fromMs: TimeMs,
  toMs: TimeMs,
  tracks: Type.Array(Type.Object({ track: Type.String(), fromMs: TimeMs, toMs: TimeMs, lengthM: Type.Number() }), {
    description: 'People who walked then, longest way first',
  }),
  track: Type.Union([Type.String(), Type.Null()]),
  points: Type.Array(Type.Object({ lon: Type.Number(), lat: Type.Number(), atMs: TimeMs, offM: Type.Number() }), {
    description: 'Where the calibration places that person, and how far from the path',
  }),
  medianM: Type.Union([Type.Number(), Type.Null()]),
  worstM: Type.Union([Type.Number(), Type.Null()]),
});
export type WalkCheck = Static<typeof WalkCheck>;
