/** Lines and zones of rules: drawn on a camera's picture, or on the ground. */
import Type, { type Static } from 'typebox';

export const SHAPE_SPACES = ['picture', 'ground'] as const;

const Point = Type.Array(Type.Number(), { minItems: 2, maxItems: 2 });
const Space = Type.Enum(SHAPE_SPACES, {
  description:
    'picture: [x, y] as fractions, origin top left; ground: [lon, lat], degrees WGS-84, calibrated cameras only',
});

/** Two to twenty points; things that go forth cross it from its left to its right, seen along the line as drawn. */
export const RuleLine = Type.Object(
  { space: Space, points: Type.Array(Point, { minItems: 2, maxItems: 20 }) },
  { additionalProperties: false },
);
export type RuleLine = Static<typeof RuleLine>;

/** Three to a hundred corners; the last is joined to the first. A thing is where its foot point is. */
export const RuleZone = Type.Object(
  { space: Space, points: Type.Array(Point, { minItems: 3, maxItems: 100 }) },
  { additionalProperties: false },
);
export type RuleZone = Static<typeof RuleZone>;
