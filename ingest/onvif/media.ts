/** The profiles of a device by Media2 or Media: what it promises of each stream, and where stream and snapshot are. */
import { FaultError, faultCodeOf } from '#models/schema/fault.ts';
import type { MediaProfile } from '#models/schema/probe.ts';
import type { DeviceServices } from './device-services.ts';
import { element, SoapFault } from './soap.ts';
import { find, findAll, numberAt, textAt, type XmlElement } from './xml.ts';

export type MediaVersion = 'media' | 'media2';

export type ToldProfile = Omit<MediaProfile, 'url'> & { version: MediaVersion };

const PROFILES_MAX = 512;
const WITH_VIDEO = '<Type>VideoSource</Type><Type>VideoEncoder</Type>';

/**
 * Media2 first, which alone knows H.265; what it does not tell, or breaks off in, is asked of Media, then of Media2 one
 * by one. Throws FaultError `camera-no-video`, those of the login, and the first that went wrong.
 */
export async function readProfiles(services: DeviceServices): Promise<ToldProfile[]> {
  const ways = [
    { version: 'media2', read: () => readAll(services, 'media2') },
    { version: 'media', read: () => readAll(services, 'media') },
    { version: 'media2', read: () => readOneByOne(services) },
  ] as const;
  let wrong: unknown;
  let best: ToldProfile[] = [];
  for (const { version, read } of ways) {
    if (!services.has(version)) continue;
    try {
      const found = await read();
      if (found.some(({ width }) => width > 0)) return found;
      if (best.length === 0) best = found;
    } catch (error) {
      if (!isTolerable(error)) throw error;
      wrong ??= error;
    }
  }
  if (best.length > 0) return best;
  throw wrong ?? new FaultError('camera-no-video', 'the device has no media profile with video');
}

const isTolerable = (error: unknown) => error instanceof SoapFault || faultCodeOf(error) === 'camera-answer-broken';

async function readAll(services: DeviceServices, version: MediaVersion): Promise<ToldProfile[]> {
  const answer = await services.call(version, 'GetProfiles', { body: version === 'media2' ? WITH_VIDEO : '' });
  return findAll(answer, 'Profiles')
    .slice(0, PROFILES_MAX)
    .flatMap((profile) => readProfile(profile, version));
}

/** A device that cuts long answers tells the list without configurations, and each profile by itself. */
async function readOneByOne(services: DeviceServices): Promise<ToldProfile[]> {
  const list = await services.call('media2', 'GetProfiles');
  const found: ToldProfile[] = [];
  for (const { attributes } of findAll(list, 'Profiles').slice(0, PROFILES_MAX)) {
    const body = `${element('Token', attributes.token ?? '')}${WITH_VIDEO}`;
    const answer = await services.call('media2', 'GetProfiles', { body });
    found.push(...findAll(answer, 'Profiles').flatMap((profile) => readProfile(profile, 'media2')));
  }
  return found;
}

function readProfile(profile: XmlElement, version: MediaVersion): ToldProfile[] {
  const { token } = profile.attributes;
  if (token === undefined || token === '') return [];
  const configurations = find(profile, 'Configurations');
  const source = version === 'media2' ? find(configurations, 'VideoSource') : find(profile, 'VideoSourceConfiguration');
  const encoder =
    version === 'media2' ? find(configurations, 'VideoEncoder') : find(profile, 'VideoEncoderConfiguration');
  const whole = (value: number | undefined) => Math.max(0, Math.min(1_000_000, Math.round(value ?? 0)));
  const gop =
    Number(encoder?.attributes.GovLength ?? Number.NaN) ||
    numberAt(encoder, 'H264', 'GovLength') ||
    numberAt(encoder, 'MPEG4', 'GovLength');
  return [
    {
      token,
      version,
      name: (textAt(profile, 'Name') ?? token).slice(0, 200),
      channel: (textAt(source, 'SourceToken') ?? '').slice(0, 200),
      codec: codecOf(textAt(encoder, 'Encoding') ?? ''),
      width: whole(numberAt(encoder, 'Resolution', 'Width')),
      height: whole(numberAt(encoder, 'Resolution', 'Height')),
      fps: Math.max(0, numberAt(encoder, 'RateControl', 'FrameRateLimit') ?? 0),
      gop: whole(gop || 0),
      bitrateKbps: whole(numberAt(encoder, 'RateControl', 'BitrateLimit')),
    },
  ];
}

/** "H264", "H.265", "hevc", "video/H264" → as libav names it. */
function codecOf(encoding: string): string {
  const plain = encoding
    .toLowerCase()
    .replace(/^video\//, '')
    .replaceAll(/[^a-z0-9]/g, '');
  return { avc: 'h264', hevc: 'h265', mjpeg: 'jpeg' }[plain] ?? plain.slice(0, 20);
}

/** As the device writes it: data, to be cleaned by addresses.ts. */
export async function readStreamUri(services: DeviceServices, profile: ToldProfile): Promise<string> {
  const { version, token } = profile;
  const setup =
    '<StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport></StreamSetup>';
  const body = `${version === 'media2' ? element('Protocol', 'RTSP') : setup}${element('ProfileToken', token)}`;
  const answer = await services.call(version, 'GetStreamUri', { body });
  const uri = version === 'media2' ? textAt(answer, 'Uri') : textAt(answer, 'MediaUri', 'Uri');
  if (uri === undefined) throw new FaultError('camera-answer-broken', `profile ${token} has no stream address`);
  return uri;
}

/** Undefined where the device has no snapshots. */
export async function readSnapshotUri(services: DeviceServices, profile: ToldProfile): Promise<string | undefined> {
  const { version, token } = profile;
  const answer = await services.call(version, 'GetSnapshotUri', { body: element('ProfileToken', token) });
  return version === 'media2' ? textAt(answer, 'Uri') : textAt(answer, 'MediaUri', 'Uri');
}
