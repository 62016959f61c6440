/** `camera health`: how every camera is and why, worst first; and how available they were. */
import type { Command } from 'commander';
import type { CameraHealth, CameraHealthList, CameraHistory, HistoryFigures } from '#models/schema/camera-health.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { ago, printRows } from '../print.ts';

type HealthOptions = {
  area?: string;
  make?: string;
  reason?: string;
  state?: string;
  tag?: string;
  history?: string;
  csv?: boolean;
  json?: boolean;
};

const UNITS_MS: Record<string, number> = { h: 3_600_000, d: 86_400_000 };

export function addHealthCommand(camera: Command): void {
  camera
    .command('health')
    .description(
      'How every camera is, worst first: since when, the reason and what to do; exit code 1 where one is down.',
    )
    .argument('[ids...]', 'only these, for --history')
    .option('--area <id>', 'those in the area and below')
    .option('--make <name>', 'those of a manufacturer')
    .option('--state <state>', 'waiting, connecting, live, degraded, down or disabled')
    .option('--reason <code>', 'those with this reason, e.g. camera-unauthorised')
    .option('--tag <tag>', 'those with the tag')
    .option('--history <time>', 'how available they were over the last time, e.g. 24h, 7d, 90d')
    .option('--csv', 'rows for a spreadsheet')
    .option('--json', 'machine-readable')
    .action(async (ids: string[], options: HealthOptions) => {
      if (options.history === undefined) await showWall(options);
      else await showHistory(ids, options.history, options);
    });
}

function query(values: Record<string, string | undefined>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

async function showWall({ area, make, state, reason, tag, csv, json }: HealthOptions): Promise<void> {
  const api = openApi(loadConfig());
  const filter = { area, make, state, reason, tag };
  if (csv === true) {
    process.stdout.write(await (await api.request('GET', `/camera-health.csv${query(filter)}`)).text());
    return;
  }
  const list = await api.json<CameraHealthList>('GET', `/camera-health${query({ ...filter, limit: '5000' })}`);
  if (json === true) console.log(JSON.stringify(list, null, 2));
  else {
    const columns = ['id', 'name', 'state', 'since', 'fps', 'kbit/s', 'decode', 'again', 'reason', 'what to do'];
    printRows(list.cameras.map(asRow), { columns, isJson: false, none: 'No camera matches.' });
    console.log(`\n${sumUp(list)}`);
  }
  if (list.cameras.some((camera) => camera.state === 'down')) process.exitCode = 1;
}

/** "12 down: 8 camera-unauthorised, 4 camera-timed-out; 3 live" */
export function sumUp({ totals }: Pick<CameraHealthList, 'totals'>): string {
  const said = Object.entries(totals.states).map(([state, count]) => {
    const why = totals.reasons.filter((total) => total.state === state).map((one) => `${one.cameras} ${one.reason}`);
    return `${count} ${state}${why.length === 0 ? '' : `: ${why.join(', ')}`}`;
  });
  return said.join('; ');
}

function asRow(camera: CameraHealth): Record<string, string | number> {
  const { fps, fpsPromised, bitrateKbps, decodeCostMs } = camera;
  const promised = fpsPromised === undefined ? '' : ` of ${fpsPromised}`;
  return {
    id: camera.camera,
    name: camera.name,
    state: camera.state,
    since: ago(camera.sinceMs),
    fps: fps === undefined ? '' : `${fps.toFixed(1)}${promised}`,
    'kbit/s': bitrateKbps ?? '',
    decode: decodeCostMs === undefined ? '' : `${decodeCostMs.toFixed(1)} ms/s`,
    again: camera.reconnects,
    reason: camera.reason === undefined ? '' : `${camera.reason}: ${camera.message ?? ''}`,
    'what to do': camera.cure ?? '',
  };
}

async function showHistory(ids: readonly string[], time: string, { area, csv, json }: HealthOptions): Promise<void> {
  const [, count, unit = ''] = /^(\d{1,4})([hd])$/.exec(time) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined)
    throw new FaultError('invalid-value', `--history should be like 24h, 7d or 90d, but is "${time}"`);
  const asked = query({
    from: String(Date.now() - Number(count) * unitMs),
    camera: ids.length === 0 ? undefined : ids.join(','),
    area,
    utcOffsetMin: String(-new Date().getTimezoneOffset()),
    intervals: ids.length > 0 && csv !== true ? 'true' : undefined,
  });
  const api = openApi(loadConfig());
  if (csv === true) {
    process.stdout.write(await (await api.request('GET', `/camera-health/history.csv${asked}`)).text());
    return;
  }
  const history = await api.json<CameraHistory>('GET', `/camera-health/history${asked}`);
  if (json === true) console.log(JSON.stringify(history, null, 2));
  else printHistory(history);
}

const percent = (share: number | null) => (share === null ? 'unknown' : `${(share * 100).toFixed(2)} %`);

function figures({ availability, downS, unknownS, disabledS }: HistoryFigures) {
  const hours = (seconds: number) => Math.round(seconds / 360) / 10;
  return {
    available: percent(availability),
    'down h': hours(downS),
    'unknown h': hours(unknownS),
    'off h': hours(disabledS),
  };
}

const FIGURES = ['available', 'down h', 'unknown h', 'off h'];

function printHistory(history: CameraHistory): void {
  const rows = history.cameras.map((camera) => ({ id: camera.camera, name: camera.name, ...figures(camera) }));
  printRows(rows, { columns: ['id', 'name', ...FIGURES], isJson: false, none: 'No camera matches.' });
  if (history.areas.length > 0) {
    const areas = history.areas.map((area) => ({ ...area, ...figures(area) }));
    console.log();
    printRows(areas, { columns: ['area', 'name', 'cameras', ...FIGURES], isJson: false, none: '' });
  }
  for (const { camera, intervals = [] } of history.cameras.filter((each) => each.intervals !== undefined)) {
    console.log(`\n${camera}`);
    for (const { condition, reason, fromMs, toMs } of intervals)
      console.log(`  ${new Date(fromMs).toISOString()}  ${ago(fromMs, toMs).padStart(8)}  ${condition}  ${reason}`);
  }
  console.log(`\nall: ${percent(history.total.availability)} of the time that somebody wanted and watched them`);
}
