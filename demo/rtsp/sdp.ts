/** What DESCRIBE answers (RFC 4566): one video track with its parameter sets, one audio track, or nothing. */
import type { ClipFile } from './clip-file.ts';
import { nalType } from './nal-units.ts';

export const VIDEO_PAYLOAD_TYPE = 96;
/** PCMU has a number of its own (RFC 3551). */
export const AUDIO_PAYLOAD_TYPE = 0;
export const TRACK = 'trackID=0';

export type Offer = { type: 'video'; clip: ClipFile; promisedFps: number } | { type: 'audio' } | { type: 'nothing' };

export function describe(offer: Offer, { name, host }: { name: string; host: string }): string {
  const lines = [
    'v=0',
    `o=- 0 0 IN IP4 ${host}`,
    `s=${name}`,
    `c=IN IP4 0.0.0.0`,
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
  ];
  if (offer.type === 'video') lines.push(...videoLines(offer.clip, offer.promisedFps));
  if (offer.type === 'audio')
    lines.push(`m=audio 0 RTP/AVP ${AUDIO_PAYLOAD_TYPE}`, 'a=rtpmap:0 PCMU/8000', `a=control:${TRACK}`);
  return `${lines.join('\r\n')}\r\n`;
}

function videoLines(clip: ClipFile, fps: number): string[] {
  return [
    `m=video 0 RTP/AVP ${VIDEO_PAYLOAD_TYPE}`,
    `a=rtpmap:${VIDEO_PAYLOAD_TYPE} ${clip.codec === 'h264' ? 'H264' : 'H265'}/90000`,
    `a=fmtp:${VIDEO_PAYLOAD_TYPE} ${clip.codec === 'h264' ? h264Parameters(clip) : h265Parameters(clip)}`,
    `a=framerate:${Number(fps.toFixed(3))}`,
    `a=framesize:${VIDEO_PAYLOAD_TYPE} ${clip.width}-${clip.height}`,
    `a=control:${TRACK}`,
  ];
}

function h264Parameters({ parameterSets }: ClipFile): string {
  const sps = parameterSets.find((unit) => nalType('h264', unit) === 7);
  const profile = sps === undefined ? '' : `;profile-level-id=${sps.toString('hex', 1, 4)}`;
  return `packetization-mode=1${profile};sprop-parameter-sets=${parameterSets.map(base64).join(',')}`;
}

function h265Parameters({ parameterSets }: ClipFile): string {
  const named = [
    ['sprop-vps', 32],
    ['sprop-sps', 33],
    ['sprop-pps', 34],
  ] as const;
  return named
    .map(
      ([name, type]) =>
        `${name}=${parameterSets
          .filter((unit) => nalType('h265', unit) === type)
          .map(base64)
          .join(',')}`,
    )
    .join(';');
}

function base64(unit: Buffer): string {
  return unit.toString('base64');
}
