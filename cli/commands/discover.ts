/** `camera discover`: finds devices from this machine, by multicast or one by one; says which are registered already. */
import { setMaxListeners } from 'node:events';
import type { Command } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { knownDevices } from '#models/registry/known-device.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { DiscoveredDevice, DiscoveryNews, DiscoveryTally } from '#models/schema/discovered-device.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { createLogger } from '#system/logs.ts';
import { openApi } from '../api-client.ts';
import { formatTable, type Row } from '../print.ts';

type Options = {
  host?: string[];
  range?: string[];
  ports?: number[];
  interface?: string[];
  seconds?: number;
  watch?: boolean;
  all?: boolean;
  json?: boolean;
  csv?: boolean;
};

/** What is known of registered cameras: null where the API cannot be asked. */
type Registered = CameraView[] | null;

const CSV_COLUMNS = [
  'onvif',
  'name',
  'manufacturer',
  'device_model',
  'serial',
  'mac',
  'location',
  'channels',
  'what',
  'registered',
  'endpoint',
  'addresses',
  'doubts',
];
const COLUMNS = ['address', 'make', 'model', 'name', 'location', 'channels', 'what', 'registered'];

export function addDiscoverCommand(camera: Command): void {
  camera
    .command('discover')
    .description('Finds devices: by multicast on every interface, or one by one with --host and --range.')
    .option('--host <host...>', 'ask these, also where multicast does not lead')
    .option('--range <range...>', 'ask every address of IPv4 ranges such as 10.0.0.0/22, at most 200 packets a second')
    .option('--ports <ports>', 'with --host or --range: ask silent ones over HTTP too, e.g. 80,8000,8080', readPorts)
    .option('--interface <name...>', 'only over these interfaces')
    .option('--seconds <number>', 'how long to listen after the last question', Number)
    .option('--watch', 'go on, and tell who comes and goes')
    .option('--all', 'also what is no ONVIF device: printers, computers')
    .option('--json', 'machine-readable; with --watch one line for each piece of news')
    .option('--csv', 'for a spreadsheet, or for camera import')
    .action(discoverDevices);
}

function readPorts(text: string): number[] {
  const ports = text.split(',').map(Number);
  const isValid = ports.length <= 8 && ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536);
  if (!isValid) throw new FaultError('invalid-value', `--ports should be up to 8 ports like 80,8000, but is "${text}"`);
  return ports;
}

async function discoverDevices(options: Options): Promise<void> {
  const { seconds } = options;
  if (seconds !== undefined && !(seconds >= 0.5 && seconds <= 60)) {
    throw new FaultError('invalid-value', '--seconds should be 0.5 to 60');
  }
  const { discover, findTargets } = await import('#ingest/main.ts');
  const targets = await findTargets({ hosts: options.host, ranges: options.range });
  const registered = await readRegistered();
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const stop = () => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const wanted = options.interface;
  const news = discover({
    signal: stopping.signal,
    logger: createLogger('discover', { logLevel: 'warn' }),
    targets,
    ports: options.ports ?? [],
    isWatching: options.watch === true,
    ...(seconds === undefined ? {} : { listenS: seconds }),
    ...(wanted === undefined ? {} : { isWanted: (name: string) => wanted.includes(name) }),
  });
  if (options.watch === true) await printAsTheyCome(news, options, registered);
  else await printAtTheEnd(news, options, registered);
}

/** Who is not signed in, or where nothing runs: devices are found all the same. */
async function readRegistered(): Promise<Registered> {
  try {
    return (await openApi(loadConfig()).json<{ cameras: CameraView[] }>('GET', '/cameras')).cameras;
  } catch {
    return null;
  }
}

type Found = DiscoveredDevice & { cameras: string[] | null };

async function printAtTheEnd(
  news: AsyncIterable<DiscoveryNews>,
  options: Options,
  registered: Registered,
): Promise<void> {
  const found = new Map<string, DiscoveredDevice>();
  let tally: DiscoveryTally | undefined;
  for await (const piece of news) {
    if (piece.type === 'device') found.set(piece.device.key, piece.device);
    if (piece.type === 'end') tally = piece.tally;
  }
  const shown = [...found.values()].filter(({ isOnvif }) => isOnvif || options.all === true).sort(byAddress);
  const known = registered === null ? null : knownDevices(registered);
  const isAlone = ({ host }: DiscoveredDevice) => shown.filter((other) => other.host === host).length === 1;
  const devices: Found[] = shown.map((device) => ({
    ...device,
    cameras: known?.camerasOf(device, isAlone(device)) ?? null,
  }));
  if (options.json === true) console.log(JSON.stringify(devices, null, 2));
  else if (options.csv === true) process.stdout.write(asCsv(devices));
  else printTable(devices, { tally, hidden: found.size - shown.length });
}

