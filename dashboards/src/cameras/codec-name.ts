/** What a codec is called on cameras' boxes. */

const CODEC_NAMES: Record<string, string> = { h264: 'H.264', hevc: 'H.265', h265: 'H.265', mjpeg: 'MJPEG', av1: 'AV1' };

/** libav's name of a codec as cameras print it; empty where there is none. */
export const codecName = (codec: string | undefined): string =>
  codec === undefined ? '' : (CODEC_NAMES[codec.toLowerCase()] ?? codec);
