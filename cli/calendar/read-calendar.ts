/** From a CSV of days (day, holiday, weather; UTF-8, UTF-16 or GBK) to the days of the calendar, all or none. */
import { CsvError, parse } from 'csv-parse/sync';
import { decodeText } from '#models/registry/sheet/read-sheet.ts';
import { type CalendarDay, WEATHERS } from '#models/schema/calendar-day.ts';
import { FaultError } from '#models/schema/fault.ts';

/** What the columns may be called. */
const HEADERS: Record<keyof CalendarDay, readonly string[]> = {
  day: ['day', 'date', '日期'],
  holiday: ['holiday', '节假日', '假日'],
  weather: ['weather', '天气'],
};

const WEATHER_NAMES: Record<string, (typeof WEATHERS)[number]> = {
  晴: 'clear',
  多云: 'cloudy',
  阴: 'cloudy',
  雨: 'rain',
  雪: 'snow',
  雾: 'fog',
  暴风雨: 'storm',
};

const FAULTS_TOLD = 20;

/** Throws FaultError `sheet-unreadable` or `invalid-value` with every row that is wrong. */
export function readCalendar(bytes: Uint8Array): CalendarDay[] {
  const rows = tableOf(decodeText(bytes));
  const columns = columnsOf(rows[0] ?? []);
  const days = new Map<string, CalendarDay>();
  const faults: string[] = [];
  for (const [index, row] of rows.slice(1).entries()) {
    const read = readDay(row, columns);
    if (typeof read === 'string') faults.push(`row ${index + 2}: ${read}`);
    else if (days.has(read.day)) faults.push(`row ${index + 2}: ${read.day} stands there twice`);
    else days.set(read.day, read);
  }
  if (faults.length > 0) {
    const more = faults.length > FAULTS_TOLD ? `; and ${faults.length - FAULTS_TOLD} more` : '';
    throw new FaultError('invalid-value', `${faults.slice(0, FAULTS_TOLD).join('; ')}${more}`, {
      cure: 'Correct these rows; nothing was imported.',
    });
  }
  if (days.size === 0) throw unreadable('it holds no day');
  return [...days.values()];
}

const unreadable = (what: string, cause?: unknown) =>
  new FaultError('sheet-unreadable', `the calendar cannot be read: ${what}`, {
    cause,
    cure: 'Write a CSV with the columns day (YYYY-MM-DD), holiday (its name or empty) and weather.',
  });

function tableOf(text: string): string[][] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true });
  } catch (error) {
    throw unreadable(error instanceof CsvError ? error.message : String(error), error);
  }
}

type Columns = Partial<Record<keyof CalendarDay, number>>;

function columnsOf(header: readonly string[]): Columns {
  const columns: Columns = {};
  for (const [index, name] of header.entries()) {
    const found = Object.entries(HEADERS).find(([, names]) => names.includes(name.toLowerCase()));
    if (found === undefined) throw unreadable(`it has an unknown column "${name}"`);
    columns[found[0] as keyof CalendarDay] = index;
  }
  if (columns.day === undefined) throw unreadable('it has no column day');
  return columns;
}

function readDay(row: readonly string[], columns: Columns): CalendarDay | string {
  const cell = (name: keyof CalendarDay) => row[columns[name] ?? -1] ?? '';
  const [, year = '', month = '', date = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(cell('day')) ?? [];
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const at = Date.parse(`${day}T00:00:00Z`);
  if (!Number.isFinite(at) || new Date(at).toISOString().slice(0, 10) !== day)
    return `"${cell('day')}" is no day; write for example 2026-10-01`;
  const [holiday, said] = [cell('holiday'), cell('weather')];
  if (holiday.length > 100) return 'the name of the holiday has more than 100 characters';
  const weather = WEATHER_NAMES[said] ?? WEATHERS.find((known) => known === said.toLowerCase());
  if (said !== '' && weather === undefined) return `"${said}" is no weather; ${WEATHERS.join(', ')} are some`;
  return { day, ...(holiday === '' ? {} : { holiday }), ...(weather === undefined ? {} : { weather }) };
}
