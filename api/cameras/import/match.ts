/** Which registered camera a row of an import speaks of: by its id, else by device and channel, else by its address. */
import type { Camera } from '#models/schema/camera.ts';
import type { CameraRow } from '#models/schema/camera-import.ts';
import { readRtspUrl } from '../source.ts';

/** `by` says in words what they were found by; more than one means that the row does not say which. */
export type Match = { by: string; cameras: readonly Camera[] };

export type Matcher = (row: CameraRow) => Match;

const ONVIF_PORT = 80;

/** Only of cameras that the one who asks may see. */
export function matchCameras(cameras: readonly Camera[]): Matcher {
  const byId = new Map(cameras.map((camera) => [camera.id, camera]));
  const byChannel = Map.groupBy(cameras, ({ device }) => channelKey(device));
  const byAddress = Map.groupBy(cameras, ({ source }) => (source.kind === 'rtsp' ? source.url : source.path));
  return (row) => {
    if (row.id !== undefined) return { by: `id ${row.id}`, cameras: known(byId.get(row.id)) };
    const channel = channelKey(row.device ?? undefined);
    if (channel !== undefined && byChannel.has(channel)) {
      return { by: `device and channel ${channel}`, cameras: byChannel.get(channel) ?? [] };
    }
    const address = row.url === undefined ? row.file : readRtspUrl(row.url).url;
    // The same address of another channel is another camera: some recorders tell channels apart by the login only.
    const found = (address === undefined ? [] : (byAddress.get(address) ?? [])).filter(
      ({ device }) => channel === undefined || channelKey(device) === undefined,
    );
    return { by: `address ${address}`, cameras: found };
  };
}

/** Where the camera of a row is to be found: by this a row without an id finds it again. */
export function placeOf({ device, url, file }: CameraRow): string | undefined {
  return channelKey(device ?? undefined) ?? (url === undefined ? file : readRtspUrl(url).url);
}

const known = (camera: Camera | undefined) => (camera === undefined ? [] : [camera]);

/** Without a channel a device may be a recorder: then it says too little. */
function channelKey(device: Partial<NonNullable<Camera['device']>> | undefined): string | undefined {
  if (device?.host === undefined || device.channel === undefined) return undefined;
  return `${device.host.toLowerCase()}:${device.port ?? ONVIF_PORT} ${device.channel}`;
}
