/** Asks an ONVIF device for who it is and for its channels, each with the stream to detect on. */
import type { Device } from '#models/schema/camera.ts';
import { FaultError } from '#models/schema/fault.ts';

export type DeviceChannel = {
  /** ONVIF video source; absent where the device has but one. */
  channel?: string;
  name: string;
  profile: string;
  url: string;
  watchUrl?: string;
};

export type DeviceReport = { device: Device; name: string; channels: DeviceChannel[] };

export type DeviceAddress = { host: string; port?: number };

/** Of "host", "host:port" or the whole address of the device's service. */
export function readDeviceAddress(typed: string): DeviceAddress {
  const url = URL.parse(/^https?:\/\//i.test(typed) ? typed : `http://${typed}`);
  if (url === null || url.hostname === '') {
    throw new FaultError('invalid-value', `"${typed}" is no host or host:port`, {
      about: { field: 'onvif' },
      cure: 'Write the address of the device, like 10.0.0.7 or 10.0.0.7:8000.',
    });
  }
  return { host: url.hostname, ...(url.port === '' ? {} : { port: Number(url.port) }) };
}

/** Throws the FaultError that says why the device cannot be registered. */
export async function askDevice(
  address: DeviceAddress,
  login: { user?: string; password?: string },
): Promise<DeviceReport> {
  const { probeOnvif, chooseStream } = await import('#ingest/main.ts');
  const { manufacturer, model, firmware, streams } = await probeOnvif({ ...address, ...login });
  const chosen = chooseStream(streams);
  if (chosen === undefined) throw new FaultError('camera-no-video', `${address.host} offers no stream`);
  return {
    device: { ...address, ...present({ manufacturer, model, firmware }), profile: chosen.token, scheme: 'onvif' },
    name: '',
    channels: [{ name: chosen.name, profile: chosen.token, url: chosen.url }],
  };
}

function present<Fields extends Record<string, string>>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')) as Partial<Fields>;
}
