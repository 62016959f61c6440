/** NAL units of H.264 (ITU-T H.264, 7.3.1) and H.265 (7.3.1): taken out of libav's packets and extradata, told apart. */

export type VideoCodec = 'h264' | 'hevc';

/** How units follow each other: after start codes (`lengthBytes` 0, Annex B), or each after its length. */
export type Framing = { lengthBytes: number };

/** Without it nothing can be decoded; `vps` is empty for H.264. Each unit with its header, without start code. */
export type ParameterSets = { vps: Buffer[]; sps: Buffer[]; pps: Buffer[] };

type SetName = keyof ParameterSets;

const SET_TYPES: Record<VideoCodec, Record<number, SetName>> = {
  h264: { 7: 'sps', 8: 'pps' },
  hevc: { 32: 'vps', 33: 'sps', 34: 'pps' },
};
/** Access unit delimiters and filler: they carry nothing that a container does not say. */
const DISPENSABLE: Record<VideoCodec, readonly number[]> = { h264: [9, 12], hevc: [35, 38] };
const START_CODE = Buffer.from([0, 0, 1]);

function typeOf(codec: VideoCodec, unit: Buffer): number {
  return codec === 'h264' ? unit[0]! & 0x1f : (unit[0]! >> 1) & 0x3f;
}

export function setNameOf(codec: VideoCodec, unit: Buffer): SetName | undefined {
  return SET_TYPES[codec][typeOf(codec, unit)];
}

export function isDispensable(codec: VideoCodec, unit: Buffer): boolean {
  return DISPENSABLE[codec].includes(typeOf(codec, unit));
}

/** The units of a packet, as views of it; a length that points past the end leaves out what is cut. */
export function splitUnits(data: Buffer, { lengthBytes }: Framing): Buffer[] {
  return lengthBytes === 0 ? splitAtStartCodes(data) : splitByLength(data, lengthBytes);
}

function splitByLength(data: Buffer, lengthBytes: number): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 0; at + lengthBytes < data.length; ) {
    const from = at + lengthBytes;
    at = from + data.readUIntBE(at, lengthBytes);
    if (at > data.length) break;
    if (at > from) units.push(data.subarray(from, at));
  }
  return units;
}

function splitAtStartCodes(data: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let start = data.indexOf(START_CODE); start !== -1; ) {
    const from = start + START_CODE.length;
    start = data.indexOf(START_CODE, from);
    let to = start === -1 ? data.length : start;
    while (to > from && data[to - 1] === 0) to--;
    if (to > from) units.push(data.subarray(from, to));
  }
  return units;
}

export function collectSets(codec: VideoCodec, units: readonly Buffer[]): ParameterSets {
  const sets: ParameterSets = { vps: [], sps: [], pps: [] };
  for (const unit of units) {
    const name = setNameOf(codec, unit);
    if (name !== undefined) sets[name].push(Buffer.from(unit));
  }
  return sets;
}

export function isWhole(codec: VideoCodec, { vps, sps, pps }: ParameterSets): boolean {
  return sps.length > 0 && pps.length > 0 && (codec === 'h264' || vps.length > 0);
}

/** Reads what libav knows of a stream: avcC (ISO/IEC 14496-15, 5.3.3), hvcC (8.3.3), or plain units. */
export function readExtradata(codec: VideoCodec, extradata: Buffer): { framing: Framing; sets: ParameterSets } {
  // A record begins with its version, 1; Annex B with a zero.
  if (extradata[0] !== 1)
    return { framing: { lengthBytes: 0 }, sets: collectSets(codec, splitAtStartCodes(extradata)) };
  const lengthBytes = ((extradata[codec === 'h264' ? 4 : 21] ?? 3) & 3) + 1;
  const units = codec === 'h264' ? unitsOfAvcRecord(extradata) : unitsOfHevcRecord(extradata);
  return { framing: { lengthBytes }, sets: collectSets(codec, units) };
}

function unitsOfAvcRecord(record: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let at = 5;
  for (const countMask of [0x1f, 0xff]) {
    const count = (record[at++] ?? 0) & countMask;
    for (let index = 0; index < count; index++) at = takeUnit(record, at, units);
  }
  return units;
}

function unitsOfHevcRecord(record: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let at = 23;
  for (let arrays = record[22] ?? 0; arrays > 0 && at + 3 <= record.length; arrays--) {
    const count = record.readUInt16BE(at + 1);
    at += 3;
    for (let index = 0; index < count; index++) at = takeUnit(record, at, units);
  }
  return units;
}

/** Returns where the next one begins; a record that is cut ends there. */
function takeUnit(record: Buffer, at: number, units: Buffer[]): number {
  if (at + 2 > record.length) return record.length;
  const end = at + 2 + record.readUInt16BE(at);
  if (end <= record.length && end > at + 2) units.push(record.subarray(at + 2, end));
  return end;
}
