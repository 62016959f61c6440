/** Learns how far apart pictures and keyframes are, from what arrives and not from what the camera claims. */

const KEPT = 51;

/** Running median of the last gaps. */
class Gaps {
  readonly #gaps: number[] = [];
  #next = 0;
  #median: number | undefined;

  add(gapS: number): void {
    this.#gaps[this.#next] = gapS;
    this.#next = (this.#next + 1) % KEPT;
    // Sorting 51 numbers every eighth time costs nothing that can be measured.
    if (this.#median === undefined || this.#next % 8 === 0) {
      this.#median = this.#gaps.toSorted((a, b) => a - b)[this.#gaps.length >> 1];
    }
  }

  get median(): number | undefined {
    return this.#median;
  }
}

export class Intervals {
  readonly #frames = new Gaps();
  readonly #keyframes = new Gaps();
  #highestS: number | undefined;
  #lastKeyS: number | undefined;
  #behind = 0;

  /** For every packet in the order of decoding: pictures that are shown earlier than one before them share its gap. */
  add(ptsS: number, isKey: boolean): void {
    this.#behind++;
    if (this.#highestS === undefined || ptsS > this.#highestS) {
      const gapS = this.#highestS === undefined ? 0 : (ptsS - this.#highestS) / this.#behind;
      if (gapS > 0 && gapS < 60) this.#frames.add(gapS);
      this.#highestS = ptsS;
      this.#behind = 0;
    } else if (ptsS < this.#highestS - 2) {
      this.#highestS = ptsS;
    }
    if (!isKey) return;
    const gopS = this.#lastKeyS === undefined ? 0 : ptsS - this.#lastKeyS;
    if (gopS > 0 && gopS < 600) this.#keyframes.add(gopS);
    this.#lastKeyS = ptsS;
  }

  get frameS(): number | undefined {
    return this.#frames.median;
  }

  get gopS(): number | undefined {
    return this.#keyframes.median;
  }
}
