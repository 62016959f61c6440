/** Invented makes of cameras, each with a habit that a real make has: what the field notes complain of, one by one. */
import type { Habits } from '#demo/onvif/habits.ts';
import type { Authentication } from '#demo/rtsp/authentication.ts';

export type Make = {
  id: string;
  manufacturer: string;
  model: string;
  /** What is different about it. */
  about: string;
  habits: Partial<Habits>;
  rtsp: Authentication;
  /** Of a stream, without a leading slash. */
  path: (channel: number, isSub: boolean) => string;
  serial: (number: number) => string;
  /** What somebody called it. */
  name?: (number: number) => string;
};

const serialOf = (prefix: string) => (number: number) =>
  `${prefix}${(71_003 + number * 7919).toString(36).toUpperCase()}`;
const digits = (number: number) => String(120_450 + number * 37).padStart(10, '0');
const level = (isSub: boolean) => (isSub ? 'sub' : 'main');

export const MAKES = [
  {
    id: 'plain',
    manufacturer: 'Halmar',
    model: 'HM-20',
    about: 'takes any signature, speaks Media and Media2',
    habits: {},
    rtsp: 'digest',
    path: (channel, isSub) => `stream/${channel}/${level(isSub)}`,
    serial: serialOf('HM'),
  },
  {
    id: 'password-text',
    manufacturer: 'Ostvik',
    model: 'O2 Bullet',
    about: 'takes the password as text only; RTSP with basic authentication',
    habits: { signatures: ['wsse-text'], probes: ['transmitter'] },
    rtsp: 'basic',
    path: (channel, isSub) => `live/ch${channel}_${isSub ? 1 : 0}`,
    serial: serialOf('OV'),
  },
  {
    id: 'digest-only',
    manufacturer: 'Quarnfeld',
    model: 'QF 4 Dome',
    about: 'takes HTTP digest only, on every call, the clock included',
    habits: { signatures: ['http-digest'], isClockLocked: true },
    rtsp: 'digest',
    path: (channel, isSub) => `media?channel=${channel}&stream=${isSub ? 2 : 1}`,
    serial: serialOf('QF'),
  },
  {
    id: 'wrong-clock',
    manufacturer: 'Tidewell',
    model: 'TW-110',
    about: 'its clock is 40 minutes fast, and signatures count by it',
    habits: { clockOffsetS: 2400, signatures: ['wsse-digest'], probes: ['device', 'any'] },
    rtsp: 'digest',
    path: (channel, isSub) => `h264/${channel}/${level(isSub)}/av_stream`,
    serial: serialOf('TW'),
  },
  {
    id: 'behind-nat',
    manufacturer: 'Brindlecam',
    model: 'B-7',
    about: 'names an inner host in its answers, as behind a translator of addresses',
    habits: { innerHost: '192.168.7.20' },
    rtsp: 'digest',
    path: (channel, isSub) => `${isSub ? 12 : 11}${channel > 1 ? `/${channel}` : ''}`,
    serial: serialOf('BR'),
  },
  {
    id: 'media2-only',
    manufacturer: 'Novatern',
    model: 'NT Profile T',
    about: 'speaks Media2 only',
    habits: { mediaVersions: [2], probes: ['device'] },
    rtsp: 'digest',
    path: (channel, isSub) => `profile${(channel - 1) * 2 + (isSub ? 2 : 1)}/media.smp`,
    serial: serialOf('NT'),
  },
  {
    id: 'truncates',
    manufacturer: 'Pennark',
    model: 'PK-1',
    about: 'cuts answers after 2,000 bytes: the list of profiles comes whole by Media2 without configurations only',
    habits: { answerBytesMax: 2000 },
    rtsp: 'digest',
    path: (channel, isSub) => `video${channel}${isSub ? '_sub' : ''}`,
    serial: serialOf('PK'),
  },
  {
    id: 'fault-200',
    manufacturer: 'Sorrelgate',
    model: 'SG 3',
    about: 'answers a fault with HTTP 200',
    habits: { faultStatus: 200, signatures: ['wsse-digest', 'wsse-text'] },
    rtsp: 'digest',
    path: (channel, isSub) => `ch${channel}/${isSub ? 1 : 0}/av`,
    serial: serialOf('SG'),
  },
  {
    id: 'numbers-and-names',
    manufacturer: '榆桥视讯',
    model: '枪机 200',
    about: 'serial numbers that look like numbers, Chinese names, scopes percent-encoded in GBK',
    habits: { scopeCharset: 'gbk' },
    rtsp: 'digest',
    path: (channel, isSub) => `cam/play?channel=${channel}&subtype=${isSub ? 1 : 0}`,
    serial: digits,
    name: (number) => `${number}号路口`,
  },
  {
    id: 'locks-out',
    manufacturer: 'Gantry & Lowe',
    model: 'GL Secure',
    about: 'locks out for 5 minutes after 5 bad logins, of ONVIF and RTSP together; every try starts it anew',
    habits: { lockOut: { triesMax: 5, lockS: 300 } },
    rtsp: 'digest',
    path: (channel, isSub) => `secure/${channel}/${level(isSub)}`,
    serial: serialOf('GL'),
  },
  {
    id: 'reboots',
    manufacturer: 'Wickham',
    model: 'W-Zero',
    about: 'starts again every hour, which takes 40 s',
    habits: { reboot: { everyS: 3600, takesS: 40 } },
    rtsp: 'digest',
    path: (channel, isSub) => `onvif${(channel - 1) * 2 + (isSub ? 2 : 1)}`,
    serial: serialOf('WZ'),
  },
  {
    id: 'sha-256',
    manufacturer: 'Ferrowatt',
    model: 'FW-S',
    about: 'digest with SHA-256 only, over HTTP and RTSP',
    habits: { signatures: ['http-digest'], algorithm: 'SHA-256' },
    rtsp: 'digest-sha-256',
    path: (channel, isSub) => `s/${channel}/${level(isSub)}`,
    serial: serialOf('FW'),
  },
  {
    id: 'needs-addressing',
    manufacturer: 'Vellan',
    model: 'V-Event',
    about: 'wants WS-Addressing on PullMessages and Renew, and has room for two subscriptions',
    habits: { needsAddressing: true, subscriptionsMax: 2 },
    rtsp: 'digest',
    path: (channel, isSub) => `vellan/${channel}${isSub ? 'b' : 'a'}`,
    serial: serialOf('VE'),
  },
] as const satisfies readonly Make[];

export type MakeId = (typeof MAKES)[number]['id'];

export const findMake = (id: string): (Make & { id: MakeId }) | undefined => MAKES.find((make) => make.id === id);

export function makeTableMarkdown(): string {
  const rows = MAKES.map(({ id, manufacturer, model, about }) => `| \`${id}\` | ${manufacturer} ${model} | ${about} |`);
  return ['| profile | invented make | what is different |', '| --- | --- | --- |', ...rows].join('\n');
}
