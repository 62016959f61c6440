/** `camera calibration-check`: the heights of people along the picture, or a walk along a known path. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { HeightCheck, WalkCheck } from '#models/schema/calibration-check.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { printRows } from '../print.ts';

type Options = { hours: number; walk?: string; from?: string; to?: string; track?: string; json?: boolean };

const HOUR_MS = 3_600_000;
/** Characters for one metre. */
const BAR = 16;

export function addCalibrationCheckCommand(camera: Command): void {
  camera
    .command('calibration-check')
    .description('Shows by people who were seen whether the calibration is right; exit code 1 where it is not.')
    .argument('<id>')
    .option('--hours <number>', 'how far back to look for people', Number, 24)
    .option('--walk <file>', 'GeoJSON LineString or [[lon, lat], …]: compare the walk of a person with this path')
    .option('--from <time>', 'of the walk, ISO 8601; absent: two minutes ago')
    .option('--to <time>', 'of the walk; absent: now')
    .option('--track <id>', 'of the walk; absent: who walked along the path')
    .option('--json', 'machine-readable')
    .action((id: string, options: Options) => (options.walk === undefined ? heights(id, options) : walk(id, options)));
}

async function heights(id: string, { hours, json }: Options): Promise<void> {
  if (!(hours > 0)) throw new FaultError('invalid-value', `--hours should be above 0, but is ${hours}`);
  const toMs = Date.now();
  const query = `from=${Math.round(toMs - hours * HOUR_MS)}&to=${toMs}`;
  const check = await openApi(loadConfig()).json<HeightCheck>('GET', `/cameras/${id}/calibration/heights?${query}`);
  if (check.verdict !== 'good') process.exitCode = 1;
  if (json === true) return console.log(JSON.stringify(check, null, 2));
  const rows = check.bins.map(({ distanceM, medianM, lowM, highM, samples }) => ({
    'distance m': distanceM.toFixed(1),
    'height m': medianM.toFixed(2),
    'half of all': `${lowM.toFixed(2)} to ${highM.toFixed(2)}`,
    people: samples,
    '': '#'.repeat(Math.round(medianM * BAR)),
  }));
  printRows(rows, { columns: ['distance m', 'height m', 'half of all', 'people', ''], isJson: false, none: '' });
  console.log(verdictOf(check));
}

function verdictOf({ verdict, samples, tracks, medianM, change, expectedM, suggestion }: HeightCheck): string {
  const bend = Math.round(Math.abs(change ?? 0) * 100);
  const size = Math.round(((medianM ?? expectedM) / expectedM - 1) * 100);
  const tilted = `people look ${bend} % ${(change ?? 0) < 0 ? 'smaller' : 'taller'} at the back: the tilt is off`;
  const scaled = `people look ${Math.abs(size)} % too ${size < 0 ? 'small' : 'tall'}: the height or the scale is off`;
  const turn = suggestion?.tiltDeg ?? 0;
  const change2 = suggestion?.heightM ?? 0;
  const hint =
    suggestion === undefined
      ? ''
      : `\n  it would fit with ${Math.abs(turn)}° ${turn < 0 ? 'less' : 'more'} tilt and the camera ${Math.abs(change2).toFixed(1)} m ${change2 < 0 ? 'lower' : 'higher'}`;
  const words: Record<HeightCheck['verdict'], string> = {
    good: `good: people are ${medianM?.toFixed(2)} m tall, near and far`,
    tilt: tilted + hint,
    scale: scaled + hint,
    both: `${tilted}; ${scaled}${hint}`,
    'too-few': `not known: ${samples} samples of ${tracks} people are too few; look further back with --hours`,
    'too-near': 'not known: all people were about equally far away',
    untellable: 'not known: the calibration does not say where the camera hangs; calibrate by a pose',
  };
  return words[verdict];
}

async function walk(id: string, { walk: file = '', from, to, track, json }: Options): Promise<void> {
  const body = {
    path: readPath(file),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(track === undefined ? {} : { track }),
  };
  const check = await openApi(loadConfig()).json<WalkCheck>('POST', `/cameras/${id}/calibration/walk`, body);
  if (check.track === null) process.exitCode = 1;
  if (json === true) return console.log(JSON.stringify(check, null, 2));
  if (check.track === null) return console.log('nobody was seen walking then');
  const { points, medianM, worstM } = check;
  console.log(
    `track ${check.track}: ${points.length} places, ${medianM?.toFixed(2)} m beside the path (median), ${worstM?.toFixed(2)} m at worst`,
  );
}

function readPath(file: string): unknown {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'));
    const geometry = value?.features?.[0]?.geometry ?? value?.geometry ?? value;
    return geometry?.coordinates ?? geometry;
  } catch (cause) {
    throw new FaultError('invalid-value', `${file} is no readable JSON file: ${(cause as Error).message}`, { cause });
  }
}
