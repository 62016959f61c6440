/** Asks an ONVIF device who it is and which streams it offers; through the `onvif` library, nothing is changed on it. */
import { Cam } from 'onvif/promises/index.js';
import { FaultError } from '#models/schema/fault.ts';

export type OnvifStream = {
  token: string;
  name: string;
  codec: string;
  width: number;
  height: number;
  fps: number;
  url: string;
};

export type OnvifReport = {
  manufacturer: string;
  model: string;
  firmware: string;
  /** How far the device's clock is ahead of ours, seconds. */
  clockOffsetS: number;
  /** Largest picture first. */
  streams: OnvifStream[];
};

type Options = { host: string; port?: number; user?: string; password?: string; timeoutMs?: number };

type Profile = {
  $?: { token?: string };
  name?: unknown;
  videoEncoderConfiguration?: {
    encoding?: string;
    resolution?: { width?: number; height?: number };
    rateControl?: { frameRateLimit?: number };
  };
};

/**
 * The library reads the device's clock first and signs with it, so a wrong clock does not look like a wrong password.
 * Addresses inside answers are replaced by the one that answered (devices behind a translator name inner ones).
 * Throws FaultError camera-refused, camera-unreachable, camera-timed-out, camera-unauthorised or camera-no-video.
 */
export async function probeOnvif(options: Options): Promise<OnvifReport> {
  const device = new Cam({
    hostname: options.host,
    port: options.port ?? 80,
    ...(options.user === undefined ? {} : { username: options.user, password: options.password ?? '' }),
    timeout: options.timeoutMs ?? 8000,
    autoconnect: false,
    preserveAddress: true,
  });
  try {
    const clock = (await device.getSystemDateAndTime()) as unknown as Date;
    const clockOffsetS = Math.round((clock.getTime() - Date.now()) / 1000);
    await device.connect();
    const information = await device.getDeviceInformation();
    const profiles = (await device.getProfiles()) as unknown as Profile[];
    const streams: OnvifStream[] = [];
    for (const profile of profiles) streams.push(await readStream(device, profile, options.host));
    if (streams.length === 0)
      throw new FaultError('camera-no-video', `the device at ${options.host} has no media profile`);
    streams.sort((a, b) => b.width * b.height - a.width * a.height);
    return {
      manufacturer: String(information.manufacturer ?? ''),
      model: String(information.model ?? ''),
      firmware: String(information.firmwareVersion ?? ''),
      clockOffsetS,
      streams,
    };
  } catch (error) {
    throw asFault(error as Error & { code?: string }, options.host);
  }
}

/** The library's types leave out the argument that its promised form takes. */
function streamUriOf(device: Cam, profileToken: string): Promise<unknown> {
  const ask = device.getStreamUri as unknown as (options: {
    protocol: 'RTSP';
    profileToken: string;
  }) => Promise<unknown>;
  return ask({ protocol: 'RTSP', profileToken });
}

async function readStream(device: Cam, profile: Profile, host: string): Promise<OnvifStream> {
  const token = profile.$?.token ?? '';
  const { uri } = (await streamUriOf(device, token)) as { uri: string };
  const url = new URL(uri);
  url.hostname = host;
  const encoder = profile.videoEncoderConfiguration;
  return {
    token,
    name: String(profile.name ?? token),
    codec: encoder?.encoding ?? '',
    width: Number(encoder?.resolution?.width ?? 0),
    height: Number(encoder?.resolution?.height ?? 0),
    fps: Number(encoder?.rateControl?.frameRateLimit ?? 0),
    url: url.href,
  };
}

function asFault(error: Error & { code?: string }, host: string): Error {
  if (error instanceof FaultError) return error;
  const say = (code: ConstructorParameters<typeof FaultError>[0], what: string) =>
    new FaultError(code, `${host}: ${what}`, { cause: error });
  if (error.code === 'ECONNREFUSED') return say('camera-refused', 'nothing listens on this port');
  if (error.code === 'ENOTFOUND' || error.code === 'EHOSTUNREACH') return say('camera-unreachable', error.message);
  if (/authori[sz]|401|Digest/i.test(error.message)) return say('camera-unauthorised', error.message);
  if (/timeout|timed out/i.test(error.message) || error.code === 'ETIMEDOUT')
    return say('camera-timed-out', error.message);
  return say('camera-refused', `it does not speak ONVIF: ${error.message}`);
}

/** The stream to detect on: the smallest that still shows a person well, 640 pixels wide; else the largest there is. */
export function chooseStream(streams: readonly OnvifStream[]): OnvifStream | undefined {
  const fitting = streams.filter((stream) => stream.width >= 640);
  return fitting.at(-1) ?? streams[0];
}
