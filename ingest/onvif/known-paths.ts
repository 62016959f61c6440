/** Where the makes of cameras have their streams, for devices that do not speak ONVIF; tried in this order, a few. */

/** `sub` is asked for once the main one was found. */
export type KnownPath = { make: string; path: string; sub?: string };

/** Of the first channel. Facts out of the makers' manuals and public lists of such paths. */
export const KNOWN_PATHS: readonly KnownPath[] = [
  { make: 'Hikvision', path: '/Streaming/Channels/101', sub: '/Streaming/Channels/102' },
  {
    make: 'Dahua',
    path: '/cam/realmonitor?channel=1&subtype=0',
    sub: '/cam/realmonitor?channel=1&subtype=1',
  },
  { make: 'Uniview', path: '/media/video1', sub: '/media/video2' },
  { make: 'Axis', path: '/axis-media/media.amp' },
  { make: 'TP-Link', path: '/stream1', sub: '/stream2' },
  { make: 'Reolink', path: '/h264Preview_01_main', sub: '/h264Preview_01_sub' },
  { make: 'Hanwha', path: '/profile1/media.smp' },
  { make: 'Bosch', path: '/rtsp_tunnel' },
  { make: 'Vivotek', path: '/live.sdp' },
  { make: 'Panasonic', path: '/MediaInput/h264/stream_1', sub: '/MediaInput/h264/stream_2' },
  { make: 'Foscam', path: '/videoMain', sub: '/videoSub' },
  { make: 'Tiandy', path: '/1/1', sub: '/1/2' },
  { make: 'several', path: '/live/ch00_0', sub: '/live/ch00_1' },
  { make: 'several', path: '/live' },
  { make: 'several', path: '/11', sub: '/12' },
  { make: 'several', path: '/' },
];
