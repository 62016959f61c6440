/** `demo truth` and `demo score`: what really is in the city, and how well the pipeline sees it. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { IncidentScore, Score } from '#demo/score/main.ts';
import type { FrameTruth, IntervalTruth } from '#demo/world/truth/interval.ts';
import { FaultError } from '#models/schema/fault.ts';
import { KINDS } from '#models/schema/kind.ts';
import { loadConfig, ROOT_DIR } from '#system/config.ts';
import { readCityTime } from '../city-time.ts';
import { formatTable, type Row } from '../print.ts';
import { demoDataDir } from '../running-site.ts';

type TruthOptions = {
  camera?: string;
  from?: string;
  to?: string;
  frames?: boolean;
  events?: boolean;
  json?: boolean;
};
type ScoreOptions = {
  incidents?: boolean;
  camera?: string;
  hours: number;
  from: string;
  model?: string;
  page: boolean;
  json?: boolean;
};

/** A Tuesday of early summer, when people go home in daylight. */
const SCORED_FROM = '2026-06-09T17:00';

export function addTruthCommands(demo: Command): void {
  demo
    .command('truth')
    .description(
      'Says what really is before a camera of the city: counts per minute, cell, grid and line; or every frame.',
    )
    .option('--camera <camera>', 'its id, such as crossing')
    .option('--from <time>', '2026-06-09T17:00 by the city’s clock (UTC+8), or with Z or an offset')
    .option('--to <time>', 'the same')
    .option(
      '--events',
      'what was unusual in the simulated past, and which cameras were off; a month where no time is named',
    )
    .option('--frames', 'one JSON line per frame: ids, kinds, boxes, what is in sight, feet')
    .option('--json', 'machine-readable')
    .action(tellTruth);
  demo
    .command('score')
    .description('Runs detector, tracker and placing on the city, prints the error table and writes docs/accuracy.md.')
    .option(
      '--incidents',
      'scores rules instead: scripted incidents, lines, rendered clips; writes docs/alert-accuracy.md',
    )
    .option('--camera <camera>', 'one alone; no page is written then')
    .option('--hours <number>', 'how long a time is composed', Number, 1)
    .option('--from <time>', 'its beginning, by the city’s clock (UTC+8)', SCORED_FROM)
    .option('--model <name>', 'model of the catalog; absent: the one in use')
    .option('--no-page', 'leaves docs/accuracy.md as it is')
    .option('--json', 'machine-readable')
    .action(runScore);
}

async function tellTruth(options: TruthOptions): Promise<void> {
  if (options.events === true) return tellEvents(options);
  const { framesOf, truthOf } = await import('#demo/world/truth/interval.ts');
  const { viewOf } = await import('#demo/world/views.ts');
  const { camera, from, to } = options;
  if (camera === undefined || from === undefined || to === undefined)
    throw new FaultError('invalid-value', 'say which camera and when: --camera crossing --from … --to …, or --events');
  const view = asked(() => viewOf(camera));
  const [fromMs, toMs] = readPeriod(from, to);
  if (options.frames === true) {
    for (const frame of framesOf(view, fromMs, toMs)) {
      if (!process.stdout.write(`${JSON.stringify(rounded(frame))}\n`))
        await new Promise((done) => process.stdout.once('drain', done));
    }
    return;
  }
  const truth = truthOf(view, fromMs, toMs);
  if (options.json === true) console.log(JSON.stringify(withObjects(truth), null, 2));
  else printTruth(truth);
}

function readPeriod(from: string, to: string): [fromMs: number, toMs: number] {
  const [fromMs, toMs] = [readCityTime(from, 'from'), readCityTime(to, 'to')];
  if (!(toMs > fromMs)) throw new FaultError('invalid-value', '--to should come after --from');
  return [fromMs, toMs];
}

const MONTH_MS = 30 * 86_400_000;

async function tellEvents({ camera, from, to, json }: TruthOptions): Promise<void> {
  const { eventsBetween } = await import('#demo/world/past/events.ts');
  const { outagesOf } = await import('#demo/world/past/outages.ts');
  const { VIEWS } = await import('#demo/world/views.ts');
  const toMs = to === undefined ? Date.now() : readCityTime(to, 'to');
  const [fromMs] = from === undefined ? [toMs - MONTH_MS] : readPeriod(from, new Date(toMs).toISOString());
  const views = VIEWS.map(({ id }) => id).filter((id) => camera === undefined || id === camera);
  const events = eventsBetween(fromMs, toMs).filter(({ view }) => views.includes(view));
  const outages = views.flatMap((view) => outagesOf(view, fromMs, toMs)).sort((a, b) => a.fromMs - b.fromMs);
  if (json === true) return console.log(JSON.stringify({ fromMs, toMs, events, outages }, null, 2));
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 16);
  const rows = (spans: readonly { fromMs: number; toMs: number; view: string }[], more: (index: number) => Row) =>
    spans.map((span, index) => ({ from: time(span.fromMs), to: time(span.toMs), camera: span.view, ...more(index) }));
  const eventRows = rows(events, (index) => {
    const { name, factors } = events[index]!;
    const changes = Object.entries(factors).map(([kind, factor]) => `${kind} x${factor}`);
    return { what: name, changes: changes.join(', ') };
  });
  console.log(`Unusual (UTC)\n${formatTable(eventRows, ['from', 'to', 'camera', 'what', 'changes'])}\n`);
  console.log(
    `Off (UTC)\n${formatTable(
      rows(outages, () => ({})),
      ['from', 'to', 'camera'],
    )}`,
  );
}

