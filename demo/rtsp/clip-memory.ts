/** Clips that are being watched, kept in memory for all streams that show them: read once, packetised once. */
import { type AccessUnit, type ClipFile, readClip, TICKS_PER_S } from './clip-file.ts';

/** Larger clips, and those that come when the room is taken, are read from the file again and again. */
const CLIP_BYTES_MAX = 32 * 1024 * 1024;
const ALL_BYTES_MAX = 256 * 1024 * 1024;

type Kept = { holders: number; isCollecting: boolean; units: AccessUnit[] | null; bytes: number };

const keptClips = new Map<string, Kept>();

/** A clip in use. Its memory is given back when the last holder disposes it. */
export type HeldClip = Disposable & { play(options: { startAtS: number }): AsyncGenerator<AccessUnit> };

export function holdClip(clip: ClipFile): HeldClip {
  const key = `${clip.file} ${clip.version}`;
  const kept = keptClips.get(key) ?? { holders: 0, isCollecting: false, units: null, bytes: 0 };
  keptClips.set(key, kept);
  kept.holders += 1;
  return {
    play: ({ startAtS }) =>
      kept.units === null ? playFile(clip, { kept, startAtS }) : playUnits(kept.units, startAtS),
    [Symbol.dispose]() {
      kept.holders -= 1;
      if (kept.holders === 0) keptClips.delete(key);
    },
  };
}

async function* playUnits(units: readonly AccessUnit[], startAtS: number): AsyncGenerator<AccessUnit> {
  const startTicks = startAtS * TICKS_PER_S;
  const first = units.findLastIndex((unit) => unit.isKeyframe && unit.presentTicks <= startTicks);
  yield* units.slice(Math.max(0, first));
}

/** Reads the file; the first that reads it from its beginning to its end keeps it for all. */
async function* playFile(
  clip: ClipFile,
  { kept, startAtS }: { kept: Kept; startAtS: number },
): AsyncGenerator<AccessUnit> {
  const isCollector = startAtS === 0 && !kept.isCollecting;
  if (!isCollector) return yield* readClip(clip, { startAtS });
  kept.isCollecting = true;
  kept.bytes = 0;
  let units: AccessUnit[] | null = [];
  try {
    for await (const unit of readClip(clip, { startAtS })) {
      kept.bytes += unit.bytes;
      if (kept.bytes > CLIP_BYTES_MAX || keptBytes() > ALL_BYTES_MAX) units = null;
      units?.push(unit);
      yield unit;
    }
    kept.units = units;
  } finally {
    kept.isCollecting = false;
    if (kept.units === null) kept.bytes = 0;
  }
}

function keptBytes(): number {
  return [...keptClips.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}
