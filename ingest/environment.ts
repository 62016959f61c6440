/** What must be set before a worker's process starts, because libuv reads it once. */
import type { Config } from '#system/config.ts';

/** Each camera may hold two threads of libuv's pool while it waits for its packets; eight serve all else. */
export function threadsFor(cameras: number): number {
  return Math.min(1024, cameras * 2 + 8);
}

export function ingestEnvironment(config: Pick<Config, 'workerCameras'>): { UV_THREADPOOL_SIZE: string } {
  return { UV_THREADPOOL_SIZE: String(threadsFor(config.workerCameras)) };
}
