/** RTP and RTCP packets (RFC 3550): headers, sender reports, good-byes. */

export const RTP_HEADER_BYTES = 12;

export type RtpStamp = { payloadType: number; sequence: number; timestamp: number; ssrc: number; isLast: boolean };

/** Writes a header of 12 bytes at `at`. */
export function writeRtpHeader(to: Buffer, at: number, stamp: RtpStamp): void {
  to[at] = 0x80;
  to[at + 1] = (stamp.isLast ? 0x80 : 0) | stamp.payloadType;
  to.writeUInt16BE(stamp.sequence & 0xffff, at + 2);
  to.writeUInt32BE(stamp.timestamp >>> 0, at + 4);
  to.writeUInt32BE(stamp.ssrc, at + 8);
}

const NTP_EPOCH_S = 2_208_988_800;
const CNAME = Buffer.from('sharp-eyes');

export type SenderReport = { ssrc: number; wallMs: number; timestamp: number; packets: number; bytes: number };

/** A sender report with the name that every compound packet has to bring. */
export function senderReport(report: SenderReport): Buffer {
  const packet = Buffer.alloc(28);
  packet.writeUInt32BE(0x80c80006, 0);
  packet.writeUInt32BE(report.ssrc, 4);
  packet.writeUInt32BE((Math.floor(report.wallMs / 1000) + NTP_EPOCH_S) >>> 0, 8);
  packet.writeUInt32BE(Math.floor(((report.wallMs % 1000) / 1000) * 2 ** 32), 12);
  packet.writeUInt32BE(report.timestamp >>> 0, 16);
  packet.writeUInt32BE(report.packets >>> 0, 20);
  packet.writeUInt32BE(report.bytes >>> 0, 24);
  return Buffer.concat([packet, sourceDescription(report.ssrc)]);
}

/** A good-bye, after an empty receiver report as every compound packet has to begin with a report. */
export function goodbye(ssrc: number): Buffer {
  const packet = Buffer.alloc(16);
  packet.writeUInt32BE(0x80c90001, 0);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE(0x81cb0001, 8);
  packet.writeUInt32BE(ssrc, 12);
  return packet;
}

function sourceDescription(ssrc: number): Buffer {
  const bytes = Math.ceil((4 + 4 + 2 + CNAME.length + 1) / 4) * 4;
  const packet = Buffer.alloc(bytes);
  packet.writeUInt32BE(0x81ca0000 + bytes / 4 - 1, 0);
  packet.writeUInt32BE(ssrc, 4);
  packet[8] = 1;
  packet[9] = CNAME.length;
  CNAME.copy(packet, 10);
  return packet;
}
