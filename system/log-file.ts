/** A file that output goes to: bounded, and never a reason to end; what a full disk does not take is lost and counted. */
import { type FileHandle, open, rename, truncate } from 'node:fs/promises';
import { Writable } from 'node:stream';

/** So much, and the one before it: at twice this the older half is gone. */
const BYTES_MAX = 32 * 1024 ** 2;

/**
 * Appends. At `bytesMax` the file becomes `<path>.1`, in place of an earlier one, and a new one begins. Loss rule: what
 * cannot be written is dropped; once there is room again a line of JSON says how many bytes were.
 */
export function openLogFile(path: string, { bytesMax = BYTES_MAX }: { bytesMax?: number } = {}): Writable {
  let file: FileHandle | undefined;
  let [size, lostBytes] = [0, 0];

  async function reopen(): Promise<FileHandle> {
    const opened = await open(path, 'a', 0o600);
    size = (await opened.stat()).size;
    return opened;
  }

  async function append(chunk: Buffer): Promise<void> {
    file ??= await reopen();
    if (size > 0 && size + chunk.length > bytesMax) {
      await file.close();
      file = undefined;
      // Where the one before cannot be kept this one begins anew.
      await rename(path, `${path}.1`).catch(() => truncate(path));
      file = await reopen();
    }
    const bytes = lostBytes === 0 ? chunk : Buffer.concat([lostLine(lostBytes), chunk]);
    await file.appendFile(bytes);
    size += bytes.length;
    lostBytes = 0;
  }

  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      append(chunk)
        .catch(() => {
          lostBytes += chunk.length;
        })
        .finally(done);
    },
    final(done) {
      void Promise.resolve(file?.close())
        .catch(() => {})
        .finally(() => done());
    },
  });
}

/** The line before it may have been cut. */
function lostLine(lostBytes: number): Buffer {
  const line = {
    level: 'warn',
    time: new Date().toISOString(),
    lostBytes,
    msg: 'output lost, it could not be written',
  };
  return Buffer.from(`\n${JSON.stringify(line)}\n`);
}
