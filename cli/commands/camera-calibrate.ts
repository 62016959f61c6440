/** `camera calibrate`, `calibration-check`, `mask`, `show`: how the picture lies on the ground, and what of it is looked at. */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { CALIBRATION_FORMATS, type Calibration, type CalibrationTrial } from '#models/schema/calibration.ts';
import type { Applied, CameraView } from '#models/schema/camera-view.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { openApi } from '../api-client.ts';
import { appliedText } from '../cameras/applied-text.ts';
import { addCalibrationCheckCommand } from './calibration-check.ts';

type CalibrateOptions = {
  points?: string;
  pose?: string;
  import?: string;
  format: string;
  origin?: string;
  heading: number;
  unit: string;
  preset?: string;
  dryRun?: boolean;
  json?: boolean;
};

const UNITS_M: Record<string, number> = { m: 1, cm: 0.01, mm: 0.001, ft: 0.3048 };
const POSE_NUMBERS = [
  'heightM',
  'headingDeg',
  'tiltDeg',
  'rollDeg',
  'fieldOfViewDeg',
  'aspect',
  'k1',
  'k2',
  'lon',
  'lat',
];

export function addCameraCalibrateCommands(camera: Command): void {
  camera
    .command('calibrate')
    .description('Ties the picture to the ground: by points, by a pose, or by a file from elsewhere.')
    .argument('<id>')
    .option('--points <file>', 'JSON: [{"x","y" as fractions of the picture, "lon","lat"}, …], four at least')
    .option('--pose <pose>', 'heightM=6,headingDeg=90,tiltDeg=20,fieldOfViewDeg=80[,rollDeg=0,k1=0,lon=…,lat=…]')
    .option('--import <file>', 'a calibration that another program made')
    .addOption(new Option('--format <format>', 'of --import').choices([...CALIBRATION_FORMATS]).default('json'))
    .option('--origin <lon,lat>', 'of the imported frame, WGS-84; z points up, the ground is z = 0')
    .option('--heading <degrees>', 'where the y axis of the imported frame points; 0 is north', Number, 0)
    .addOption(new Option('--unit <unit>', 'of the imported frame').choices(Object.keys(UNITS_M)).default('m'))
    .option('--preset <token>', 'the preset that a camera that turns must stand at')
    .option('--dry-run', 'say how good it would be, and keep nothing')
    .option('--json', 'machine-readable')
    .action(calibrateCamera);
  addCalibrationCheckCommand(camera);
  camera
    .command('mask')
    .description('Where not to look (privacy), and where things can stand (ground).')
    .argument('<id>')
    .option('--privacy <file>', 'JSON: rings of [x, y] as fractions of the picture; blanked everywhere')
    .option('--ground <file>', 'JSON: the same; what stands elsewhere is seen, but not placed')
    .option('--clear <which>', 'privacy, ground or both')
    .action(maskCamera);
  camera
    .command('show')
    .description('One camera with all that is known of it.')
    .argument('<id>')
    .option('--json', 'machine-readable')
    .action(showCamera);
}

async function calibrateCamera(id: string, options: CalibrateOptions): Promise<void> {
  const api = openApi(loadConfig());
  const body = await bodyOf(id, options, api);
  if (options.dryRun === true) {
    const trial = await api.json<CalibrationTrial>('POST', `/cameras/${id}/calibration/trial`, body);
    if (options.json === true) console.log(JSON.stringify(trial, null, 2));
    else console.log(`${id} would be calibrated: ${goodness(trial)}${worstPoint(trial)}`);
    return;
  }
  const preset = options.preset === undefined ? {} : { preset: options.preset };
  const calibration = await api.json<Calibration>('PUT', `/cameras/${id}/calibration`, { ...body, ...preset });
  if (options.json === true) console.log(JSON.stringify(calibration, null, 2));
  else console.log(`${id} calibrated, version ${calibration.version}, ${goodness(calibration)}`);
}

function goodness({ grade, errors = [], residualM }: Pick<Calibration, 'grade' | 'errors' | 'residualM'>): string {
  const told = errors.map(({ distanceM, errorM }) => `${errorM.toFixed(2)} m at ${distanceM} m`).join(', ');
  return `grade ${grade ?? '?'} (${told === '' ? 'no ground at 10, 30 or 60 m' : told}), residual ${residualM.toFixed(2)} m`;
}

function worstPoint({ misses, missesM, points }: CalibrationTrial): string {
  const worst = misses.indexOf(Math.max(...misses));
  if (points.length < 5 || worst === -1 || (misses[worst] ?? 0) < 0.001) return '';
  return `\n  point ${worst + 1} misses most: by ${(missesM[worst] ?? 0).toFixed(2)} m`;
}

