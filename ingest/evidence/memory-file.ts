/** A file in memory that libav writes: an MP4's index is written at its end, and its sizes where it began. */

import type { AVSeekWhence } from 'node-av/constants';
import { AVSEEK_SIZE } from 'node-av/constants';

export type MemoryFile = {
  write: (bytes: Buffer) => number;
  seek: (offset: bigint, whence: AVSeekWhence) => bigint;
  contents: () => Buffer;
};

const FIRST_BYTES = 1024 ** 2;

export function createMemoryFile(): MemoryFile {
  let room = Buffer.allocUnsafe(FIRST_BYTES);
  let [at, length] = [0, 0];
  return {
    write(bytes) {
      const end = at + bytes.length;
      if (end > room.length) {
        const larger = Buffer.allocUnsafe(Math.max(end, room.length * 2));
        room.copy(larger, 0, 0, length);
        room = larger;
      }
      if (at > length) room.fill(0, length, at);
      bytes.copy(room, at);
      at = end;
      length = Math.max(length, end);
      return bytes.length;
    },
    seek(offset, whence) {
      if (whence === AVSEEK_SIZE) return BigInt(length);
      const from = [0, at, length][whence as number] ?? 0;
      at = from + Number(offset);
      return BigInt(at);
    },
    contents: () => Buffer.from(room.subarray(0, length)),
  };
}
