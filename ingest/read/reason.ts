/** From libav's error codes to the reason a person can act on. */
import { lookup } from 'node:dns/promises';
import { constants } from 'node:os';
import {
  AVERROR_EOF,
  AVERROR_HTTP_BAD_REQUEST,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_OTHER_4XX,
  AVERROR_HTTP_UNAUTHORIZED,
  AVERROR_INVALIDDATA,
  AVERROR_STREAM_NOT_FOUND,
} from 'node-av/constants';
import { FFmpegError } from 'node-av/lib';
import { describeRtsp } from '#ingest/onvif/rtsp-ask.ts';
import type { Challenge } from '#ingest/onvif/sign.ts';
import { resolveTarget } from '#ingest/onvif/target.ts';
import type { CameraSource } from '#models/schema/camera.ts';
import { type FaultCode, FaultError } from '#models/schema/fault.ts';
import { hostOf, withoutCredentials } from './rtsp-url.ts';

const { errno } = constants;

/** RTSP statuses come as AVERROR_HTTP_…, the network's errors as negative errno. Measured with libavformat 62. */
const REASONS = new Map<number, FaultCode>([
  [AVERROR_HTTP_UNAUTHORIZED, 'camera-unauthorised'],
  [AVERROR_HTTP_FORBIDDEN, 'camera-unauthorised'],
  [AVERROR_HTTP_NOT_FOUND, 'camera-not-found'],
  [AVERROR_HTTP_BAD_REQUEST, 'camera-not-found'],
  [AVERROR_STREAM_NOT_FOUND, 'camera-no-video'],
  [-errno.ECONNREFUSED, 'camera-refused'],
  [-errno.EHOSTUNREACH, 'camera-unreachable'],
  [-errno.ENETUNREACH, 'camera-unreachable'],
  [-errno.EADDRNOTAVAIL, 'camera-unreachable'],
  [-errno.ETIMEDOUT, 'camera-timed-out'],
  [-errno.EAGAIN, 'camera-timed-out'],
  [-errno.ECONNRESET, 'camera-ended'],
  [-errno.EPIPE, 'camera-ended'],
  [AVERROR_EOF, 'camera-ended'],
]);

export function nameOfSource(source: CameraSource): string {
  return source.kind === 'rtsp' ? withoutCredentials(source.url) : source.path;
}

/** Why a source could not be opened; `isLate` when its time was over, which libav does not always say. */
export async function openFault(source: CameraSource, code: number, isLate: boolean): Promise<FaultError> {
  const name = nameOfSource(source);
  const said = FFmpegError.strerror(code);
  if (source.kind === 'file') {
    return new FaultError('file-unreadable', `${name} cannot be read as video: ${said}`, { about: { path: name } });
  }
  const about = { url: name, libav: code };
  if (isLate) return new FaultError('camera-timed-out', `${name} did not answer in time: ${said}`, { about });
  const reason = REASONS.get(code);
  if (code === AVERROR_HTTP_UNAUTHORIZED && (await wantsOtherDigest(source.url))) {
    return new FaultError('camera-needs-sha-256', `${name} takes no digest by MD5, the only one that libav signs`, {
      about,
    });
  }
  if (reason !== undefined) return new FaultError(reason, `${name} could not be opened: ${said}`, { about });
  if (code === AVERROR_INVALIDDATA) {
    return new FaultError('camera-refused', `${name} closed the connection, or answered what is no RTSP`, { about });
  }
  if (code === AVERROR_HTTP_OTHER_4XX) {
    const cure = `See that it offers ${source.transport.toUpperCase()}; try the other transport.`;
    return new FaultError('camera-refused', `${name} refused to set up or play the stream: ${said}`, { about, cure });
  }
  // libav says "Input/output error" for a name that does not resolve.
  const host = hostOf(source.url);
  const isKnown = await lookup(host).then(
    () => true,
    () => false,
  );
  const why = isKnown ? `could not be opened: ${said}` : `cannot be reached: the name "${host}" does not resolve`;
  return new FaultError(isKnown ? 'camera-refused' : 'camera-unreachable', `${name} ${why}`, { about });
}

/** libav says of a digest that it cannot sign the same as of a wrong password: the camera is asked, unsigned. */
async function wantsOtherDigest(url: string): Promise<boolean> {
  try {
    const target = await resolveTarget({ host: hostOf(url) });
    const { challenges } = await describeRtsp(target, withoutCredentials(url));
    const isKnown = ({ scheme, fields }: Challenge) =>
      scheme === 'basic' || (scheme === 'digest' && /^MD5$/i.test(fields.get('algorithm') ?? 'MD5'));
    return challenges.length > 0 && !challenges.some(isKnown);
  } catch {
    return false;
  }
}

/** Why reading stopped; a live stream never ends by itself, whatever libav says. */
export function readFault(source: CameraSource, code: number): FaultError {
  const name = nameOfSource(source);
  const said = FFmpegError.strerror(code);
  if (source.kind === 'file') {
    return new FaultError('file-unreadable', `${name} cannot be read further: ${said}`, { about: { path: name } });
  }
  const reason = REASONS.get(code) ?? 'camera-ended';
  return new FaultError(reason, `${name} stopped: ${said}`, { about: { url: name, libav: code } });
}
