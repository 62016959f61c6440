/** `calendar`: holidays, which are no normal days, and the weather beside them. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { CalendarDay } from '#models/schema/calendar-day.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { readCalendar } from '../calendar/read-calendar.ts';
import { printRows } from '../print.ts';

export function addCalendarCommands(program: Command): void {
  const calendar = program.command('calendar').description('Holidays and weather: normal weeks leave holidays out.');
  calendar
    .command('import')
    .description('Imports days, all of them or none; days that the file does not name stay.')
    .argument('<file>', 'CSV with the columns day (YYYY-MM-DD), holiday, weather; UTF-8 or GBK')
    .option('--dry-run', 'only read and check it')
    .action(async (file: string, { dryRun }: { dryRun?: boolean }) => {
      const days = readCalendar(bytesOf(file));
      const holidays = days.filter(({ holiday }) => holiday !== undefined).length;
      const told = `${days.length} days, ${holidays} of them holidays`;
      if (dryRun === true) return console.log(`${told}; nothing was imported`);
      await openApi(loadConfig()).json('PUT', '/calendar', { days });
      console.log(`${told} imported`);
    });

  calendar
    .command('list')
    .description('Lists the days that are known.')
    .option('--json', 'machine-readable')
    .action(async ({ json }: { json?: boolean }) => {
      const { days } = await openApi(loadConfig()).json<{ days: CalendarDay[] }>('GET', '/calendar');
      const columns = ['day', 'holiday', 'weather'];
      const none = 'no day is known: ./sharp-eyes calendar import days.csv';
      printRows(days, { columns, isJson: json === true, none });
    });
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new FaultError('sheet-unreadable', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
