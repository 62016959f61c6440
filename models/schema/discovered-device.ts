/** What a search for devices is asked, and what it finds: boxes that answer on the network, before anybody has logged in. */
import Type, { type Static } from 'typebox';
import { Id, TimeMs } from './id.ts';

export const DEVICE_KINDS = ['camera', 'recorder', 'display', 'analytics', 'access', 'ptz', 'audio', 'other'] as const;

const text = (description: string) => Type.Optional(Type.String({ description }));

/** One box, merged over its answers, interfaces and addresses. Everything but `addresses` is what it says of itself. */
export const DiscoveredDevice = Type.Object({
  key: Type.String({ description: 'Stays the same: its endpoint reference, or host:port where it names none' }),
  host: Type.String({ description: 'The address that answered first' }),
  port: Type.Integer({ minimum: 1, maximum: 65535, description: 'Of its device service' }),
  addresses: Type.Array(Type.String(), { description: 'Every address that answered as this device' }),
  services: Type.Array(Type.String(), { description: 'Device services at the addresses that answered' }),
  saysItIsAt: Type.Array(Type.String(), { description: 'Services it names elsewhere; nothing is asked there' }),
  isOnvif: Type.Boolean({ description: 'false: a printer, a computer or whatever else answers such questions' }),
  kinds: Type.Array(Type.Enum(DEVICE_KINDS), { description: 'What it is, by its types and scopes' }),
  profiles: Type.Array(Type.String(), { description: 'ONVIF profiles it claims: Streaming, T, G …' }),
  manufacturer: text('Manufacturer, where a scope or the name says it'),
  model: text('The scope hardware'),
  name: text('The scope name'),
  location: text('The scope location'),
  mac: text('From a scope or this machine’s table of neighbours'),
  serial: text('From a scope'),
  channels: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { description: 'Known after a login only' }),
  answeredTo: Type.Array(Type.String(), { description: 'transmitter, device, any, hello, knock' }),
  doubts: Type.Array(Type.String(), { description: 'What does not fit together, one sentence each' }),
  firstSeenAtMs: TimeMs,
  seenAtMs: TimeMs,
});
export type DiscoveredDevice = Static<typeof DiscoveredDevice>;

export const DiscoveryTally = Type.Object({
  devices: Type.Integer(),
  asked: Type.Integer({ description: 'Packets sent' }),
  answers: Type.Integer({ description: 'Answers read' }),
  unreadable: Type.Integer({ description: 'Answers that were too long or said nothing of a device' }),
  repliesRefused: Type.Integer({ description: 'Answers beyond what one host, or all, may send' }),
});
export type DiscoveryTally = Static<typeof DiscoveryTally>;

/** What comes out of a search. A device comes again whenever more is known of it, or when it is back. */
export type DiscoveryNews =
  | { type: 'device'; device: DiscoveredDevice }
  | { type: 'gone'; key: string; host: string; why: 'bye' | 'silent' }
  | { type: 'end'; tally: DiscoveryTally };

/** One line of the API's answer; the last one is the end. */
export const DiscoveryLine = Type.Union([
  Type.Object({
    ...DiscoveredDevice.properties,
    says: Type.Optional(Type.String({ description: 'Where it says that it is, where that is elsewhere' })),
    cameras: Type.Array(Id, { description: 'Its registered cameras, as far as the asker may see them' }),
  }),
  Type.Object({ end: Type.Literal(true), ...DiscoveryTally.properties }),
  Type.Object({ end: Type.Literal(true), code: Type.String(), message: Type.String(), cure: Type.String() }),
]);
export type DiscoveryLine = Static<typeof DiscoveryLine>;

export const LISTEN_S_MAX = 60;

export const DiscoveryInput = Type.Object(
  {
    hosts: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
        maxItems: 1000,
        description: 'Asked one by one; with hosts or ranges nobody is asked by multicast',
      }),
    ),
    ranges: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), { maxItems: 64, description: 'IPv4, such as 10.0.0.0/22' }),
    ),
    ports: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 65535 }), {
        maxItems: 8,
        description: 'HTTP ports at which a silent host is asked for its time',
      }),
    ),
    seconds: Type.Optional(
      Type.Number({ minimum: 0.5, maximum: LISTEN_S_MAX, description: 'Listens this long after the last question' }),
    ),
  },
  { additionalProperties: false },
);
export type DiscoveryInput = Static<typeof DiscoveryInput>;
