/** Which services a device has, and where: asked once, called at the address that answers, which is remembered. */
import { FaultError, faultCodeOf } from '#models/schema/fault.ts';
import type { DeviceInformation } from '#models/schema/probe.ts';
import { serviceUrls } from './addresses.ts';
import type { Call, OnvifClient } from './client.ts';
import { NAMESPACES, type ServiceName, SoapFault } from './soap.ts';
import { find, findAll, textAt, type XmlElement } from './xml.ts';

export type DeviceServices = {
  names: readonly ServiceName[];
  has(name: ServiceName): boolean;
  call(name: ServiceName, action: string, options?: Omit<Call, 'service' | 'action' | 'url'>): Promise<XmlElement>;
};

/** By GetServices, else by the older GetCapabilities. Throws FaultError, of the login among others. */
export async function readServices(client: OnvifClient): Promise<DeviceServices> {
  const places = await readPlaces(client);
  if (places.size === 0) throw new FaultError('camera-answer-broken', `${client.target.host} names no service`);
  return {
    names: [...places.keys()],
    has: (name) => places.has(name),
    async call(name, action, options) {
      const urls = places.get(name) ?? [];
      for (const [index, url] of urls.entries()) {
        try {
          const answer = await client.call({ ...options, service: name, action, url });
          places.set(name, [url]);
          return answer;
        } catch (error) {
          if (!isElsewhere(error) || index === urls.length - 1) throw error;
        }
      }
      throw new FaultError('camera-not-onvif', `${client.target.host} has no ${name} service`);
    },
  };
}

/** The address may be wrong: another one is worth a try. */
function isElsewhere(error: unknown): boolean {
  return /^camera-(refused|unreachable|timed-out|not-onvif)$/.test(faultCodeOf(error));
}

async function readPlaces(client: OnvifClient): Promise<Map<ServiceName, URL[]>> {
  try {
    const body = '<IncludeCapability>false</IncludeCapability>';
    const answer = await client.call({ service: 'device', action: 'GetServices', body, isOpen: true });
    const told = findAll(answer, 'Service').map((one) => [textAt(one, 'Namespace'), textAt(one, 'XAddr')] as const);
    const places = placesOf(client, told);
    if (places.size > 0) return places;
  } catch (error) {
    if (!(error instanceof SoapFault) && faultCodeOf(error) !== 'camera-answer-broken') throw error;
  }
  const body = '<Category>All</Category>';
  const answer = await client.call({ service: 'device', action: 'GetCapabilities', body, isOpen: true });
  const capabilities = find(answer, 'Capabilities');
  const at = (name: string) => textAt(capabilities, name, 'XAddr') ?? textAt(capabilities, 'Extension', name, 'XAddr');
  return placesOf(client, [
    [NAMESPACES.device, at('Device')],
    [NAMESPACES.media, at('Media')],
    [NAMESPACES.events, at('Events')],
    [NAMESPACES.imaging, at('Imaging')],
    [NAMESPACES.ptz, at('PTZ')],
  ]);
}

type Told = readonly (readonly [namespace: string | undefined, address: string | undefined])[];

function placesOf({ target }: OnvifClient, told: Told): Map<ServiceName, URL[]> {
  const places = new Map<ServiceName, URL[]>();
  for (const [name, namespace] of Object.entries(NAMESPACES) as [ServiceName, string][]) {
    const address = told.find(([one]) => one === namespace)?.[1];
    const urls = address === undefined ? [] : serviceUrls(address, target);
    if (urls.length > 0) places.set(name, urls);
  }
  return places;
}

/** Throws FaultError, of the login among others. */
export async function readInformation(client: OnvifClient): Promise<DeviceInformation> {
  const answer = await client.call({ service: 'device', action: 'GetDeviceInformation' });
  const told = (name: string) => (textAt(answer, name) ?? '').slice(0, 200);
  return {
    manufacturer: told('Manufacturer'),
    model: told('Model'),
    firmware: told('FirmwareVersion'),
    serial: told('SerialNumber'),
    hardware: told('HardwareId'),
  };
}

/** The first hardware address and the given name; a device that does not tell them is none the worse. */
export async function readMore(client: OnvifClient): Promise<Pick<DeviceInformation, 'mac' | 'name'>> {
  const ask = (action: string) => client.call({ service: 'device', action }).catch(() => undefined);
  const interfaces = findAll(await ask('GetNetworkInterfaces'), 'NetworkInterfaces');
  const mac = interfaces.map((one) => textAt(one, 'Info', 'HwAddress')).find((text) => text !== undefined);
  const scopes = findAll(await ask('GetScopes'), 'Scopes').map((scope) => textAt(scope, 'ScopeItem') ?? '');
  const name = scopes.map((scope) => /^onvif:\/\/www\.onvif\.org\/name\/(.+)$/.exec(scope)?.[1]).find(Boolean);
  return {
    ...(mac === undefined ? {} : { mac: mac.toLowerCase().replaceAll('-', ':').slice(0, 40) }),
    ...(name === undefined ? {} : { name: decodeScope(name).slice(0, 200) }),
  };
}

/** Percent-encoded UTF-8, or GBK as some Chinese makes do it. */
export function decodeScope(text: string): string {
  const bytes = [...text.matchAll(/%([\da-f]{2})|([^%]+|%)/gi)].flatMap(([, hex, plain = '']) =>
    hex === undefined ? [...Buffer.from(plain)] : [Number.parseInt(hex, 16)],
  );
  for (const charset of ['utf-8', 'gbk']) {
    try {
      return new TextDecoder(charset, { fatal: true }).decode(Uint8Array.from(bytes));
    } catch {
      // Not this one.
    }
  }
  return text;
}
