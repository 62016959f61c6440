/** From libav's error codes to the reason a person can act on. */
import { lookup } from 'node:dns/promises';
import { constants } from 'node:os';
import {
  AVERROR_EOF,
  AVERROR_HTTP_BAD_REQUEST,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_UNAUTHORIZED,
  AVERROR_STREAM_NOT_FOUND,
} from 'node-av/constants';
import { FFmpegError } from 'node-av/lib';
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

/** Why a source could not be opened. */
export async function openFault(source: CameraSource, code: number): Promise<FaultError> {
  const name = nameOfSource(source);
  const said = FFmpegError.strerror(code);
  if (source.kind === 'file') {
    return new FaultError('file-unreadable', `${name} cannot be read as video: ${said}`, { about: { path: name } });
  }
  const reason = REASONS.get(code);
  const about = { url: name, libav: code };
  if (reason !== undefined) return new FaultError(reason, `${name} could not be opened: ${said}`, { about });
  // libav says "Input/output error" for a name that does not resolve.
  const isKnown = await lookup(hostOf(source.url)).then(
    () => true,
    () => false,
  );
  if (!isKnown) {
    return new FaultError('camera-unreachable', `the name "${hostOf(source.url)}" does not resolve`, { about });
  }
  return new FaultError('camera-garbage', `${name} answered what is no RTSP that FFmpeg reads: ${said}`, { about });
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
