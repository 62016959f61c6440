/** Holidays and weather by day: what normal weeks leave out, and what stands beside a figure. */
import Type from 'typebox';
import { CalendarDay } from '#models/schema/calendar-day.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';

const tags = ['figures'];
const DAYS_MAX = 4000;
const BODY_MAX_BYTES = 1024 * 1024;
const WRITES_AT_ONCE = 64;

export function addCalendarRoutes(app: App, { calendar }: Context): void {
  app.get('/calendar', {
    config: { action: 'figure.read' },
    schema: {
      tags,
      operationId: 'readCalendar',
      summary: 'Days with a holiday or the weather',
      response: { 200: Type.Object({ days: Type.Array(CalendarDay) }) },
    },
    handler: async () => ({ days: calendar.list() }),
  });

  app.put('/calendar', {
    config: { action: 'calendar.change' },
    bodyLimit: BODY_MAX_BYTES,
    schema: {
      tags,
      operationId: 'writeCalendar',
      summary: 'Adds days or replaces them; others stay. A day without holiday and weather is taken away',
      body: Type.Object(
        { days: Type.Array(CalendarDay, { minItems: 1, maxItems: DAYS_MAX }) },
        { additionalProperties: false },
      ),
      response: { 200: Type.Object({ written: Type.Integer() }) },
    },
    handler: async (request) => {
      const { days } = request.body;
      for (const { day } of days) checkDay(day);
      for (let start = 0; start < days.length; start += WRITES_AT_ONCE)
        await Promise.all(days.slice(start, start + WRITES_AT_ONCE).map((day) => write(day, calendar)));
      return { written: days.length };
    },
  });
}

async function write(day: CalendarDay, calendar: Context['calendar']): Promise<void> {
  const isEmpty = day.holiday === undefined && day.weather === undefined;
  if (!isEmpty) await calendar.put(day.day, day);
  else if (calendar.get(day.day) !== undefined) await calendar.remove(day.day);
}

/** The pattern lets 2026-02-30 pass. */
function checkDay(day: string): void {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isFinite(at) && new Date(at).toISOString().startsWith(day)) return;
  throw new FaultError('invalid-value', `body.days: there is no day ${day}`);
}
