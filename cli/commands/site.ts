/** `up` and `demo`: a whole site on this machine, until Ctrl-C. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Config, loadConfig } from '#system/config.ts';
import { aborted, startLife } from '#system/lifecycle.ts';
import { createLogger, type Logger } from '#system/logs.ts';
import { settleDemo, startDemoCameras } from '../demo-city.ts';
import { PAST_DAYS, startDemoPast } from '../demo-past.ts';
import { demoDataDir } from '../running-site.ts';
import { type Site, startSite } from '../site.ts';
import { addDemoCommands } from './demo.ts';
import { addHistoryCommand } from './demo-history.ts';
import { addTruthCommands } from './demo-truth.ts';

type DemoOptions = { fresh?: boolean; rtspPort: number; footage?: boolean; history: boolean };

export function addSiteCommands(program: Command): void {
  const demo = program
    .command('demo')
    .description('Starts everything with cameras that play, and prints one link to the page.')
    .option('--fresh', 'forget the data of former demos first')
    .option('--rtsp-port <port>', 'port of the demo’s cameras', Number, 8554)
    .option('--footage', 'real footage of the material folder instead of the city (or SHARP_EYES_DEMO_FOOTAGE=true)')
    .option('--no-history', 'no simulated past; else a week is written in the background')
    .action((options: DemoOptions) => runDemo(options));
  addTruthCommands(demo);
  addHistoryCommand(demo);
  addDemoCommands(demo);
  program
    .command('up')
    .description('Runs broker, store, ingest workers, analytics and API on this machine.')
    .action(() => runUp());
}

async function runUp(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger('up', quiet(config));
  const life = siteLife(logger, config);
  await using site = await startSite(config, { logger, onStep: sayStep });
  greet(site, config);
  await aborted(life.signal);
  console.log('\nStopping …');
}

/** A site stops its parts one after the other, so it may take as long as several of them. */
const siteLife = (logger: Logger, config: Config) => startLife(logger, { stopTimeoutS: config.stopTimeoutS * 4 });

/** People read this terminal: of the supervisor's log only warnings and errors stand between the lines. */
function quiet(config: Config): Pick<Config, 'logLevel'> {
  return { logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel };
}

const sayStep = (name: string) => console.log(`  starting ${name}`);

function greet(site: Site, config: Config): void {
  const link = site.signInCode === undefined ? site.url : `${site.url}/#sign-in=${site.signInCode}`;
  console.log(`\nSharp Eyes is up. Open (this link signs you in once):\n\n    ${link}\n`);
  if (site.firstPassword !== undefined) {
    console.log(`First start: user "admin", password "${site.firstPassword}" (shown only now; keep it).`);
  }
  console.log(`Logs: ${config.dataDir}/logs    Health: ./sharp-eyes doctor    Stop: Ctrl-C`);
}

async function runDemo(options: DemoOptions): Promise<void> {
  const base = loadConfig();
  const config: Config = {
    ...base,
    dataDir: demoDataDir(base),
    demoFootage: base.demoFootage || options.footage === true,
    ...(base.modelsDir.startsWith(base.dataDir) ? { modelsDir: base.modelsDir } : {}),
  };
  if (options.fresh === true && existsSync(config.dataDir)) await rm(config.dataDir, { recursive: true });
  const logger = createLogger('demo', quiet(config));
  const life = siteLife(logger, config);
  console.log('Sharp Eyes demo');
  await using site = await startSite(config, { logger, onStep: sayStep });
  sayStep('cameras of the demo');
  const cameras = await startDemoCameras(site.children, config, options.rtspPort);
  const sentence = await settleDemo(config, cameras);
  greet(site, config);
  console.log(sentence);
  const isCity = cameras.scene?.shows === 'city';
  if (isCity && options.history)
    console.log(
      `A simulated past of ${PAST_DAYS} days is being written beside it, the newest hours first; what is normal is known once three weeks are there (logs/history.log).`,
    );
  await using _past = isCity && options.history ? startDemoPast(config) : undefined;
  await aborted(life.signal);
  console.log('\nStopping …');
}
