/** `demo history`: gives the cameras of a running demo a simulated past. */
import type { Command } from 'commander';
import { FaultError } from '#models/schema/fault.ts';
import { type Config, loadConfig } from '#system/config.ts';
import { startLife } from '#system/lifecycle.ts';
import { createLogger } from '#system/logs.ts';
import { readCityTime } from '../city-time.ts';
import { demoDataDir, findRunningSite } from '../running-site.ts';

type HistoryOptions = { days: number; until: string; background?: boolean; json?: boolean };

export function addHistoryCommand(demo: Command): void {
  demo
    .command('history')
    .description('Writes a simulated past of the city’s cameras into the running demo: a month in a few minutes.')
    .option('--days <number>', 'how many days', Number, 30)
    .option('--until <time>', 'its end; where real cameras began before, it ends there', 'now')
    .option('--background', 'in small parts with rests, and waits while live rows lag')
    .option('--json', 'machine-readable')
    .addHelpText(
      'after',
      '\nWhat it writes says what it is: model "simulated", revision 0, and table sharp_eyes.simulated. Twice changes nothing.',
    )
    .action(runHistory);
}

async function runHistory({ days, until, background, json }: HistoryOptions): Promise<void> {
  if (!(days >= 1 && days <= 3650)) throw new FaultError('invalid-value', `--days expects 1 to 3650, got ${days}`);
  const config = demoConfig(loadConfig());
  const untilMs = until === 'now' ? Date.now() : Math.min(Date.now(), readCityTime(until, 'until'));
  const logger = createLogger('history', { logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel });
  const { signal } = startLife(logger, config);
  if (background === true) {
    const { constants, setPriority } = await import('node:os');
    setPriority(constants.priority.PRIORITY_LOW);
  }
  const { writeHistory } = await import('#demo/history/main.ts');
  const began = performance.now();
  const written = await writeHistory({
    config,
    days,
    untilMs,
    logger,
    signal,
    isInBackground: background === true,
    onPart: ({ range, sightings, done, of }) =>
      process.stderr.write(`  ${iso(range[0])}: ${sightings} sightings (part ${done} of ${of})\n`),
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  const [fromMs, toMs] = written.range;
  if (json === true) return console.log(JSON.stringify({ ...written, fromMs, toMs, range: undefined, seconds }));
  if (written.parts === 0) return console.log(`From ${iso(fromMs)} to ${iso(toMs)} everything is there already.`);
  console.log(
    `${written.cameras.length} cameras now have a simulated past from ${iso(fromMs)} to ${iso(toMs)}: ${written.sightings} sightings in ${written.looks} looks, written in ${seconds} s.`,
  );
}

const iso = (atMs: number) => new Date(atMs).toISOString().slice(0, 16);

/** Of the demo that runs here: its folder and its ports. */
function demoConfig(base: Config): Config {
  const config = { ...base, dataDir: demoDataDir(base) };
  const site = findRunningSite(base);
  if (site === undefined || site.dataDir !== config.dataDir) {
    throw new FaultError('no-city-cameras', 'no demo runs here');
  }
  return { ...config, natsPort: site.natsPort, storePort: site.storePort };
}
