/** `camera`: registers cameras while everything runs, tells their state and the reason, removes them. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type Camera, type CameraState, Importance, InputSizeSetting } from '#models/schema/camera.ts';
import type { Applied } from '#models/schema/camera-view.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import { openApi } from '../api-client.ts';
import { appliedText } from '../cameras/applied-text.ts';
import { changeMany } from '../cameras/change-many.ts';
import { type SelectionOptions, withSelection } from '../cameras/selection.ts';
import { findPassword, readPassword } from '../password.ts';
import { ago, printRows } from '../print.ts';
import { addCameraCalibrateCommands } from './camera-calibrate.ts';
import { addCameraGroupCommands } from './camera-group.ts';
import { addHealthCommand } from './camera-health.ts';
import { addCameraHistoryCommands } from './camera-history.ts';
import { addCameraLoginCommands } from './camera-login.ts';
import { addCameraSheetCommands } from './camera-sheet.ts';
import { addDiscoverCommand } from './discover.ts';
import { findCameras } from './found-cameras.ts';
import { addProbeCommand } from './probe.ts';

type CameraView = Camera & {
  state: CameraState | null;
  areaPath: string[];
  calibrationVersion: number | null;
  calibrationGrade?: string;
};

type AddOptions = {
  name: string;
  id?: string;
  url?: string;
  file?: string;
  onvif?: string;
  allChannels?: boolean;
  channel?: string;
  basic?: boolean;
  user?: string;
  login?: string;
  passwordFile?: string;
  transport?: string;
  area?: string;
  fps?: number;
  inputSize?: string;
  gate: boolean;
  position?: string;
  tag?: string[];
  importance?: string;
  site?: string;
  height?: number;
  heading?: number;
  tilt?: number;
  fov?: number;
  watchUrl?: string;
  json?: boolean;
};

export function addCameraCommands(program: Command): void {
  const camera = program.command('camera').description('Cameras: discover, probe, add, list, edit, remove, calibrate.');
  addDiscoverCommand(camera);
  addProbeCommand(camera);
  addHealthCommand(camera);
  withFields(camera.command('add').description('Registers a camera; it is live within seconds.'))
    .requiredOption('--name <name>', 'free text, e.g. gate-3')
    .option('--id <id>', 'lower-case letters, digits, hyphens; made from the name where absent')
    .option('--all-channels', 'with --onvif: each channel of a recorder becomes a camera, named after both')
    .option('--channel <token>', 'with --onvif: this channel; absent means the first')
    .option('--basic', 'with --onvif: let the password go out readable where the device takes nothing else')
    .action(addCamera);
  camera
    .command('list')
    .description('Every camera with its state and the reason.')
    .option('--json', 'machine-readable')
    .action(async (options: { json?: boolean }) => {
      const { cameras } = await openApi(loadConfig()).json<{ cameras: CameraView[] }>('GET', '/cameras');
      if (options.json === true) console.log(JSON.stringify(cameras, null, 2));
      else
        printRows(cameras.map(asRow), {
          columns: COLUMNS,
          isJson: false,
          none: 'No cameras yet: ./sharp-eyes camera add --name … --url rtsp://…',
        });
    });
  withFields(
    withSelection(camera.command('edit').description('Changes fields of cameras; what is not named stays.'), {
      isShort: false,
    }),
  )
    .option('--if-revision <number>', 'of one camera: only where it is still at this revision (list --json)', Number)
    .option('--name <name>', 'free text')
    .option('--enable', 'look at it again')
    .option('--disable', 'do not look at it')
    .action(editCameras);
  camera
    .command('remove')
    .description('Ends a camera and forgets its registration; what was counted stays.')
    .argument('<id>')
    .action(async (id: string) => {
      await openApi(loadConfig()).request('DELETE', `/cameras/${id}`);
      console.log(`${id} removed`);
    });
  addCameraGroupCommands(camera);
  addCameraLoginCommands(camera);
  addCameraHistoryCommands(camera);
  addCameraSheetCommands(camera);
  addCameraCalibrateCommands(camera);
  camera
    .command('snapshot')
    .description('Saves what the camera sees now as a JPEG.')
    .argument('<id>')
    .requiredOption('--out <file>', 'where to')
    .action(async (id: string, options: { out: string }) => {
      const response = await openApi(loadConfig()).request('GET', `/cameras/${id}/picture.jpg`);
      await writeFile(options.out, Buffer.from(await response.arrayBuffer()));
      console.log(`${options.out} written`);
    });
}

function withFields(command: Command): Command {
  return command
    .option('--url <url>', 'rtsp://host[:port]/path')
    .option('--file <file>', 'a video file in a media folder of the worker’s machine, played again and again')
    .option('--onvif <host>', 'host or host:port of an ONVIF device: its best stream to detect on is taken')
    .option('--user <user>', 'user of the camera')
    .option('--login <id>', 'a login that the site remembers, in the place of user and password')
    .option(
      '--password-file <file>',
      'file with the camera’s password (or SHARP_EYES_PASSWORD); never on the command line',
    )
    .option('--transport <tcp|udp>', 'how RTSP brings packets')
    .option('--area <id>', 'area it belongs to, usually a grid')
    .option('--position <lon,lat>', 'where it stands, WGS-84')
    .option('--height <metres>', 'how high it hangs above the ground', Number)
    .option('--heading <degrees>', 'where it looks: 0 is north, 90 is east', Number)
    .option('--tilt <degrees>', 'how far below the horizon it looks', Number)
    .option('--fov <degrees>', 'its horizontal field of view', Number)
    .option('--tag <tag>', 'a word to find it by; may be repeated', (tag: string, all: string[] = []) => [...all, tag])
    .addOption(new Option('--importance <level>', 'who comes back first after an outage').choices(Importance.enum))
    .option('--site <id>', 'site whose devices share a login and a line')
    .option('--watch-url <url>', 'rtsp:// address of the stream that people watch, where it is another')
    .addOption(
      new Option(
        '--input-size <size>',
        'of the model’s input: auto takes a larger one where people look small and there is time for it',
      ).choices(InputSizeSetting.enum),
    )
    .option('--fps <number>', 'frames looked at per second while something moves', Number)
    .option('--no-gate', 'look at every sampled frame, moving or not')
    .option('--json', 'machine-readable');
}

function asBody(options: Partial<AddOptions>): Record<string, unknown> {
  const password = readPassword(options.passwordFile);
  const [lon, lat] = (options.position ?? '').split(',').map(Number);
  if (options.position !== undefined && (!Number.isFinite(lon) || !Number.isFinite(lat))) {
    throw new FaultError('invalid-value', `--position should be "lon,lat" in degrees, but is "${options.position}"`);
  }
  const body: Record<string, unknown> = {
    id: options.id,
    name: options.name,
    url: options.url,
    file: options.file === undefined ? undefined : resolve(options.file),
    user: options.user,
    password,
    login: options.login,
    transport: options.transport,
    area: options.area,
    position: options.position === undefined ? undefined : { lon, lat },
    placement: placementOf(options),
    tags: options.tag,
    importance: options.importance,
    site: options.site,
    watchUrl: options.watchUrl,
    sampleFps: options.fps,
    inputSize: options.inputSize,
    isGated: options.gate === false ? false : undefined,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function placementOf(options: Partial<AddOptions>): Record<string, number | undefined> | undefined {
  const placement = {
    heightM: options.height,
    headingDeg: options.heading,
    tiltDeg: options.tilt,
    fieldOfViewDeg: options.fov,
  };
  return Object.values(placement).every((value) => value === undefined) ? undefined : placement;
}

async function addCamera(options: AddOptions): Promise<void> {
  const sources = [options.url, options.file, options.onvif].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw new FaultError('invalid-value', 'name one source: --url rtsp://…, --onvif host or --file …');
  const password = await findPassword(options, `password of ${options.user ?? ''}: `);
  const body = { ...asBody(options), ...(password === undefined ? {} : { password }) };
  const bodies = options.onvif === undefined ? [body] : await onvifBodies(body, { ...options, password });
  const api = openApi(loadConfig());
  const added: CameraView[] = [];
  for (const one of bodies) added.push(await api.json<CameraView>('POST', '/cameras', one));
  const settled = await Promise.all(added.map(({ id }) => waitForState(api, id)));
  if (options.json === true) console.log(JSON.stringify(settled.length === 1 ? settled[0] : settled, null, 2));
  else for (const view of settled) console.log(describe(view));
  if (settled.some(({ state }) => state?.state === 'down')) process.exitCode = 1;
}

/** What is registered of a device, by what its probe found. */
async function onvifBodies(body: Record<string, unknown>, options: AddOptions & { password: string | undefined }) {
  const { onvif: host = '', user, password, login, basic, channel, allChannels: isAll = false } = options;
  const target = { host, user, password, login, basic };
  const found = await findCameras(target, { isAll, channel, isShown: options.json !== true });
  const watchUrl = body.watchUrl === undefined ? {} : { watchUrl: body.watchUrl };
  return found.map(({ channelName, ...camera }) => {
    const name = found.length === 1 ? options.name : `${options.name} ${channelName}`;
    const id = options.id === undefined || found.length === 1 ? {} : { id: undefined };
    return { ...body, ...camera, ...watchUrl, ...id, name };
  });
}

