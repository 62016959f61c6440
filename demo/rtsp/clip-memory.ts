/** Clips that are being watched, kept in memory for all streams that show them: read once, packetised once. */
import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AccessUnit, type ClipFile, readClip, TICKS_PER_S } from './clip-file.ts';

/** Larger clips, and those that come when the room is taken, are read from the file again and again. */
const CLIP_BYTES_MAX = 32 * 1024 * 1024;
const ALL_BYTES_MAX = 256 * 1024 * 1024;
/** Pictures read without letting others have a turn. */
const READ_AT_ONCE = 50;

/** `units`: null where the clip is not kept. */
type Kept = { holders: number; bytes: number; units: Promise<readonly AccessUnit[] | null> | undefined };

const keptClips = new Map<string, Kept>();

/** A clip in use. Its memory is given back when the last holder disposes it. */
export type HeldClip = Disposable & { play(options: { startAtS: number }): AsyncGenerator<AccessUnit> };

export function holdClip(clip: ClipFile): HeldClip {
  const key = `${clip.file} ${clip.version}`;
  const kept: Kept = keptClips.get(key) ?? { holders: 0, bytes: 0, units: undefined };
  keptClips.set(key, kept);
  kept.holders += 1;
  return {
    async *play({ startAtS }) {
      kept.units ??= readWhole(clip, kept);
      const units = await kept.units;
      if (units === null) yield* readClip(clip, { startAtS });
      else yield* playUnits(units, startAtS);
    },
    [Symbol.dispose]() {
      kept.holders -= 1;
      if (kept.holders === 0) keptClips.delete(key);
    },
  };
}

async function* playUnits(units: readonly AccessUnit[], startAtS: number): AsyncGenerator<AccessUnit> {
  const last = units.at(-1);
  const clipTicks = last === undefined ? 1 : last.presentTicks + last.durationTicks;
  const startTicks = (startAtS * TICKS_PER_S) % clipTicks;
  const first = units.findLastIndex((unit) => unit.isKeyframe && unit.presentTicks <= startTicks);
  for (let at = Math.max(0, first); at < units.length; at += 1) yield units[at]!;
}

async function readWhole(clip: ClipFile, kept: Kept): Promise<readonly AccessUnit[] | null> {
  const units: AccessUnit[] = [];
  try {
    const { size } = statSync(clip.file);
    if (size > CLIP_BYTES_MAX || keptBytes() + size > ALL_BYTES_MAX) return null;
    kept.bytes = size;
    for await (const unit of readClip(clip)) {
      units.push(unit);
      if (units.length % READ_AT_ONCE === 0) await nextTurn();
    }
    return units;
  } catch {
    // What is wrong with the file is said by whoever reads it picture by picture.
    kept.bytes = 0;
    return null;
  }
}

function keptBytes(): number {
  return [...keptClips.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}
