/** What a sequence parameter set says of the pictures: their size, and what a decoder must be able to do. */
import { BitReader, withoutEmulation } from './bits.ts';
import type { VideoCodec } from './nal-units.ts';

export type PictureFormat = {
  width: number;
  height: number;
  /** As RFC 6381 and ISO/IEC 14496-15, annex E, write it: `avc1.64001f`, `hvc1.1.6.L93.B0`. */
  codecs: string;
  chromaFormat: number;
  lumaBits: number;
  chromaBits: number;
};

const SIDE_MAX = 16_384;

/** undefined where the set cannot be read, or says what no picture can be. */
export function readPictureFormat(codec: VideoCodec, sps: Buffer): PictureFormat | undefined {
  const bytes = withoutEmulation(sps);
  const reader = new BitReader(bytes);
  const format = codec === 'h264' ? readAvc(bytes, reader) : readHevc(bytes, reader);
  const isSide = (side: number) => side > 0 && side <= SIDE_MAX;
  return reader.isPastEnd || !isSide(format.width) || !isSide(format.height) ? undefined : format;
}

/** Profiles whose parameter sets say more of the colours (H.264, 7.3.2.1.1). */
const HIGH_PROFILES = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

function readAvc(bytes: Buffer, reader: BitReader): PictureFormat {
  const profile = bytes[1] ?? 0;
  reader.skip(32);
  reader.unsigned();
  let [chromaFormat, lumaBits, chromaBits] = [1, 8, 8];
  if (HIGH_PROFILES.includes(profile)) {
    chromaFormat = reader.unsigned();
    if (chromaFormat === 3) reader.skip(1);
    [lumaBits, chromaBits] = [8 + reader.unsigned(), 8 + reader.unsigned()];
    reader.skip(1);
    if (reader.bit() === 1) skipAvcScaling(reader, chromaFormat);
  }
  skipAvcOrder(reader);
  reader.unsigned();
  reader.skip(1);
  const widthInBlocks = reader.unsigned() + 1;
  const heightInMaps = reader.unsigned() + 1;
  const isFrameOnly = reader.bit();
  if (isFrameOnly === 0) reader.skip(1);
  reader.skip(1);
  const crop = readCrop(reader);
  const [unitX, unitY] = cropUnits(chromaFormat);
  const fields = 2 - isFrameOnly;
  return {
    width: widthInBlocks * 16 - crop.x * unitX,
    height: fields * heightInMaps * 16 - crop.y * unitY * fields,
    codecs: `avc1.${bytes.toString('hex', 1, 4)}`,
    ...{ chromaFormat, lumaBits, chromaBits },
  };
}

function skipAvcScaling(reader: BitReader, chromaFormat: number): void {
  for (let list = 0; list < (chromaFormat === 3 ? 12 : 8); list++) {
    if (reader.bit() === 0) continue;
    let [last, next] = [8, 8];
    for (let index = 0; index < (list < 6 ? 16 : 64); index++) {
      if (next !== 0) next = (last + reader.signed() + 256) % 256;
      last = next === 0 ? last : next;
    }
  }
}

/** How the order of pictures is told. */
function skipAvcOrder(reader: BitReader): void {
  reader.unsigned();
  const orderType = reader.unsigned();
  if (orderType === 0) reader.unsigned();
  if (orderType !== 1) return;
  reader.skip(1);
  reader.signed();
  reader.signed();
  const cycle = Math.min(reader.unsigned(), 255);
  for (let index = 0; index < cycle; index++) reader.signed();
}

/** What lies beyond the picture, in units of chroma samples: left and right, top and bottom together. */
function readCrop(reader: BitReader): { x: number; y: number } {
  if (reader.bit() === 0) return { x: 0, y: 0 };
  const [left, right, top, bottom] = [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()];
  return { x: left + right, y: top + bottom };
}

const cropUnits = (chromaFormat: number): [number, number] => [
  chromaFormat === 1 || chromaFormat === 2 ? 2 : 1,
  chromaFormat === 1 ? 2 : 1,
];

/** Where the general part of profile, tier and level lies in a set (H.265, 7.3.2.2.1 and 7.3.3): bytes of the unit. */
export const HEVC_GENERAL = { from: 3, to: 15 };

function readHevc(bytes: Buffer, reader: BitReader): PictureFormat {
  reader.skip(20);
  const subLayers = reader.bits(3);
  reader.skip(1 + 96);
  skipHevcSubLayers(reader, subLayers);
  reader.unsigned();
  const chromaFormat = reader.unsigned();
  if (chromaFormat === 3) reader.skip(1);
  const [width, height] = [reader.unsigned(), reader.unsigned()];
  const crop = readCrop(reader);
  const [unitX, unitY] = cropUnits(chromaFormat);
  const [lumaBits, chromaBits] = [8 + reader.unsigned(), 8 + reader.unsigned()];
  return {
    width: width - crop.x * unitX,
    height: height - crop.y * unitY,
    codecs: hevcCodecs(bytes),
    ...{ chromaFormat, lumaBits, chromaBits },
  };
}

function skipHevcSubLayers(reader: BitReader, subLayers: number): void {
  const hasProfile: number[] = [];
  const hasLevel: number[] = [];
  for (let layer = 0; layer < subLayers; layer++) {
    hasProfile.push(reader.bit());
    hasLevel.push(reader.bit());
  }
  if (subLayers > 0) reader.skip(2 * (8 - subLayers));
  for (let layer = 0; layer < subLayers; layer++) reader.skip(88 * hasProfile[layer]! + 8 * hasLevel[layer]!);
}

function hevcCodecs(bytes: Buffer): string {
  const general = bytes.subarray(HEVC_GENERAL.from, HEVC_GENERAL.to);
  const first = general[0] ?? 0;
  const space = ['', 'A', 'B', 'C'][first >> 6];
  const tier = (first & 0x20) === 0 ? 'L' : 'H';
  const compatible = reversedBits(general.length < 5 ? 0 : general.readUInt32BE(1));
  const constraints = [...general.subarray(5, 11)];
  while (constraints.at(-1) === 0) constraints.pop();
  const tail = constraints.map((byte) => `.${byte.toString(16).toUpperCase()}`).join('');
  return `hvc1.${space}${first & 0x1f}.${compatible.toString(16).toUpperCase()}.${tier}${general[11] ?? 0}${tail}`;
}

function reversedBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) reversed = reversed * 2 + ((value >>> bit) & 1);
  return reversed;
}
