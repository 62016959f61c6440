/** libav's names of the formats that a file camera may have: containers and raw streams, each a file that names no other. */

const CONTAINERS = [
  'mov,mp4,m4a,3gp,3g2,mj2',
  'matroska,webm',
  'avi',
  'mpegts',
  'mpeg',
  'flv',
  'live_flv',
  'asf',
  'mxf',
  'ogg',
  'nut',
  'ivf',
  'rm',
  'nsv',
  'wtv',
  'gxf',
  'dv',
  // The recorders of Dahua write it.
  'dhav',
];
const STREAMS = ['h264', 'hevc', 'vvc', 'obu', 'av1', 'mpegvideo', 'm4v', 'mjpeg', 'h261', 'h263', 'yuv4mpegpipe'];

/**
 * As libav's option `format_whitelist` takes it. Not in it, because they open what they name or show what is no camera:
 * hls, dash, concat, sdp, rtsp, image2 and the *_pipe formats, lavfi, subtitles, and every device.
 */
export const MEDIA_FORMATS = [...CONTAINERS, ...STREAMS].join(',');
