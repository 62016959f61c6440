/** `demo cameras` and `demo fault`: virtual cameras for any tool, and what goes wrong with them while they run. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type ControlNote, controlNotePath } from '#demo/devices/control-note.ts';
import { type CameraFault, FAULT_TABLE } from '#demo/devices/fault-table.ts';
import { type CameraProcess, startCameraProcess } from '#demo/devices/serve-process.ts';
import { writeSheet } from '#models/registry/sheet/write-sheet.ts';
import { FaultError, isFaultCode } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { aborted, startLife } from '#system/lifecycle.ts';
import { createLogger } from '#system/logs.ts';
import { printRows } from '../print.ts';
import { demoDataDir } from '../running-site.ts';

type CamerasOptions = {
  count: number;
  codec: string;
  profile?: string;
  recorders: number;
  ptz: number;
  port: number;
  rtspPort?: number;
  host: string;
  csv?: string;
  json?: boolean;
};

type FaultOptions = {
  camera?: string;
  street?: string;
  kind?: string;
  for?: string;
  amount?: number;
  list?: boolean;
  off?: boolean;
  json?: boolean;
};

export function addDemoCommands(demo: Command): void {
  // Both have --rtsp-port: what stands after the subcommand belongs to it.
  demo.enablePositionalOptions();
  demo
    .command('cameras')
    .description('Starts only virtual cameras: ONVIF, RTSP, snapshots; for any tool that can use them.')
    .option('--count <number>', 'how many single cameras', Number, 12)
    .option('--codec <list>', 'h264, h265 or both, in turn', 'h264')
    .option('--profile <list>', 'habits of makes, in turn; all where none is named (see docs/virtual-cameras.md)')
    .option('--recorders <number>', 'recorders with eight channels', Number, 1)
    .option('--ptz <number>', 'cameras that turn', Number, 1)
    .option('--port <port>', 'of the control; ONVIF of camera 7 is 7 above it', Number, 8600)
    .option('--rtsp-port <port>', 'RTSP of camera 7 is 7 above it; 1000 above --port where none is named', Number)
    .option(
      '--host <address>',
      'address that the cameras listen on; others than loopback are open to the network',
      '127.0.0.1',
    )
    .option('--csv <file>', 'also write them as a sheet for: ./sharp-eyes camera import <file>')
    .option('--json', 'machine-readable')
    .action(runCameras);
  demo
    .command('fault')
    .description('Switches a fault of a running virtual camera on or off.')
    .option('--camera <camera>', 'number, id, recorder-31/3 for a channel, or all')
    .option('--street <name>', 'every camera of a street')
    .option('--kind <fault>', 'which (--list)')
    .option('--for <time>', 'how long: 60s, 5m, 2h; until --off where none is named')
    .option('--amount <number>', 'how much, where the fault has an amount', Number)
    .option('--off', 'end the faults of the camera, the street, or of all')
    .option('--list', 'every fault, what it does and how it shows')
    .option('--json', 'machine-readable')
    .addHelpText(
      'after',
      () => `\nFaults:\n${FAULT_TABLE.map(({ id, does }) => `  ${id.padEnd(20)} ${does}`).join('\n')}`,
    )
    .action(runFault);
}

async function runCameras(options: CamerasOptions): Promise<void> {
  const config = loadConfig();
  const logger = createLogger('cameras', { logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel });
  const life = startLife(logger, config);
  const list = (text: string | undefined) =>
    text
      ?.split(',')
      .map((part) => part.trim())
      .filter(Boolean) ?? [];
  await using cameras = await startCameraProcess({
    ...options,
    rtspPort: options.rtspPort ?? (options.port === 0 ? 0 : options.port + 1000),
    codecs: list(options.codec),
    profiles: list(options.profile),
    dataDir: demoDataDir(config),
    materialDir: config.materialDir,
  });
  if (options.csv !== undefined) writeFileSync(options.csv, asSheet(cameras.devices), { mode: 0o600 });
  const rows = cameras.devices.map(({ streams, onvif, ...device }) => ({
    ...device,
    address: onvif,
    streams: shortList(streams),
  }));
  if (options.json === true) console.log(JSON.stringify({ control: cameras.control, cameras: cameras.devices }));
  else
    printRows(rows, {
      columns: ['number', 'name', 'street', 'profile', 'address', 'user', 'password', 'streams'],
      isJson: false,
      none: 'No cameras.',
    });
  if (options.json !== true)
    console.log(`\nFaults: ./sharp-eyes demo fault --list    Control: ${cameras.control}    Stop: Ctrl-C`);
  const isOver = Promise.race([aborted(life.signal), cameras.ended]);
  const isReady = await Promise.race([cameras.prepared.then(() => true), isOver.then(() => false)]);
  if (isReady && options.json !== true) console.log('All streams are there.');
  await isOver;
}

/** What an installer knows of a rack of boxes: where each is, its login, and what it is called. */
function asSheet(devices: CameraProcess['devices']): string {
  const rows = devices.map(({ name, onvif, user, password }) => ({ name, onvif: new URL(onvif).host, user, password }));
  return writeSheet(rows, 'csv');
}