/** A camera that the city does not have is what the person asked for, not a fault of ours. */
function asked<Found>(find: () => Found): Found {
  try {
    return find();
  } catch (error) {
    throw new FaultError('not-found', (error as Error).message, { cause: error });
  }
}

/** Boxes to a hundredth of a pixel, places to a centimetre. */
function rounded({ agents, ...frame }: FrameTruth): object {
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    ...frame,
    agents: agents.map(({ box, visible, lon, lat, ...agent }) => ({
      ...agent,
      box: box.map((value) => round(value, 5)),
      visible: round(visible, 2),
      lon: round(lon, 7),
      lat: round(lat, 7),
    })),
  };
}

/** Tables by key become objects. */
function withObjects({ cells, coarse, grids, crossings, ...rest }: IntervalTruth): object {
  const plain = Object.fromEntries(
    Object.entries({ cells, coarse, grids, crossings }).map(([name, table]) => [name, Object.fromEntries(table)]),
  );
  return { ...rest, ...plain };
}

function printTruth({ minutes, cells, grids, crossings, things }: IntervalTruth): void {
  const kinds = KINDS.filter((kind) => things[kind] > 0);
  const numbers = (counts: Record<string, number>) =>
    Object.fromEntries(kinds.map((kind) => [kind, Math.round(counts[kind]! * 10) / 10]));
  const print = (title: string, rows: Row[], first: string[]) =>
    console.log(`${title}\n${rows.length === 0 ? 'none' : formatTable(rows, [...first, ...kinds])}\n`);
  const minuteRows = minutes.map((minute) => ({
    minute: new Date(minute.startMs).toISOString().slice(0, 16),
    loop: minute.clip,
    ...numbers(minute.things),
  }));
  print('Different things by the minute (UTC)', minuteRows, ['minute', 'loop']);
  console.log(`All together: ${kinds.map((kind) => `${things[kind]} ${kind}`).join(', ') || 'nothing'}\n`);
  const tableOf = (table: IntervalTruth['cells'], name: string) =>
    [...table].map(([key, counts]) => ({ [name]: key, ...numbers(counts) }));
  print('Over the line', tableOf(crossings, 'line'), ['line']);
  print('Seconds of presence by grid', tableOf(grids, 'grid'), ['grid']);
  print('Seconds of presence by H3 cell (resolution 13)', tableOf(cells, 'cell'), ['cell']);
}

async function runScore(options: ScoreOptions): Promise<void> {
  if (options.incidents === true) return scoreIncidents(options);
  const { accuracyPage, groundTables, score, scoreTables } = await import('#demo/score/main.ts');
  if (!(options.hours > 0 && options.hours <= 168))
    throw new FaultError('invalid-value', `--hours expects a number above 0, at most 168, got ${options.hours}`);
  const config = loadConfig();
  const result: Score = await score({
    config: { ...config, dataDir: demoDataDir(config) },
    camera: options.camera,
    fromMs: readCityTime(options.from, 'from'),
    hours: options.hours,
    model: options.model,
    onStep: (sentence) => process.stderr.write(`  ${sentence}\n`),
  });
  if (options.json === true) console.log(JSON.stringify(result, null, 2));
  else {
    for (const table of [...scoreTables(result), ...groundTables(result)])
      console.log(`${table.title}\n${asText(table)}\n`);
    console.log(sayFrames(result));
  }
  if (!options.page || options.camera !== undefined) return;
  const page = resolve(ROOT_DIR, 'docs/accuracy.md');
  writeFileSync(page, accuracyPage(result, Date.now()));
  process.stderr.write('docs/accuracy.md written\n');
}

async function scoreIncidents({ model, page, json }: ScoreOptions): Promise<void> {
  const { incidentPage, incidentTables, scoreLines, scoreRendered, scoreScripts } = await import('#demo/score/main.ts');
  const config = loadConfig();
  const onStep = (sentence: string) => void process.stderr.write(`  ${sentence}\n`);
  const rendered = await scoreRendered({ config: { ...config, dataDir: demoDataDir(config) }, model, onStep });
  const result: IncidentScore = { scripted: scoreScripts(), lines: scoreLines(), rendered };
  if (json === true) console.log(JSON.stringify(result, null, 2));
  else for (const table of incidentTables(result)) console.log(`${table.title}\n${asText(table)}\n`);
  if (!page) return;
  writeFileSync(resolve(ROOT_DIR, 'docs/alert-accuracy.md'), incidentPage(result, Date.now()));
  process.stderr.write('docs/alert-accuracy.md written\n');
}

const asText = ({ columns, rows }: { columns: readonly string[]; rows: readonly (string | number)[][] }) =>
  tableText(
    columns,
    rows.map((row) => Object.fromEntries(row.map((value, index) => [String(index), value]))),
  );

/** Two columns may have one name. */
function tableText(columns: readonly string[], rows: readonly Row[]): string {
  const names = columns.map((_, index) => String(index));
  const heads: Row = Object.fromEntries(columns.map((column, index) => [String(index), column]));
  return formatTable([heads, ...rows], names)
    .split('\n')
    .slice(1)
    .join('\n');
}

function sayFrames({ frames, seconds, model }: Score): string {
  return `${model}: ${frames.distinct} distinct frames (${frames.inferred} looked at now, ${seconds.looking.toFixed(0)} s), ${frames.composed} composed (${seconds.composing.toFixed(0)} s)`;
}
