/** Rows that name only an ONVIF device: each is asked, a few at a time, and becomes one row for each of its channels. */
import type { ImportRow, RowOutcome } from '#models/schema/camera-import.ts';
import { FaultError } from '#models/schema/fault.ts';
import { askDevice, type DeviceReport, readDeviceAddress } from './ask-device.ts';

type Options = {
  say: (text: string) => void;
  refuse: (row: number, fields: Record<string, unknown>, error: FaultError) => RowOutcome;
};

type Asked = { rows: ImportRow[]; refused: RowOutcome[] };

/** Most devices are slow rather than busy; more at once would look like an attack on the cameras' network. */
const DEVICES_AT_ONCE = 4;

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
  const address = readDeviceAddress(String(onvif));
  const key = `${address.host}:${address.port ?? 80}`;
  const other = seen.get(key);
  if (other !== undefined) {
    throw new FaultError('already-exists', `row ${other} names the device ${key} too`, {
      about: { field: 'onvif' },
      cure: 'Keep one of the rows: it registers every channel.',
    });
  }
  seen.set(key, row);
  if (rest.url !== undefined)
    return [{ row, fields: { ...rest, device: { ...address, scheme: 'onvif', ...given(rest.device) } } }];
  const login = { ...text('user', rest.user), ...text('password', rest.password) };
  const report = await askDevice(address, login);
  return report.channels.map((_, index) => ({ row, fields: channelFields(rest, { report, index }) }));
}

const given = (device: unknown) => (device ?? {}) as object;

const text = <Name extends string>(name: Name, value: unknown) =>
  (typeof value === 'string' ? { [name]: value } : {}) as { [Key in Name]?: string };

/** What the row says wins over what the device says. */
function channelFields(
  row: Record<string, unknown>,
  { report, index }: { report: DeviceReport; index: number },
): Record<string, unknown> {
  const { device, channels } = report;
  const channel = channels[index]!;
  const isOne = channels.length === 1;
  const base = typeof row.name === 'string' ? row.name : report.name || `${device.model ?? 'camera'} ${device.host}`;
  const name = isOne ? base : `${base} ${channel.name || index + 1}`;
  return {
    ...row,
    name,
    ...(typeof row.id !== 'string' || isOne ? {} : { id: `${row.id}-${index + 1}` }),
    url: channel.url,
    ...(channel.watchUrl === undefined || channel.watchUrl === channel.url ? {} : { watchUrl: channel.watchUrl }),
    device: {
      ...device,
      profile: channel.profile,
      ...(channel.channel === undefined ? {} : { channel: channel.channel }),
      ...given(row.device),
    },
  };
}
