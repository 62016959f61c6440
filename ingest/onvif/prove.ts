/** The second half of a probe: each stream measured, a snapshot, what decoding costs, and the choice. */
import type { RtspSource } from '#models/schema/camera.ts';
import { FaultError, faultCodeOf } from '#models/schema/fault.ts';
import type { MediaProfile, ProbeStep, StreamMeasurement } from '#models/schema/probe.ts';
import { serviceUrls } from './addresses.ts';
import { chooseStreams } from './choose.ts';
import { type Measured, measureStream } from './measure.ts';
import { readSnapshotUri } from './media.ts';
import type { OnvifDevice } from './probe.ts';
import type { StepWriter } from './probe-steps.ts';
import type { Target } from './target.ts';

export type Proving = {
  target: Target;
  write: StepWriter;
  device: OnvifDevice | undefined;
  user: string | undefined;
  password: string | undefined;
  seconds: number;
  pictureWidthMax: number | undefined;
  isMasked: boolean;
  measured: { channel: string | undefined } | undefined;
  signal: AbortSignal;
};

/** Each holds a thread of libuv, of which a process has four unless told otherwise. */
const AT_ONCE = 2;
const STREAMS_MAX = 64;
/** A step goes through NATS, whose messages have 1 MiB at most; larger ones are made of the stream. */
/** 8K and a little. */
const PIXELS_MAX = 40_000_000;
const SNAPSHOT_BYTES_MAX = 600 * 1024;
/** Measured rates scatter by so much within some seconds. */
const FPS_TOLERANCE = 0.15;
const GOP_S_MAX = 5;

export async function* proveStreams(profiles: readonly MediaProfile[], proving: Proving): AsyncGenerator<ProbeStep> {
  const { write, signal } = proving;
  const measured = new Map<string, StreamMeasurement>();
  const failed = new Set<string>();
  const pictures = new Map<string, Buffer | undefined>();
  const wanted = toMeasure(profiles, proving.measured);
  for (let at = 0; at < wanted.length && !signal.aborted; at += AT_ONCE) {
    const batch = wanted.slice(at, at + AT_ONCE);
    const results = await Promise.allSettled(batch.map((profile) => measureProfile(profile, proving)));
    if (signal.aborted) return;
    for (const [index, result] of results.entries()) {
      const profile = batch[index];
      if (profile === undefined) continue;
      if (result.status === 'rejected') {
        failed.add(profile.token);
        yield { ...write.wrong('stream', result.reason), channel: profile.channel };
        continue;
      }
      measured.set(profile.token, result.value.stream);
      if (!pictures.has(profile.channel)) pictures.set(profile.channel, result.value.jpeg);
      yield streamStep(profile, result.value.stream, write);
    }
    if (results.some(isLoginRefused)) break;
  }
  if (measured.size === 0) return;
  for (const [channel, picture] of pictures) yield await snapshotStep(channel, picture, proving);
  yield costStep([...measured.values()], write);
  const choices = chooseStreams(profiles, measured, failed);
  if (choices.length === 0) {
    yield write.wrong('choice', new FaultError('camera-codec', 'none of its streams is H.264 or H.265'));
    return;
  }
  const reasons =
    choices.length === 1 ? choices[0]?.reason : `${choices.length} channels; the first: ${choices[0]?.reason}`;
  yield write.step('choice', reasons ?? '', { choices });
}

/** No further login is risked. */
const isLoginRefused = (result: PromiseSettledResult<unknown>) =>
  result.status === 'rejected' && faultCodeOf(result.reason) === 'camera-unauthorised';

/** All streams of a camera; of a recorder the first channel's, and of the others the smallest, which is detected on. */
function toMeasure(profiles: readonly MediaProfile[], only: Proving['measured']): MediaProfile[] {
  const usable = profiles.filter(({ url, codec }) => url !== undefined && /^(h264|h265|)$/.test(codec));
  const groups = Map.groupBy(usable, ({ channel }) => channel);
  const one = groups.get(only?.channel ?? usable[0]?.channel ?? '') ?? [];
  const channels = only === undefined ? [...groups.values()] : [one];
  const size = ({ width, height }: MediaProfile) => width * height;
  const chosen = channels.flatMap((group, index) =>
    index === 0 ? group.slice(0, 4) : group.toSorted((a, b) => size(a) - size(b)).slice(0, 1),
  );
  return chosen.slice(0, STREAMS_MAX);
}

