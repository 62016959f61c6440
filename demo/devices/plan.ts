/** Which devices there are: names, streets, makes, logins, ports and clips, the same every time. */
import { createHash } from 'node:crypto';
import type { VideoCodec } from '#demo/rtsp/nal-units.ts';
import { MAKES, type Make } from './make.ts';

export type PlannedChannel = {
  number: number;
  name: string;
  /** The file it plays, before it is shrunk or coded anew. */
  file: string;
  codec: VideoCodec;
  startAtS: number;
};

export type PlannedDevice = {
  /** From 1, over all devices; people type it. */
  number: number;
  id: string;
  name: string;
  kind: 'camera' | 'recorder' | 'ptz';
  street: string;
  make: Make;
  uuid: string;
  user: string;
  password: string;
  /** 0: any free one. */
  onvifPort: number;
  rtspPort: number;
  /** Otherwise any free port will do where this one is taken. */
  isPortFirm: boolean;
  channels: readonly PlannedChannel[];
};

export type PlanOptions = {
  count: number;
  recorders: number;
  ptz: number;
  codecs: readonly VideoCodec[];
  /** Taken in turn. */
  files: readonly string[];
  makes: readonly Make[];
  /** 0: any free ones; else each device has the port of its number after it. */
  onvifPort: number;
  rtspPort: number;
};

const STREETS = [
  'Willow Lane 柳巷',
  'Mill Street 磨坊街',
  'Harbour Road 港湾路',
  'Station Square 站前广场',
  'Orchard Way 果园路',
];
const PER_STREET = 6;
const RECORDER_CHANNELS = 8;
const START_STEP_S = 7;

const at = <Item>(items: readonly Item[], index: number): Item => {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
};

/** A name-based UUID (RFC 9562, version 8), so that a device is the same one after a restart. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`sharp-eyes virtual device ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const passwordOf = (number: number) => `pass:${number}/@lane#%`;

export function planDevices(options: PlanOptions): PlannedDevice[] {
  const kinds = [
    ...Array.from({ length: options.count }, () => 'camera' as const),
    ...Array.from({ length: options.recorders }, () => 'recorder' as const),
    ...Array.from({ length: options.ptz }, () => 'ptz' as const),
  ];
  let channels = 0;
  return kinds.map((kind, index) => {
    const number = index + 1;
    const make: Make = kind === 'camera' ? at(options.makes, index) : at(MAKES, 0);
    const id = kind === 'camera' ? `camera-${number}` : `${kind}-${number}`;
    const first = channels;
    channels += kind === 'recorder' ? RECORDER_CHANNELS : 1;
    return {
      number,
      id,
      name: make.name?.(number) ?? `${kind} ${number}`,
      kind,
      street: at(STREETS, Math.floor(index / PER_STREET)),
      make,
      uuid: uuidOf(id),
      user: 'admin',
      password: passwordOf(number),
      onvifPort: options.onvifPort === 0 ? 0 : options.onvifPort + number,
      rtspPort: options.rtspPort === 0 ? 0 : options.rtspPort + number,
      isPortFirm: true,
      channels: Array.from({ length: channels - first }, (_, offset) => ({
        number: offset + 1,
        name: kind === 'recorder' ? `channel ${offset + 1}` : id,
        file: at(options.files, first + offset),
        codec: at(options.codecs, first + offset),
        startAtS: Math.floor((first + offset) / options.files.length) * START_STEP_S,
      })),
    };
  });
}

/** A scene's cameras as devices of a decent make, on the given ports and those after them where these are free. */
export function planScene(
  cameras: readonly { id: string; name: string; file: string; area: string }[],
  { rtspPort, onvifPort }: { rtspPort: number; onvifPort: number },
): PlannedDevice[] {
  const make: Make = at(MAKES, 0);
  return cameras.map(({ id, name, file, area }, index) => ({
    number: index + 1,
    id,
    name,
    kind: 'camera',
    street: area,
    make: { ...make, path: (_channel, isSub) => (isSub ? `${id}/sub` : id) },
    uuid: uuidOf(id),
    user: 'admin',
    password: passwordOf(index + 1),
    onvifPort: onvifPort + index,
    rtspPort: rtspPort + index,
    isPortFirm: false,
    channels: [{ number: 1, name: id, file, codec: 'h264', startAtS: 0 }],
  }));
}
