/** Rows that name only an ONVIF device: each is asked, a few at a time, and becomes one row for each of its channels. */
import type { ImportRow, RowOutcome } from '#models/schema/camera-import.ts';
import { FaultError } from '#models/schema/fault.ts';
import { type FoundCamera, findCameras } from '../commands/found-cameras.ts';

type Options = {
  say: (text: string) => void;
  refuse: (row: number, fields: Record<string, unknown>, error: FaultError) => RowOutcome;
};

type Asked = { rows: ImportRow[]; refused: RowOutcome[] };

/** Most devices are slow rather than busy; more at once would look like an attack on the cameras' network. */
const DEVICES_AT_ONCE = 8;

export async function askDevices(rows: readonly ImportRow[], { say, refuse }: Options): Promise<Asked> {
  const asked: Asked = { rows: [], refused: [] };
  const seen = new Map<string, number>();
  const waiting = [...rows];
  let done = 0;
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { row, fields } = next;
      try {
        asked.rows.push(...(await askRow(next, seen)));
      } catch (error) {
        asked.refused.push(refuse(row, fields, error as FaultError));
      }
      done++;
      if (done % 10 === 0 || done === rows.length) say(`${done} of ${rows.length} devices asked`);
    }
  };
  await Promise.all(Array.from({ length: DEVICES_AT_ONCE }, work));
  return asked;
}

/** A device that stands in two rows would be asked twice at once, which some take for an attack. */
async function askRow({ row, fields }: ImportRow, seen: Map<string, number>): Promise<ImportRow[]> {
  const { onvif, ...rest } = fields;
  const url = addressOf(String(onvif));
  const other = seen.get(url.host);
  if (other !== undefined) {
    throw new FaultError('already-exists', `row ${other} names the device ${url.host} too`, {
      about: { field: 'onvif' },
      cure: 'Keep one of the rows: it registers every channel.',
    });
  }
  seen.set(url.host, row);
  if (rest.url !== undefined) {
    const port = url.port === '' ? {} : { port: Number(url.port) };
    return [
      { row, fields: { ...rest, device: { host: url.hostname, ...port, scheme: 'onvif', ...given(rest.device) } } },
    ];
  }
  // Nothing is measured: hundreds of devices would take an hour, and what a camera delivers shows once it is registered.
  const target = { host: url.host, user: text(rest.user), password: text(rest.password), seconds: 0 };
  const found = await findCameras(target, { isAll: true, isShown: false });
  return found.map((camera, index) => ({ row, fields: channelFields(rest, { camera, index, count: found.length }) }));
}

/** Of "host", "host:port" or the whole address of the device's service. */
function addressOf(typed: string): URL {
  const url = URL.parse(/^https?:\/\//i.test(typed) ? typed : `http://${typed}`);
  if (url !== null && url.hostname !== '') return url;
  throw new FaultError('invalid-value', `"${typed}" is no host or host:port`, {
    about: { field: 'onvif' },
    cure: 'Write the address of the device, like 10.0.0.7 or 10.0.0.7:8000.',
  });
}

const given = (device: unknown) => (device ?? {}) as object;
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

type Channel = { camera: FoundCamera; index: number; count: number };

/** What the row says wins over what the device says. */
function channelFields(row: Record<string, unknown>, { camera, index, count }: Channel): Record<string, unknown> {
  const { channelName, device, url, watchUrl } = camera;
  const base = text(row.name) ?? `${device.model ?? 'camera'} ${device.host}`;
  return {
    ...row,
    name: count === 1 ? base : `${base} ${channelName || index + 1}`,
    ...(typeof row.id !== 'string' || count === 1 ? {} : { id: `${row.id}-${index + 1}` }),
    url,
    ...(watchUrl === undefined ? {} : { watchUrl }),
    device: { ...device, ...given(row.device) },
  };
}
