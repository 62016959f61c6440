/** Boxes that a decoder found, in pixels of the model's input, in typed arrays that are used again for every picture. */

/** More than this many boxes in one picture are noise: the first ones are kept, and `suppress` keeps the best. */
const CANDIDATES_MAX = 8192;

export class Candidates {
  count = 0;
  readonly left = new Float32Array(CANDIDATES_MAX);
  readonly top = new Float32Array(CANDIDATES_MAX);
  readonly right = new Float32Array(CANDIDATES_MAX);
  readonly bottom = new Float32Array(CANDIDATES_MAX);
  readonly score = new Float32Array(CANDIDATES_MAX);
  /** Index into KINDS. */
  readonly kind = new Uint8Array(CANDIDATES_MAX);

  clear(): void {
    this.count = 0;
  }

  addCorners(kind: number, score: number, left: number, top: number, right: number, bottom: number): void {
    const at = this.count;
    if (at >= CANDIDATES_MAX || !(right > left && bottom > top)) return;
    this.left[at] = left;
    this.top[at] = top;
    this.right[at] = right;
    this.bottom[at] = bottom;
    this.score[at] = score;
    this.kind[at] = kind;
    this.count = at + 1;
  }

  addCentre(kind: number, score: number, x: number, y: number, width: number, height: number): void {
    this.addCorners(kind, score, x - width / 2, y - height / 2, x + width / 2, y + height / 2);
  }
}
