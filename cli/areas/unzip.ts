/** Reads the files of a small ZIP archive (PKWARE APPNOTE 6.3) into memory, bounded in what they may become. */
import { inflateRawSync } from 'node:zlib';
import { FaultError } from '#models/schema/fault.ts';

const END_MARK = 0x06054b50;
const ENTRY_MARK = 0x02014b50;
const END_BYTES = 22;
const COMMENT_MAX_BYTES = 65_535;
const STORED = 0;
const DEFLATED = 8;
const FILES_MAX = 1000;

/** Content by name; folders are left out. Throws FaultError `area-file-unreadable` or `area-file-large`. */
export function unzip(bytes: Buffer, { maxBytes }: { maxBytes: number }): Map<string, Buffer> {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count > FILES_MAX) throw broken(`it holds ${count} files, more than ${FILES_MAX}`);
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  let room = maxBytes;
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY_MARK) throw broken('its directory is damaged');
    const [method, packed, size] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 24),
    ];
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const start = bytes.readUInt32LE(at + 42);
    const path = nameOf(bytes.subarray(at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
    if (path.endsWith('/') || path.includes('__MACOSX')) continue;
    room -= size;
    if (room < 0)
      throw new FaultError(
        'area-file-large',
        `unpacked, the archive is larger than ${Math.round(maxBytes / 2 ** 20)} MiB`,
      );
    files.set(path, unpack(bytes, { start, packed, size, method, path }));
  }
  return files;
}

type Entry = { start: number; packed: number; size: number; method: number; path: string };

function unpack(bytes: Buffer, { start, packed, size, method, path }: Entry): Buffer {
  if (start + 30 > bytes.length) throw broken(`${path} is cut off`);
  const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
  const data = bytes.subarray(from, from + packed);
  if (data.length < packed) throw broken(`${path} is cut off`);
  if (method === STORED) return data;
  if (method !== DEFLATED) throw broken(`${path} is packed in a way that is not read here (method ${method})`);
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(size, 1) });
  } catch (cause) {
    throw broken(`${path} cannot be unpacked: ${(cause as Error).message}`);
  }
}

function findEnd(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_BYTES - COMMENT_MAX_BYTES);
  for (let at = bytes.length - END_BYTES; at >= first; at--) if (bytes.readUInt32LE(at) === END_MARK) return at;
  throw broken('it has no directory at its end: it is cut off, or no ZIP archive');
}

/** Windows in China writes names in GBK without saying so. */
function nameOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

const broken = (why: string) => new FaultError('area-file-unreadable', `the archive cannot be read: ${why}`);