async function bodyOf(id: string, options: CalibrateOptions, api: ReturnType<typeof openApi>): Promise<object> {
  const { points, pose, import: file, format, origin, heading, unit } = options;
  if ([points, pose, file].filter((way) => way !== undefined).length !== 1)
    throw new FaultError('invalid-value', 'name one way: --points FILE, --pose … or --import FILE');
  if (points !== undefined) return { points: readJson(points) };
  if (pose !== undefined) return { viewpoint: poseOf(pose, await api.json<CameraView>('GET', `/cameras/${id}`)) };
  const text = readText(file ?? '');
  if (format === 'json') return { import: { format, text } };
  const [lon, lat] = (origin ?? '').split(',').map(Number);
  if (origin !== undefined && !(Number.isFinite(lon) && Number.isFinite(lat)))
    throw new FaultError('invalid-value', `--origin should be "lon,lat" in degrees, but is "${origin}"`);
  const frame = origin === undefined ? {} : { frame: { lon, lat, headingDeg: heading, unitM: UNITS_M[unit] ?? 1 } };
  return { import: { format, text, ...frame } };
}

/** What is not said is taken from where the camera is registered. */
function poseOf(text: string, { position, placement, state }: CameraView): Record<string, number> {
  const said = Object.fromEntries(
    text.split(',').map((part) => {
      const [name = '', value = ''] = part.split('=').map((each) => each.trim());
      if (POSE_NUMBERS.includes(name) && value !== '' && Number.isFinite(Number(value))) return [name, Number(value)];
      const names = POSE_NUMBERS.join(', ');
      throw new FaultError('invalid-value', `--pose: "${part.trim()}" is not name=number with a name of ${names}`);
    }),
  );
  const { width, height } = state ?? {};
  const aspect = width === undefined || height === undefined ? 16 / 9 : width / height;
  return { rollDeg: 0, aspect, ...placement, ...position, ...said };
}

async function maskCamera(id: string, options: { privacy?: string; ground?: string; clear?: string }): Promise<void> {
  const { privacy, ground, clear } = options;
  if (clear !== undefined && !['privacy', 'ground', 'both'].includes(clear))
    throw new FaultError('invalid-value', `--clear should be privacy, ground or both, but is "${clear}"`);
  const body = {
    ...(clear === 'privacy' || clear === 'both' ? { privacyMasks: null } : {}),
    ...(clear === 'ground' || clear === 'both' ? { groundMask: null } : {}),
    ...(privacy === undefined ? {} : { privacyMasks: readJson(privacy) }),
    ...(ground === undefined ? {} : { groundMask: readJson(ground) }),
  };
  if (Object.keys(body).length === 0)
    throw new FaultError('invalid-value', 'nothing to change was named: --privacy, --ground or --clear');
  const api = openApi(loadConfig());
  const view = await api.json<CameraView & { applied?: Applied }>('PATCH', `/cameras/${id}?wait=10`, body);
  console.log(`${id} masked${view.applied === undefined ? '' : `; ${appliedText(view.applied)}`}`);
}

async function showCamera(id: string, options: { json?: boolean }): Promise<void> {
  const api = openApi(loadConfig());
  const view = await api.json<CameraView>('GET', `/cameras/${id}`);
  const calibration =
    view.calibrationVersion === null ? undefined : await api.json<Calibration>('GET', `/cameras/${id}/calibration`);
  if (options.json === true) return console.log(JSON.stringify({ ...view, calibration }, null, 2));
  const { state, position, placement, areaPath, privacyMasks = [], groundMask = [] } = view;
  const rows: [string, string | undefined][] = [
    ['name', view.name],
    ['state', state === null ? 'waiting' : `${state.state}${state.message === undefined ? '' : `: ${state.message}`}`],
    ['area', areaPath.filter((area) => area !== '_').join(' > ') || undefined],
    ['position', position === undefined ? undefined : `${position.lon}, ${position.lat}`],
    ['placement', placement === undefined ? undefined : JSON.stringify(placement).replace(/[{}"]/g, '')],
    ['picture', state?.width === undefined ? undefined : `${state.codec ?? '?'} ${state.width}x${state.height}`],
    [
      'calibration',
      calibration === undefined
        ? 'none'
        : `version ${calibration.version} by ${calibration.method ?? 'points'}, ${goodness(calibration)}`,
    ],
    ['privacy masks', privacyMasks.length === 0 ? undefined : `${privacyMasks.length}, blanked everywhere; no video`],
    ['ground mask', groundMask.length === 0 ? undefined : `${groundMask.length}`],
  ];
  for (const [name, value] of [['id', view.id] as const, ...rows])
    if (value !== undefined) console.log(`${name.padEnd(14)} ${value}`);
}

export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new FaultError('invalid-value', `${path} is no readable JSON file: ${(cause as Error).message}`, { cause });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FaultError('file-missing', `${path} cannot be read: ${(cause as Error).message}`, {
      cause,
      about: { path },
    });
  }
}