function measureProfile(profile: MediaProfile, { user, password, seconds, signal }: Proving): Promise<Measured> {
  const login = user === undefined ? {} : { user };
  const source: RtspSource = { kind: 'rtsp', url: profile.url ?? '', transport: 'tcp', ...login };
  return measureStream(source, { token: profile.token, password, seconds, signal });
}

function streamStep(profile: MediaProfile, stream: StreamMeasurement, write: StepWriter): ProbeStep {
  const lies: string[] = [];
  if (profile.codec !== '' && profile.codec !== stream.codec) lies.push(`it promises ${profile.codec}`);
  if (profile.width > 0 && (profile.width !== stream.width || profile.height !== stream.height)) {
    lies.push(`it promises ${profile.width}x${profile.height}`);
  }
  if (profile.fps > 0 && Math.abs(stream.fps - profile.fps) > profile.fps * FPS_TOLERANCE + 0.5) {
    lies.push(`it promises ${profile.fps} pictures a second`);
  }
  if (profile.gop > 0 && stream.gop > 0 && Math.abs(stream.gop - profile.gop) > profile.gop * 0.2 + 1) {
    lies.push(`it promises a keyframe every ${profile.gop} pictures`);
  }
  const gopS = stream.fps > 0 ? stream.gop / stream.fps : 0;
  if (gopS > GOP_S_MAX) lies.push(`keyframes are ${gopS.toFixed(1)} s apart: a start and a look take that long`);
  const gop =
    stream.gop === 0 ? `no second keyframe in ${stream.seconds} s` : `a keyframe every ${stream.gop} pictures`;
  const measured = `${profile.name}: ${stream.codec} ${stream.width}x${stream.height}, ${stream.fps} pictures a second, ${gop}, ${stream.bitrateKbps} kbit/s, first picture after ${stream.firstPictureMs} ms`;
  const message = lies.length === 0 ? measured : `${measured}; but ${lies.join(', ')}`;
  return write.step('stream', message, {
    stream,
    channel: profile.channel,
    verdict: lies.length === 0 ? 'good' : 'warning',
  });
}

async function snapshotStep(channel: string, decoded: Buffer | undefined, proving: Proving): Promise<ProbeStep> {
  const { write, isMasked } = proving;
  if (isMasked)
    return write.step('snapshot', 'kept back: a camera of this device has privacy masks', {
      verdict: 'warning',
      channel,
    });
  const own = await deviceSnapshot(channel, proving).catch(() => undefined);
  const whole = own ?? decoded;
  const jpeg = whole === undefined ? undefined : await shrunk(whole, proving.pictureWidthMax);
  if (jpeg === undefined) return write.step('snapshot', 'no picture could be made', { verdict: 'warning', channel });
  const from = own === undefined ? 'out of the stream; the device gives none' : 'from the device';
  const picture = { channel, jpegBase64: jpeg.toString('base64') };
  return write.step('snapshot', `${jpeg.length} bytes of JPEG, ${from}`, picture);
}

/** Undefined where the device sent what is no picture. */
async function shrunk(jpeg: Buffer, widthMax: number | undefined): Promise<Buffer | undefined> {
  if (widthMax === undefined) return jpeg;
  const { default: sharp } = await import('sharp');
  const picture = sharp(jpeg, { failOn: 'none', limitInputPixels: PIXELS_MAX });
  const small = picture.resize({ width: widthMax, withoutEnlargement: true }).jpeg({ quality: 70 });
  return await small.toBuffer().catch(() => undefined);
}

/** Undefined where the device has none that can be had. */
async function deviceSnapshot(channel: string, { device, target }: Proving): Promise<Buffer | undefined> {
  const profile = device?.told.find((one) => one.channel === channel);
  if (device === undefined || profile === undefined) return undefined;
  const uri = await readSnapshotUri(device.services, profile);
  const url = uri === undefined ? undefined : serviceUrls(uri, target)[0];
  if (url === undefined) return undefined;
  const { status, bytes } = await device.client.get(url, { bytesMax: SNAPSHOT_BYTES_MAX });
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  return status === 200 && isJpeg ? bytes : undefined;
}

function costStep(streams: readonly StreamMeasurement[], write: StepWriter): ProbeStep {
  const each = streams.map(
    ({ width, height, codec, decodeMsPerS }) =>
      `${codec} ${width}x${height}: ${decodeMsPerS} ms CPU a second of video, ${Math.floor(1000 / Math.max(decodeMsPerS, 0.1))} such a core`,
  );
  return write.step('cost', `decoding everything here costs ${each.slice(0, 4).join('; ')}`);
}
