/** One picture as a fragment of an MP4 (ISO/IEC 14496-12, 8.8): a `moof` that describes it and an `mdat` that holds it. */
import { box, fullBox, uint32 } from './boxes.ts';
import { TRACK } from './init-segment.ts';

/** Times in ticks of the track. */
export type Sample = {
  sequence: number;
  decodeAt: number;
  /** From decoding to showing; less than zero is allowed. */
  showAfter: number;
  duration: number;
  isKey: boolean;
  units: readonly Buffer[];
};

/** Where the picture's bytes begin must be known before the box that says so is whole. */
const MOOF_BYTES = 104;
const IS_SYNC = 0x02000000;
const IS_NOT_SYNC = 0x01010000;
const BASE_IS_MOOF = 0x020000;
/** The run says: where its data are, and for each sample its duration, size, flags and composition offset. */
const RUN_FLAGS = 0x000f01;

export function fragment({ sequence, decodeAt, showAfter, duration, isKey, units }: Sample): Buffer {
  const size = units.reduce((sum, unit) => sum + 4 + unit.length, 0);
  const decodeTime = uint32(Math.floor(decodeAt / 2 ** 32), decodeAt);
  const run = uint32(1, MOOF_BYTES + 8, duration, size, isKey ? IS_SYNC : IS_NOT_SYNC, showAfter);
  const moof = box(
    'moof',
    fullBox('mfhd', {}, uint32(sequence)),
    box(
      'traf',
      fullBox('tfhd', { flags: BASE_IS_MOOF }, uint32(TRACK)),
      fullBox('tfdt', { version: 1 }, decodeTime),
      fullBox('trun', { version: 1, flags: RUN_FLAGS }, run),
    ),
  );
  return Buffer.concat([moof, box('mdat', ...units.flatMap((unit) => [uint32(unit.length), unit]))]);
}
