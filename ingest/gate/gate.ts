/**
 * The gate of one camera: packet sizes watch, keyframes confirm, and everything is decoded only while something moves.
 *
 * States: *open* (every packet is decoded; thumbnails of the pictures say whether something still moves, and the sizes
 * of quiet times are learned) → after `quietAfterS` without motion *closed* (packets are only counted; a keyframe is
 * decoded now and then and compared with the one before, and handed on as the full look when one is due) → *open* again
 * from a keyframe before the doubt, on any doubt. It knows nothing of libav; times are the stream's.
 */
import { hasMoved } from './motion.ts';
import { type PacketRole, PacketWatch } from './packet-watch.ts';
import type { Thumbnail } from './thumbnail.ts';

export type GateOptions = {
  fullLookIntervalS: number;
  /** Seconds without motion before it closes. */
  quietAfterS?: number;
  /** While the sizes are at ease, keyframes are compared this far apart. */
  confirmIntervalS?: number;
  /** Somebody looks at the live picture: it stays open. */
  isWatched?: () => boolean;
};

/**
 * `decode`: as usual. `close`, `skip`: not at all, and with `close` that begins. `glance`: this keyframe alone, to
 * compare. `look`: this keyframe alone, to compare and to hand on. `open`: everything since a keyframe.
 */
export type GateVerdict = 'decode' | 'skip' | 'glance' | 'look' | 'close' | 'open';

/** `isReplayable`: the packets before it, from its keyframe on, are at hand, so that the gate may close here. */
type GatePacket = { size: number; isKey: boolean; atS: number; isReplayable: boolean };

/** Thumbnails are compared this far apart: who walks has moved on by then, and what crawls nearly. */
const COMPARE_S = 0.6;
const THUMBNAIL_GAP_S = 0.19;

type Seen = { atS: number; thumbnail: Thumbnail };

export class Gate {
  readonly #options: Required<GateOptions>;
  readonly #watch = new PacketWatch();
  #isOpen = true;
  #movedAtS: number | undefined;
  #highestS = Number.NEGATIVE_INFINITY;
  #lookedAtS = 0;
  #glancedAtS = 0;
  #keyThumbnail: Thumbnail | undefined;
  #recent: Seen[] = [];
  #openedBy: 'start' | 'packets' | 'other' = 'start';
  #hasMovedSinceOpening = false;

  constructor(options: GateOptions) {
    this.#options = { quietAfterS: 3, confirmIntervalS: 3.5, isWatched: () => false, ...options };
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Asked for every packet of video in the order they come. */
  judge(packet: GatePacket): GateVerdict {
    const role: PacketRole = packet.isKey ? 'key' : packet.atS > this.#highestS ? 'ahead' : 'behind';
    if (packet.atS < this.#highestS - 2) this.#startAnew(packet.atS);
    this.#highestS = Math.max(this.#highestS, packet.atS);
    this.#movedAtS ??= packet.atS;
    return this.#isOpen ? this.#judgeOpen(packet, role) : this.#judgeClosed(packet, role);
  }

  #judgeOpen(packet: GatePacket, role: PacketRole): GateVerdict {
    const { quietAfterS, isWatched } = this.#options;
    if (isWatched()) this.#movedAtS = packet.atS;
    const quietS = packet.atS - this.#movedAtS!;
    // What was true for a second is taken for the quiet scene; sizes of the moving one would blunt the watch.
    if (quietS > 1) this.#watch.learn(packet.size, role);
    else this.#watch.pass(role);
    if (quietS < quietAfterS || !this.#watch.isLearned || !packet.isReplayable) return 'decode';
    this.#isOpen = false;
    if (this.#openedBy === 'packets') this.#watch.judge(this.#hasMovedSinceOpening);
    this.#watch.restart();
    this.#recent = [];
    this.#keyThumbnail = undefined;
    this.#lookedAtS = packet.atS;
    this.#glancedAtS = Number.NEGATIVE_INFINITY;
    return 'close';
  }

  #judgeClosed(packet: GatePacket, role: PacketRole): GateVerdict {
    const { fullLookIntervalS, confirmIntervalS, isWatched } = this.#options;
    const wasUneasy = this.#watch.isUneasy;
    if (this.#watch.sees(packet.size, role)) return this.open('packets', packet.atS);
    if (isWatched()) return this.open('other', packet.atS);
    const sinceLookS = packet.atS - this.#lookedAtS;
    // Keyframes so far apart that none comes when a look is due: everything since the last one is decoded instead.
    if (!packet.isKey) return sinceLookS > 2 * fullLookIntervalS ? this.open('other', packet.atS) : 'skip';
    if (sinceLookS >= fullLookIntervalS - 0.05) {
      this.#lookedAtS = packet.atS;
      this.#glancedAtS = packet.atS;
      return 'look';
    }
    if (!wasUneasy && packet.atS - this.#glancedAtS < confirmIntervalS) return 'skip';
    this.#glancedAtS = packet.atS;
    return 'glance';
  }

  open(by: 'packets' | 'other', atS: number): 'open' {
    this.#isOpen = true;
    this.#openedBy = by;
    this.#hasMovedSinceOpening = false;
    this.#movedAtS = atS;
    this.#recent = [];
    return 'open';
  }

  /** The keyframe of a `glance` or `look`. True: it differs from the one before, so open. */
  sawKeyframe(thumbnail: Thumbnail): boolean {
    const before = this.#keyThumbnail;
    this.#keyThumbnail = thumbnail;
    return before !== undefined && hasMoved(before, thumbnail);
  }

  /** Whether the picture of this time is to be shrunk and shown to `sawPicture`. */
  wantsPicture(atS: number): boolean {
    const last = this.#recent.at(-1);
    return this.#isOpen && (last === undefined || Math.abs(atS - last.atS) >= THUMBNAIL_GAP_S);
  }

  /** A picture of the open gate, in the order of showing. */
  sawPicture(thumbnail: Thumbnail, atS: number): void {
    const past = this.#recent.findLast((seen) => atS - seen.atS >= COMPARE_S) ?? this.#recent[0];
    if (past !== undefined && hasMoved(past.thumbnail, thumbnail)) {
      this.#movedAtS = Math.max(this.#movedAtS ?? atS, atS);
      this.#hasMovedSinceOpening = true;
    }
    this.#recent.push({ atS, thumbnail });
    while (this.#recent.length > 1 && atS - this.#recent[1]!.atS >= COMPARE_S) this.#recent.shift();
  }

  /** The stream's time went back: what was remembered by its time means nothing any more. */
  #startAnew(atS: number): void {
    this.#highestS = Number.NEGATIVE_INFINITY;
    this.#movedAtS = this.#isOpen ? atS : undefined;
    this.#lookedAtS = atS;
    this.#glancedAtS = atS;
    this.#recent = [];
  }
}
