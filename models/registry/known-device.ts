/** Which registered cameras belong to a device that was found: by its serial number, MAC, or address. */
import type { Camera } from '../schema/camera.ts';
import type { DiscoveredDevice } from '../schema/discovered-device.ts';

type Registered = Pick<Camera, 'id' | 'device'> & { source: { kind: string; url?: string } };

export type KnownDevices = {
  /** Ids of its cameras. `isAlone`: no other device was found at its address. */
  camerasOf: (device: DiscoveredDevice, isAlone: boolean) => string[];
};

export function knownDevices(cameras: readonly Registered[]): KnownDevices {
  return {
    camerasOf: (device, isAlone) => cameras.filter((camera) => isOf(device, camera, isAlone)).map(({ id }) => id),
  };
}

/** Without a device the stream's host says it, as long as only one device is there: behind a translator are many. */
function isOf(found: DiscoveredDevice, { device, source }: Registered, isAlone: boolean): boolean {
  const isAt = (host: string) => [found.host, ...found.addresses].some((own) => sameHost(own, host));
  if (device === undefined) return isAlone && source.url !== undefined && isAt(URL.parse(source.url)?.hostname ?? '');
  const { serial, mac, host, port } = device;
  if (serial !== undefined && serial === found.serial) return true;
  if (mac !== undefined && plain(mac) === plain(found.mac ?? '')) return true;
  return isAt(host) && (port === undefined ? isAlone || found.port === 80 : port === found.port);
}

const plain = (mac: string) => mac.toLowerCase().replace(/[^\da-f]/g, '');

const sameHost = (a: string, b: string) => bare(a) === bare(b);
const bare = (host: string) => host.toLowerCase().replace(/^\[|\]$/g, '');