/** Up to 20 s for the first verdict: live, or down with a reason. */
async function waitForState(api: ReturnType<typeof openApi>, id: string): Promise<CameraView> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const view = await api.json<CameraView>('GET', `/cameras/${id}`);
    const hasVerdict = view.state !== null && ['live', 'degraded', 'disabled'].includes(view.state.state);
    const isRefused = view.state?.state === 'down' && view.state.worker !== '';
    if (hasVerdict || isRefused || Date.now() > deadline) return view;
    await pause(250);
  }
}

function describe(view: CameraView): string {
  const state = view.state;
  if (state === null) return `${view.id} added; no ingest worker has taken it yet`;
  const size = state.width === undefined ? '' : `, ${state.codec ?? ''} ${state.width}x${state.height}`;
  const reason =
    state.message === undefined
      ? ''
      : `\n  ${state.message}${state.cure === undefined ? '' : `\n  what to do: ${state.cure}`}`;
  const code = state.reason === undefined ? '' : ` (${state.reason})`;
  return `${view.id} added: ${state.state}${code}${size}${reason}`;
}

type EditOptions = Partial<AddOptions> &
  SelectionOptions & { enable?: boolean; disable?: boolean; ifRevision?: number };

async function editCameras(ids: string[], { tag, area, ...options }: Omit<EditOptions, 'tag'> & { tag?: string[] }) {
  const isEnabled = options.enable === true ? true : options.disable === true ? false : undefined;
  const fields = { ...options, ...(tag === undefined ? {} : { tag }), ...(area === undefined ? {} : { area }) };
  const body = { ...asBody(fields), ...(isEnabled === undefined ? {} : { isEnabled }) };
  if (Object.keys(body).length === 0)
    throw new FaultError('invalid-value', 'nothing to change was named; --help lists the fields');
  const [id, ...others] = ids;
  if (id !== undefined && others.length === 0 && options.dryRun !== true) return await editOne(id, body, options);
  const own = Object.keys(body).find((field) => ['name', 'url', 'file', 'watchUrl', 'position'].includes(field));
  if (own !== undefined && ids.length !== 1)
    throw new FaultError('invalid-value', `each camera has a ${own} of its own`, { cure: 'Edit them one by one.' });
  await changeMany(ids, options, () => body);
}

