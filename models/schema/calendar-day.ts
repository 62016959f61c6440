/** What was special about a day: normal weeks leave holidays out; the weather stands beside. */
import Type, { type Static } from 'typebox';

export const WEATHERS = ['clear', 'cloudy', 'rain', 'snow', 'fog', 'storm'] as const;

export const DAY_PATTERN = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$';

export const CalendarDay = Type.Object(
  {
    day: Type.String({ pattern: DAY_PATTERN, description: 'YYYY-MM-DD in the configured time zone' }),
    holiday: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Its name; absent: none' })),
    weather: Type.Optional(Type.Enum(WEATHERS)),
  },
  { additionalProperties: false },
);
export type CalendarDay = Static<typeof CalendarDay>;
