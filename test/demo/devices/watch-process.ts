/** A process that supervises cameras as an ingest worker does, only less patiently, and tells their states by IPC. */
import { logins } from '#ingest/camera/admission.ts';
import { superviseCamera } from '#ingest/camera/supervise.ts';
import type { CameraTimings } from '#ingest/camera/timings.ts';
import type { Camera, CameraState } from '#models/schema/camera.ts';
import { testLogger } from '#test/site/site.ts';

export type WatchOrder = { camera: Camera; password: string } | { stop: string };
export type WatchNews = { camera: string; state: CameraState };

const TIMINGS: Partial<CameraTimings> = {
  openMs: 2000,
  firstPacketMs: 1500,
  firstPictureMs: 3000,
  garbageMs: 700,
  silenceMs: 1500,
  retryBaseMs: 150,
  retryCapMs: 300,
  unauthorisedOnceMs: 150,
  unauthorisedBaseMs: 300,
  unauthorisedCapMs: 600,
  stableMs: 1000,
  tickMs: 50,
  tellEveryMs: 500,
};

if (import.meta.main) {
  logins.pace(200);
  const watched = new Map<string, AbortController>();
  process.once('disconnect', () => process.exit());
  process.on('message', (order: WatchOrder) => {
    if ('stop' in order) return watched.get(order.stop)?.abort();
    const { camera, password } = order;
    const stopping = new AbortController();
    watched.set(camera.id, stopping);
    void (async () => {
      const onState = (state: CameraState) => process.send?.({ camera: camera.id, state } satisfies WatchNews);
      const options = {
        signal: stopping.signal,
        logger: testLogger,
        worker: 'watch',
        password,
        onState,
        timings: TIMINGS,
      };
      for await (const sight of superviseCamera(camera, options)) {
        if (sight.type === 'frame') sight.frame[Symbol.dispose]();
      }
    })();
  });
}
