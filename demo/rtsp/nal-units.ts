/** NAL units of H.264 and H.265: taken out of packets and of decoder configuration records, and told apart. */

export type VideoCodec = 'h264' | 'h265';

/** How NAL units are framed in a file's packets. `lengthBytes` 0: Annex B start codes. */
export type Framing = { lengthBytes: number };

export type ParameterSets = { framing: Framing; sets: Buffer[] };

const H264 = { sps: 7, pps: 8, delimiter: 9, filler: 12 };
const H265 = { vps: 32, sps: 33, pps: 34, delimiter: 35, filler: 38 };

export function nalType(codec: VideoCodec, unit: Buffer): number {
  return codec === 'h264' ? unit[0]! & 0x1f : (unit[0]! >> 1) & 0x3f;
}

export function isParameterSet(codec: VideoCodec, unit: Buffer): boolean {
  const type = nalType(codec, unit);
  return codec === 'h264' ? type === H264.sps || type === H264.pps : type >= H265.vps && type <= H265.pps;
}

export function isSequenceParameterSet(codec: VideoCodec, unit: Buffer): boolean {
  return nalType(codec, unit) === (codec === 'h264' ? H264.sps : H265.sps);
}

/** Delimiters and filler carry nothing that RTP does not carry already. */
export function isDispensable(codec: VideoCodec, unit: Buffer): boolean {
  const type = nalType(codec, unit);
  const { delimiter, filler } = codec === 'h264' ? H264 : H265;
  return type === delimiter || type === filler;
}

/** Splits a packet; a length that points past the end yields what there is before it (files are cut in the middle). */
export function splitNalUnits(data: Buffer, { lengthBytes }: Framing): Buffer[] {
  return lengthBytes === 0 ? splitAnnexB(data) : splitLengthPrefixed(data, lengthBytes);
}

function splitLengthPrefixed(data: Buffer, lengthBytes: number): Buffer[] {
  const units: Buffer[] = [];
  let at = 0;
  while (at + lengthBytes < data.length) {
    const length = data.readUIntBE(at, lengthBytes);
    const from = at + lengthBytes;
    at = from + length;
    if (at > data.length) break;
    if (length > 0) units.push(data.subarray(from, at));
  }
  return units;
}

const START_CODE = Buffer.from([0, 0, 1]);

function splitAnnexB(data: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let start = data.indexOf(START_CODE);
  while (start !== -1) {
    const from = start + 3;
    const next = data.indexOf(START_CODE, from);
    let to = next === -1 ? data.length : next;
    while (to > from && data[to - 1] === 0) to -= 1;
    if (to > from) units.push(data.subarray(from, to));
    start = next;
  }
  return units;
}

/** Reads avcC (ISO/IEC 14496-15, 5.3.3), hvcC (8.3.3) or Annex B extradata. */
export function readParameterSets(codec: VideoCodec, extradata: Buffer): ParameterSets {
  if (extradata[0] !== 1) {
    const units = splitAnnexB(extradata);
    return { framing: { lengthBytes: 0 }, sets: units.filter((unit) => isParameterSet(codec, unit)) };
  }
  return codec === 'h264' ? readAvcRecord(extradata) : readHevcRecord(extradata);
}

function readAvcRecord(record: Buffer): ParameterSets {
  const sets: Buffer[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = (record[at] ?? 0) & mask;
    at += 1;
    for (let set = 0; set < count; set += 1) at = takeSet(record, at, sets);
  }
  return { framing: { lengthBytes: (record[4]! & 3) + 1 }, sets };
}

function readHevcRecord(record: Buffer): ParameterSets {
  const sets: Buffer[] = [];
  let at = 23;
  for (let array = record[22] ?? 0; array > 0; array -= 1) {
    const count = record.readUInt16BE(at + 1);
    at += 3;
    for (let set = 0; set < count; set += 1) at = takeSet(record, at, sets);
  }
  return { framing: { lengthBytes: (record[21]! & 3) + 1 }, sets: sets.filter((unit) => isParameterSet('h265', unit)) };
}

function takeSet(record: Buffer, at: number, sets: Buffer[]): number {
  const length = record.readUInt16BE(at);
  sets.push(record.subarray(at + 2, at + 2 + length));
  return at + 2 + length;
}
