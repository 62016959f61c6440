/** NAL units → RTP payloads: RFC 6184 (H.264: single NAL unit, FU-A) and RFC 7798 (H.265: single NAL unit, FU). */
import type { VideoCodec } from './nal-units.ts';

/** Leaves room for RTP, UDP and IP (with options or a tunnel) in an Ethernet frame of 1500 bytes. */
export const PAYLOAD_BYTES_MAX = 1400;

export function packetise(codec: VideoCodec, units: readonly Buffer[]): Buffer[] {
  const payloads: Buffer[] = [];
  for (const unit of units) {
    if (unit.length <= PAYLOAD_BYTES_MAX) payloads.push(unit);
    else if (codec === 'h264') fragment(unit, { header: fuAHeader(unit), skipped: 1, payloads });
    else fragment(unit, { header: fuHeader(unit), skipped: 2, payloads });
  }
  return payloads;
}

/** FU indicator (NRI of the unit, type 28) and FU header (type of the unit). RFC 6184, 5.8. */
function fuAHeader(unit: Buffer): Buffer {
  return Buffer.from([(unit[0]! & 0xe0) | 28, unit[0]! & 0x1f]);
}

/** Payload header (the unit's with type 49) and FU header (type of the unit). RFC 7798, 4.4.3. */
function fuHeader(unit: Buffer): Buffer {
  return Buffer.from([(unit[0]! & 0x81) | (49 << 1), unit[1]!, (unit[0]! >> 1) & 0x3f]);
}

const START_BIT = 0x80;
const END_BIT = 0x40;

function fragment(unit: Buffer, options: { header: Buffer; skipped: number; payloads: Buffer[] }): void {
  const { header, skipped, payloads } = options;
  const bytesMax = PAYLOAD_BYTES_MAX - header.length;
  const last = header.length - 1;
  for (let from = skipped; from < unit.length; from += bytesMax) {
    const to = Math.min(from + bytesMax, unit.length);
    const payload = Buffer.allocUnsafe(header.length + to - from);
    header.copy(payload);
    unit.copy(payload, header.length, from, to);
    if (from === skipped) payload[last]! |= START_BIT;
    if (to === unit.length) payload[last]! |= END_BIT;
    payloads.push(payload);
  }
}
