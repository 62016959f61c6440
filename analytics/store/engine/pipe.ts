/** The two ends of a named pipe that lie on our side; the engine opens the other, so bytes stream with backpressure. */
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { pause } from '#system/lifecycle.ts';

/** What the engine writes. It ends after `finishReading`, once everything that was written has been read. */
export function openReading(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

/** Ends the reading side even where the engine never opened the pipe: opening and closing it gives an end of file. */
export function finishReading(path: string): void {
  const fd = tryOpenWriting(path);
  // Without one, nobody reads any more: it has ended already.
  if (fd !== undefined) closeSync(fd);
}

/**
 * What the engine reads; it sees the end when this is closed. Waits until the engine has opened its side: rows written
 * and closed before that would be lost with the pipe. Gives undefined when `ended` comes first.
 */
export async function openWriting(path: string, ended: AbortSignal): Promise<Writable | undefined> {
  while (!ended.aborted) {
    const fd = tryOpenWriting(path);
    if (fd !== undefined) return new Socket({ fd, readable: false, writable: true });
    await pause(1, ended);
  }
  return undefined;
}

function tryOpenWriting(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    return undefined;
  }
}
