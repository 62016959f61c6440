/** Where the makes of cameras have their streams, for devices that do not speak ONVIF; tried in this order, a few. */

export type KnownPath = { make: string; path: string };

/** `{channel}` counts from 1. Facts of the makers' own manuals and of public collections of such paths. */
export const KNOWN_PATHS: readonly KnownPath[] = [
  { make: 'Hikvision', path: '/Streaming/Channels/{channel}01' },
  { make: 'Dahua', path: '/cam/realmonitor?channel={channel}&subtype=0' },
  { make: 'Uniview', path: '/media/video{channel}' },
  { make: 'Axis', path: '/axis-media/media.amp' },
  { make: 'TP-Link', path: '/stream{channel}' },
  { make: 'Reolink', path: '/h264Preview_0{channel}_main' },
  { make: 'Hanwha', path: '/profile{channel}/media.smp' },
  { make: 'Bosch', path: '/rtsp_tunnel' },
  { make: 'Vivotek', path: '/live.sdp' },
  { make: 'Panasonic', path: '/MediaInput/h264/stream_{channel}' },
  { make: 'Foscam', path: '/videoMain' },
  { make: 'Tiandy', path: '/{channel}/1' },
  { make: 'several', path: '/live/ch0{channel}_0' },
  { make: 'several', path: '/live' },
  { make: 'several', path: '/11' },
  { make: 'several', path: '/' },
];

export const knownPaths = (channel = 1): KnownPath[] =>
  KNOWN_PATHS.map(({ make, path }) => ({ make, path: path.replaceAll('{channel}', String(channel)) }));