const byAddress = (a: DiscoveredDevice, b: DiscoveredDevice) =>
  a.host.localeCompare(b.host, 'en', { numeric: true }) || a.port - b.port;

async function printAsTheyCome(
  news: AsyncIterable<DiscoveryNews>,
  options: Options,
  registered: Registered,
): Promise<void> {
  const known = registered === null ? null : knownDevices(registered);
  const isShown = new Map<string, boolean>();
  for await (const piece of news) {
    if (piece.type === 'device' && !piece.device.isOnvif && options.all !== true) continue;
    if (options.json === true) {
      console.log(JSON.stringify(piece));
      continue;
    }
    const time = new Date().toLocaleTimeString('sv');
    if (piece.type === 'gone') {
      if (isShown.get(piece.key) !== true) continue;
      isShown.set(piece.key, false);
      console.log(
        `${time}  - ${piece.host}  ${piece.why === 'bye' ? 'said good-bye' : 'does not answer any more'}  ${piece.key}`,
      );
    } else if (piece.type === 'device' && isShown.get(piece.device.key) !== true) {
      isShown.set(piece.device.key, true);
      const {
        address,
        what,
        registered: cameras,
        ...row
      } = asRow({
        ...piece.device,
        cameras: known?.camerasOf(piece.device, false) ?? null,
      });
      const said = [row.make, row.model, row.name, what, cameras].filter(
        (part) => !['', '?', undefined].includes(part as string),
      );
      console.log(`${time}  + ${address}  ${said.join('  ')}`);
    }
  }
}

function asRow(device: Found): Row {
  const { host, port, cameras } = device;
  return {
    address: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    make: device.manufacturer ?? '',
    model: device.model ?? '',
    name: device.name ?? '',
    location: device.location ?? '',
    channels: device.channels ?? '?',
    what: device.isOnvif ? device.kinds.join(' ') || 'ONVIF' : 'not ONVIF',
    registered: cameras === null ? '?' : cameras.join(' ') || 'no',
  };
}

function printTable(devices: readonly Found[], rest: { tally: DiscoveryTally | undefined; hidden: number }): void {
  if (devices.length === 0) {
    console.log('No device answered. Multicast does not cross routers: try --range 10.0.0.0/22 or --host.');
  } else {
    console.log(formatTable(devices.map(asRow), COLUMNS));
    for (const { host, port, addresses, doubts } of devices) {
      const others = addresses.filter((address) => address !== host);
      const notes = [...(others.length > 0 ? [`it answers at ${others.join(', ')} as well`] : []), ...doubts];
      if (notes.length > 0) console.log(`  ${host}:${port}: ${notes.join('; ')}`);
    }
  }
  const { tally, hidden } = rest;
  if (tally === undefined) return;
  const parts = [
    `${devices.length} devices`,
    `${tally.asked} packets sent`,
    `${tally.answers} answers`,
    ...(tally.unreadable > 0 ? [`${tally.unreadable} unreadable`] : []),
    ...(tally.repliesRefused > 0 ? [`${tally.repliesRefused} too many from one host`] : []),
    ...(hidden > 0 ? [`${hidden} that are no ONVIF devices (--all shows them)`] : []),
  ];
  console.log(parts.join(', '));
}

/** Named as `camera import` reads them; the columns from `location` on are for people. */
function asCsv(devices: readonly Found[]): string {
  const records = devices.map((device) => {
    const { address, location, what, registered } = asRow(device);
    return {
      onvif: address,
      name: device.name,
      manufacturer: device.manufacturer,
      device_model: device.model,
      serial: device.serial,
      mac: device.mac,
      location,
      channels: device.channels,
      what,
      registered,
      endpoint: device.key,
      addresses: device.addresses.join(' '),
      doubts: device.doubts.join('; '),
    };
  });
  return stringify(records, { header: true, columns: CSV_COLUMNS, escape_formulas: true });
}
