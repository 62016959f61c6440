/** Units of any size survive packetising: put together as the RFCs say, they are what they were. */
import { describe, expect, test } from 'vitest';
import { splitNalUnits, type VideoCodec } from '#demo/rtsp/nal-units.ts';
import { PAYLOAD_BYTES_MAX, packetise } from '#demo/rtsp/packetise.ts';

/** RFC 6184, 5.8 and RFC 7798, 4.4.3, from the receiver's side. */
function put(codec: VideoCodec, payloads: readonly Buffer[]): Buffer[] {
  const units: Buffer[] = [];
  let parts: Buffer[] = [];
  for (const payload of payloads) {
    const isFragment = codec === 'h264' ? (payload[0]! & 31) === 28 : payload[0]! >> 1 === 49;
    if (!isFragment) {
      units.push(payload);
      continue;
    }
    const header = payload[codec === 'h264' ? 1 : 2]!;
    const type = header & (codec === 'h264' ? 31 : 63);
    if ((header & 0x80) !== 0) {
      parts = [
        codec === 'h264'
          ? Buffer.from([(payload[0]! & 0xe0) | type])
          : Buffer.from([(payload[0]! & 0x81) | (type << 1), payload[1]!]),
      ];
    }
    parts.push(payload.subarray(codec === 'h264' ? 2 : 3));
    if ((header & 0x40) !== 0) units.push(Buffer.concat(parts));
  }
  return units;
}

const heads = { h264: Buffer.from([0x65]), h265: Buffer.from([0x26, 0x01]) };

describe.each(['h264', 'h265'] as const)('%s', (codec) => {
  const sizes = [
    10,
    PAYLOAD_BYTES_MAX - 1,
    PAYLOAD_BYTES_MAX,
    PAYLOAD_BYTES_MAX + 1,
    PAYLOAD_BYTES_MAX * 2 - 2,
    50_000,
  ];
  const units = sizes.map((size) =>
    Buffer.concat([heads[codec], Buffer.alloc(size - heads[codec].length, size % 251)]),
  );

  test('comes back byte for byte', () => {
    expect(put(codec, packetise(codec, units))).toEqual(units);
  });

  test('fits the packets', () => {
    expect(Math.max(...packetise(codec, units).map(({ length }) => length))).toBeLessThanOrEqual(PAYLOAD_BYTES_MAX);
  });
});

describe('splitting', () => {
  test('finds units behind start codes of three and four bytes', () => {
    const data = Buffer.from([0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 1, 0x65, 4, 0, 5]);
    expect(splitNalUnits(data, { lengthBytes: 0 }).map((unit) => [...unit])).toEqual([
      [0x67, 1, 2],
      [0x68, 3],
      [0x65, 4, 0, 5],
    ]);
  });

  test('keeps what is whole of a packet that is cut', () => {
    const data = Buffer.from([0, 0, 0, 2, 0x67, 1, 0, 0, 0, 9, 0x65, 1]);
    expect(splitNalUnits(data, { lengthBytes: 4 }).map((unit) => [...unit])).toEqual([[0x67, 1]]);
  });
});