/** A recorder has many. */
function shortList(streams: readonly string[]): string {
  const [first, second, ...more] = streams;
  const shown = [first, second].filter((one) => one !== undefined).join(' ');
  return more.length === 0 ? shown : `${shown} and ${more.length} more (--json)`;
}

async function runFault(options: FaultOptions): Promise<void> {
  const isJson = options.json === true;
  if (options.list === true) {
    const rows = FAULT_TABLE.map((fault: CameraFault) => {
      const amount = fault.amount === undefined ? '' : `${fault.amount.default} ${fault.amount.unit}`;
      return { fault: fault.id, of: fault.of, amount, does: fault.does, shows: fault.shows };
    });
    return printRows(rows, { columns: ['fault', 'of', 'amount', 'does', 'shows'], isJson, none: '' });
  }
  const { camera, street, kind } = options;
  if (options.off === true) {
    const query = new URLSearchParams(
      Object.entries({ camera, street }).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    const { over } = (await askControl('DELETE', `/faults?${query}`)) as { over: string[] };
    console.log(
      isJson ? JSON.stringify(over) : over.length === 0 ? 'No camera had a fault.' : `well again: ${over.join(', ')}`,
    );
    return;
  }
  if (kind === undefined || (camera === undefined && street === undefined)) {
    throw new FaultError('invalid-value', 'name a fault and who gets it: --kind freeze --camera 7 (--list names all)');
  }
  const wish = { camera, street, kind, forS: readSeconds(options.for), amount: options.amount };
  const { active } = (await askControl('POST', '/faults', wish)) as {
    active: { device: string; channel: number; endsAtMs: number | null }[];
  };
  if (isJson) console.log(JSON.stringify(active));
  else
    console.log(
      `${kind}: ${active.map(({ device }) => device).join(', ')}${options.for === undefined ? ', until --off' : `, for ${options.for}`}`,
    );
}

function readSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(s|m|h)?$/.exec(text) ?? [];
  if (number === undefined)
    throw new FaultError('invalid-value', `--for should be like 60s, 5m or 2h, but is "${text}"`);
  return Number(number) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1);
}

/** Asks the process that left its note in the data folder of the demo. */
async function askControl(method: string, path: string, body?: unknown): Promise<unknown> {
  const notePath = controlNotePath(demoDataDir(loadConfig()));
  const none = (cause?: unknown) =>
    new FaultError('api-unreachable', 'no virtual cameras run here', {
      cause,
      cure: 'Start them with ./sharp-eyes demo or ./sharp-eyes demo cameras.',
    });
  if (!existsSync(notePath)) throw none();
  const note = JSON.parse(readFileSync(notePath, 'utf8')) as ControlNote;
  const response = await fetch(`${note.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${note.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw none(cause);
  });
  const answer = (await response.json()) as { code?: unknown; message?: string; cure?: string };
  if (response.ok) return answer;
  const code = isFaultCode(answer.code) ? answer.code : 'internal';
  throw new FaultError(
    code,
    answer.message ?? `the cameras answered ${response.status}`,
    answer.cure === undefined ? {} : { cure: answer.cure },
  );
}
