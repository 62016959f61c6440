/** The start of a fragmented MP4 with one video track (ISO/IEC 14496-12 and -15): what a player needs before pictures. */
import { withoutEmulation } from './bits.ts';
import { box, fullBox, uint16, uint32 } from './boxes.ts';
import type { ParameterSets, VideoCodec } from './nal-units.ts';
import { HEVC_GENERAL, type PictureFormat } from './picture-format.ts';

/** Ticks a second of every track made here, as RTP counts video. */
export const TIMESCALE = 90_000;
export const TRACK = 1;

type Track = { codec: VideoCodec; sets: ParameterSets; format: PictureFormat };

const NONE = uint32(0);
const UNITY_MATRIX = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

export function initSegment(track: Track): Buffer {
  const fileType = box('ftyp', Buffer.from('iso6'), uint32(1), Buffer.from('iso6mp41dash'));
  return Buffer.concat([fileType, box('moov', movieHeader(), trackBox(track), fragmentDefaults())]);
}

function movieHeader(): Buffer {
  const [rate, volume] = [uint32(0x10000), uint16(0x100)];
  const nextTrack = uint32(TRACK + 1);
  return fullBox(
    'mvhd',
    {},
    uint32(0, 0, 1000, 0),
    rate,
    volume,
    Buffer.alloc(10),
    UNITY_MATRIX,
    Buffer.alloc(24),
    nextTrack,
  );
}

function trackBox(track: Track): Buffer {
  const { width, height } = track.format;
  const sides = uint32(width * 0x10000, height * 0x10000);
  // Flags: enabled, in the movie.
  const head = fullBox('tkhd', { flags: 3 }, uint32(0, 0, TRACK, 0, 0), Buffer.alloc(16), UNITY_MATRIX, sides);
  const language = uint16(0x55c4, 0);
  const mediaHead = fullBox('mdhd', {}, uint32(0, 0, TIMESCALE, 0), language);
  const handler = fullBox('hdlr', {}, NONE, Buffer.from('vide'), Buffer.alloc(12), Buffer.from('video\0'));
  return box('trak', head, box('mdia', mediaHead, handler, mediaInformation(track)));
}

function mediaInformation(track: Track): Buffer {
  const videoHead = fullBox('vmhd', { flags: 1 }, Buffer.alloc(8));
  const isInThisFile = fullBox('url ', { flags: 1 });
  const references = box('dinf', fullBox('dref', {}, uint32(1), isInThisFile));
  const empty = [
    fullBox('stts', {}, NONE),
    fullBox('stsc', {}, NONE),
    fullBox('stsz', {}, uint32(0, 0)),
    fullBox('stco', {}, NONE),
  ];
  return box('minf', videoHead, references, box('stbl', fullBox('stsd', {}, uint32(1), sampleEntry(track)), ...empty));
}

function sampleEntry({ codec, sets, format }: Track): Buffer {
  const [resolution, framesPerSample, depth] = [uint32(0x480000, 0x480000), uint16(1), uint16(24, 0xffff)];
  const parts = [
    Buffer.alloc(6),
    uint16(1),
    Buffer.alloc(16),
    uint16(format.width, format.height),
    ...[resolution, NONE, framesPerSample, Buffer.alloc(32), depth],
  ];
  return codec === 'h264'
    ? box('avc1', ...parts, box('avcC', avcRecord(sets, format)))
    : box('hvc1', ...parts, box('hvcC', hevcRecord(sets, format)));
}

/** ISO/IEC 14496-15, 5.3.3.1; units are preceded by lengths of four bytes. */
function avcRecord({ sps, pps }: ParameterSets, { chromaFormat, lumaBits, chromaBits }: PictureFormat): Buffer {
  const [, profile = 0, compatibility = 0, level = 0] = sps[0] ?? [];
  const counted = (units: Buffer[], mask: number) =>
    Buffer.concat([Buffer.from([units.length | mask]), ...units.flatMap((unit) => [uint16(unit.length), unit])]);
  const hasColours = [100, 110, 122, 144].includes(profile);
  const colours = [0xfc | chromaFormat, 0xf8 | (lumaBits - 8), 0xf8 | (chromaBits - 8), 0];
  return Buffer.concat([
    Buffer.from([1, profile, compatibility, level, 0xff]),
    counted(sps.slice(0, 31), 0xe0),
    counted(pps.slice(0, 255), 0),
    Buffer.from(hasColours ? colours : []),
  ]);
}

/** ISO/IEC 14496-15, 8.3.3.1; all sets of a kind are in the record (`hvc1`), units have lengths of four bytes. */
function hevcRecord(sets: ParameterSets, { chromaFormat, lumaBits, chromaBits }: PictureFormat): Buffer {
  const general = withoutEmulation(sets.sps[0] ?? Buffer.alloc(0)).subarray(HEVC_GENERAL.from, HEVC_GENERAL.to);
  const arrays = (
    [
      ['vps', 32],
      ['sps', 33],
      ['pps', 34],
    ] as const
  ).map(([name, type]) =>
    Buffer.concat([
      Buffer.from([0x80 | type]),
      uint16(sets[name].length),
      ...sets[name].flatMap((unit) => [uint16(unit.length), unit]),
    ]),
  );
  const segmentation = uint16(0xf000);
  const parallelism = 0xfc;
  const colours = [0xfc | chromaFormat, 0xf8 | (lumaBits - 8), 0xf8 | (chromaBits - 8)];
  // No average frame rate; one temporal layer of unknown nesting; lengths of four bytes.
  const tail = Buffer.from([parallelism, ...colours, 0, 0, 0b0000_1011, arrays.length]);
  return Buffer.concat([Buffer.from([1]), general, segmentation, tail, ...arrays]);
}

/** Fragments follow; each says its own durations and sizes. */
function fragmentDefaults(): Buffer {
  return box('mvex', fullBox('trex', {}, uint32(TRACK, 1, 0, 0, 0)));
}
