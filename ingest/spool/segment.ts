/**
 * The files of a spool: records one after another, each a header of eight bytes (length and CRC-32 of the payload,
 * little endian) and a payload. A record that was torn by a crash ends the file for its reader; nothing before it is lost.
 */
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const HEADER_BYTES = 8;

/** A message that waits: where it goes, its id, and its bytes as they will be sent. */
export type SpoolRecord = { subject: string; id: string; data: Uint8Array };

/** Payload: subject and id as lines, then the data as it is. */
export function encodeRecord(record: SpoolRecord): Buffer {
  const payload = Buffer.concat([Buffer.from(`${record.subject}\n${record.id}\n`), record.data]);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([header, payload]);
}

export type SegmentContent = {
  records: SpoolRecord[];
  /** Bytes behind the last whole record: a torn write, or damage. */
  tornBytes: number;
};

/** Reads the whole records of a segment; segments are small enough to hold in memory. */
export function readSegment(path: string): SegmentContent {
  const bytes = readFileSync(path);
  const records: SpoolRecord[] = [];
  let offset = 0;
  while (offset + HEADER_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(offset);
    const payload = bytes.subarray(offset + HEADER_BYTES, offset + HEADER_BYTES + length);
    if (payload.length < length || crc32(payload) !== bytes.readUInt32LE(offset + 4)) break;
    const record = decodePayload(payload);
    if (record === undefined) break;
    records.push(record);
    offset += HEADER_BYTES + length;
  }
  return { records, tornBytes: bytes.length - offset };
}

function decodePayload(payload: Buffer): SpoolRecord | undefined {
  const subjectEnd = payload.indexOf(10);
  const idEnd = payload.indexOf(10, subjectEnd + 1);
  if (subjectEnd < 1 || idEnd < 0) return undefined;
  return {
    subject: payload.toString('utf8', 0, subjectEnd),
    id: payload.toString('utf8', subjectEnd + 1, idEnd),
    data: payload.subarray(idEnd + 1),
  };
}
