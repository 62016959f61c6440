/** Which cameras' devices are listened to: those of this worker that are registered with an ONVIF device. */
import type { Camera } from '#models/schema/camera.ts';
import type { WatchedCamera } from './watch-events.ts';

export type WatchedOptions = {
  held: () => Iterable<string>;
  cameraOf: (id: string) => Camera | undefined;
  passwordOf: (camera: Camera) => string | undefined;
};

export function* watchedCameras({ held, cameraOf, passwordOf }: WatchedOptions): Generator<WatchedCamera> {
  for (const id of held()) {
    const camera = cameraOf(id);
    if (camera?.isEnabled !== true || camera.device?.scheme !== 'onvif' || camera.source.kind !== 'rtsp') continue;
    const { user, sealedPassword } = camera.source;
    yield { id, device: camera.device, user, sealedPassword, password: () => passwordOf(camera) };
  }
}