async function editOne(id: string, body: object, { ifRevision, json }: Pick<EditOptions, 'ifRevision' | 'json'>) {
  const headers = ifRevision === undefined ? {} : { 'if-match': `"${ifRevision}"` };
  const api = openApi(loadConfig());
  const view = await api.json<CameraView & { applied?: Applied }>('PATCH', `/cameras/${id}?wait=5`, body, headers);
  const word = view.applied === undefined ? '' : `; ${appliedText(view.applied)}`;
  console.log(json === true ? JSON.stringify(view, null, 2) : `${id} changed${word}`);
}

const COLUMNS = ['id', 'name', 'state', 'since', 'picture', 'input', 'fps', 'gate', 'ground', 'worker', 'reason'];

function asRow(view: CameraView): Record<string, string | number> {
  const state = view.state;
  return {
    id: view.id,
    name: view.name,
    state: state?.state ?? 'waiting',
    since: state === null ? '' : ago(state.downSinceMs ?? state.sinceMs),
    picture: state?.width === undefined ? '' : `${state.codec ?? '?'} ${state.width}x${state.height}`,
    input: state?.input ?? '',
    fps: state?.fps === undefined ? '' : state.fps.toFixed(1),
    gate: state?.isGateOpen === undefined ? '' : state.isGateOpen ? 'open' : 'closed',
    ground: view.calibrationVersion === null ? '' : (view.calibrationGrade ?? '?'),
    worker: state?.worker ?? '',
    reason: state?.reason === undefined ? '' : `${state.reason}: ${state.message ?? ''}`,
  };
}
