/** What must be set before a worker's process starts, because libuv and libc read it once. */
import type { Config } from './config.ts';

/** Each camera may hold two threads of libuv's pool while it waits for its packets; eight serve all else. */
export function threadsFor(cameras: number): number {
  return Math.min(1024, cameras * 2 + 8);
}

/**
 * glibc gives up to eight arenas a core to threads that allocate, and each keeps its own high-water mark: with frames
 * passing between eighty threads the memory crept up for hours. Two arenas keep it where it is; others ignore the name.
 */
export function workerEnvironment({ workerCameras }: Pick<Config, 'workerCameras'>): Record<string, string> {
  return { UV_THREADPOOL_SIZE: String(threadsFor(workerCameras)), MALLOC_ARENA_MAX: '2' };
}
