/** WS-Discovery for all devices of this process: answers probes by multicast and unicast, says hello and good-bye. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { Logger } from 'pino';
import type { Habits } from './habits.ts';
import { elementText, elementTexts } from './soap.ts';
import { type Markup, tag } from './xml.ts';

export const DISCOVERY_GROUP = '239.255.255.250';
export const DISCOVERY_PORT = 3702;

export type Discoverable = {
  uuid: string;
  /** Space-separated addresses of the device service. */
  xaddrs: string;
  scopes: readonly string[];
  probes: Habits['probes'];
  /** Without power, or while it starts again, nothing is answered. */
  isUp: () => boolean;
};

export type Discovery = AsyncDisposable & {
  port: number;
  hello(device: Discoverable): void;
  bye(device: Discoverable): void;
};

export type DiscoveryOptions = {
  devices: readonly Discoverable[];
  logger: Logger;
  /** Default: 3702. 0 takes a free one, for unicast. */
  port?: number;
  /** Where the devices are. Loopback: only who is on this machine gets an answer. */
  host: string;
};

const NAMESPACES =
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"';
const ACTIONS = 'http://schemas.xmlsoap.org/ws/2005/04/discovery/';
const TO_ALL = 'urn:schemas-xmlsoap-org:ws:2005:04:discovery';
const ANONYMOUS = 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous';

/** Answers are spread over this time, so that many devices behind one socket do not overrun who asked. */
const SPREAD_MS = 200;

export async function startDiscovery(options: DiscoveryOptions): Promise<Discovery> {
  const { devices, logger, host, port = DISCOVERY_PORT } = options;
  const isLocal = host.startsWith('127.');
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const timers = new Set<NodeJS.Timeout>();
  socket.bind(port);
  await once(socket, 'listening');
  socket.on('error', (error) => logger.warn({ err: error }, 'discovery failed'));
  joinGroup(socket, isLocal ? ['127.0.0.1', '0.0.0.0'] : [host], logger);
  if (host !== '0.0.0.0') socket.setMulticastInterface(host);

  socket.on('message', (message, from) => {
    const text = message.toString('utf8');
    const asked = readProbe(text);
    if (asked === undefined || (isLocal && !isOwnAddress(from.address))) return;
    const matching = devices.filter((device) => device.isUp() && isMeant(device, asked));
    matching.forEach((device, at) => {
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          socket.send(probeMatch(device, asked.messageId), from.port, from.address, ignoreLoss);
        },
        (SPREAD_MS * at) / matching.length,
      );
      timers.add(timer);
    });
    logger.debug({ from: addressOf(from), kind: asked.kind, answers: matching.length }, 'probe answered');
  });

  const tellAll = (text: string) => socket.send(text, DISCOVERY_PORT, DISCOVERY_GROUP, ignoreLoss);
  const discovery: Discovery = {
    port: socket.address().port,
    hello: (device) => tellAll(message('Hello', { to: TO_ALL, body: tag('d:Hello', description(device)) })),
    bye: (device) => tellAll(message('Bye', { to: TO_ALL, body: tag('d:Bye', [reference(device)]) })),
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      socket.close();
      await once(socket, 'close');
    },
  };
  for (const device of devices) discovery.hello(device);
  return discovery;
}

/** A machine without a route for multicast still answers unicast probes. */
function joinGroup(socket: Socket, interfaces: readonly string[], logger: Logger): void {
  for (const address of interfaces) {
    try {
      socket.addMembership(DISCOVERY_GROUP, address);
    } catch (error) {
      logger.warn({ interface: address, err: error }, 'multicast not joined');
    }
  }
}

function isOwnAddress(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return own.some((one) => one.address === address);
}

type Probe = { kind: Habits['probes'][number]; scopes: readonly string[]; messageId: string };

function readProbe(text: string): Probe | undefined {
  if (!/<(?:[\w.-]+:)?Probe[\s/>]/.test(text)) return undefined;
  const types = elementText(text, 'Types') ?? '';
  const kind = /NetworkVideoTransmitter/.test(types) ? 'transmitter' : /Device/.test(types) ? 'device' : 'any';
  const isOther = types.trim() !== '' && kind === 'any';
  if (isOther) return undefined;
  const scopes = elementTexts(text, 'Scopes').flatMap((list) => list.split(/\s+/).filter(Boolean));
  return { kind, scopes, messageId: elementText(text, 'MessageID') ?? '' };
}

function isMeant(device: Discoverable, { kind, scopes }: Probe): boolean {
  return device.probes.includes(kind) && scopes.every((wanted) => device.scopes.some((own) => own.startsWith(wanted)));
}

const reference = ({ uuid }: Discoverable) => tag('a:EndpointReference', [tag('a:Address', `urn:uuid:${uuid}`)]);

function description(device: Discoverable): Markup[] {
  return [
    reference(device),
    tag('d:Types', 'dn:NetworkVideoTransmitter tds:Device'),
    tag('d:Scopes', device.scopes.join(' ')),
    tag('d:XAddrs', device.xaddrs),
    tag('d:MetadataVersion', 1),
  ];
}

function probeMatch(device: Discoverable, relatesTo: string): string {
  const body = tag('d:ProbeMatches', [tag('d:ProbeMatch', description(device))]);
  return message('ProbeMatches', { to: ANONYMOUS, body, relatesTo });
}

function message(action: string, { to, body, relatesTo }: { to: string; body: Markup; relatesTo?: string }): string {
  const header = tag('s:Header', [
    tag('a:MessageID', `urn:uuid:${crypto.randomUUID()}`),
    relatesTo === undefined ? undefined : tag('a:RelatesTo', relatesTo),
    tag('a:To', to),
    tag('a:Action', `${ACTIONS}${action}`),
  ]);
  const content = `${header.markup}${tag('s:Body', body).markup}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope ${NAMESPACES}>${content}</s:Envelope>`;
}

const addressOf = ({ address, port }: RemoteInfo) => `${address}:${port}`;

/** UDP promises nothing. */
function ignoreLoss(): void {}
