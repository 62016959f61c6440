/** For how long the same picture has been shown, and how much noise there is between two pictures. */
import { OVERLAY_SHARE } from './light.ts';
import type { SmallPicture } from './small-picture.ts';

export type Stillness = {
  /** Share of the pixels that are what they were when the run began; a clock at the picture's edge is left out. */
  alike: number;
  forS: number;
  /** Keyframes since then: pictures between two of them are alike also where only nothing moves. */
  keyframes: number;
  /** All these keyframes have the same bytes: no sensor does that. */
  isBytewise: boolean;
  /** Standard deviation of the pixels' noise, levels; undefined at the first picture. */
  noise: number | undefined;
};

export type Sent = {
  atS: number /** Count of keyframes so far. */;
  keyframes: number /** Of the last one. */;
  checksum: number;
};

/**
 * A frozen picture that is encoded anew differs at 0.3 % of its pixels, the first keyframe of an encoder included; an
 * empty hall 10 s later at 1.8 %, the quietest street of the city at 3 % (measured).
 */
export const ALIKE_MIN = 0.99;
const LEVELS = 3;

export type StillnessWatch = { see: (picture: SmallPicture, sent: Sent) => Stillness; startAnew: () => void };

export function watchStillness(): StillnessWatch {
  let anchor: { picture: SmallPicture; sent: Sent; isBytewise: boolean } | undefined;
  let before: SmallPicture | undefined;
  return {
    see(picture, sent) {
      const noise = before === undefined ? undefined : noiseBetween(before, picture);
      before = picture;
      const alike = anchor === undefined ? 0 : alikeShare(anchor.picture, picture);
      if (anchor === undefined || alike < ALIKE_MIN) {
        anchor = { picture, sent, isBytewise: true };
        return { alike, forS: 0, keyframes: 0, isBytewise: false, noise };
      }
      anchor.isBytewise &&= anchor.sent.checksum === sent.checksum;
      const { isBytewise } = anchor;
      const [forS, keyframes] = [sent.atS - anchor.sent.atS, sent.keyframes - anchor.sent.keyframes];
      return { alike, forS, keyframes, isBytewise, noise };
    },
    startAnew() {
      anchor = undefined;
      before = undefined;
    },
  };
}

function middleOf({ columns, rows }: SmallPicture): [from: number, to: number] {
  const edge = Math.round(rows * OVERLAY_SHARE) * columns;
  return [edge, columns * rows - edge];
}

function alikeShare(a: SmallPicture, b: SmallPicture): number {
  if (a.luma.length !== b.luma.length) return 0;
  const [from, to] = middleOf(a);
  let differing = 0;
  for (let at = from; at < to; at++) {
    const change = a.luma[at]! - b.luma[at]!;
    if (change > LEVELS || change < -LEVELS) differing++;
  }
  return 1 - differing / (to - from);
}

const changes = new Uint32Array(256);

/** From the median change, which things that move hardly touch; interpolated, as whole levels are too coarse. */
function noiseBetween(a: SmallPicture, b: SmallPicture): number | undefined {
  if (a.luma.length !== b.luma.length) return undefined;
  const [from, to] = middleOf(a);
  changes.fill(0);
  for (let at = from; at < to; at++) changes[Math.abs(a.luma[at]! - b.luma[at]!)]!++;
  const half = (to - from) / 2;
  for (let level = 0, seen = 0; level < 256; level++) {
    const here = changes[level]!;
    if (seen + here >= half) {
      const median = Math.max(0, level - 0.5 + (half - seen) / here);
      return median / 0.6745 / Math.SQRT2;
    }
    seen += here;
  }
  return 0;
}
