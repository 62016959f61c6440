/** Which decoded pictures are handed on to be looked at, and as what: the next one that is due, or a fresher one of it. */
import type { Frame as AvFrame } from 'node-av/lib';
import { makeFrame } from '#ingest/decode/frame.ts';
import { createSampler, type Sampler } from '#ingest/decode/sampling.ts';
import type { Frame } from '#ingest/sight.ts';
import type { Reading } from './reading.ts';
import type { SightQueue } from './sight-queue.ts';

/** What one look is wanted of: the newest picture that was handed on for it, by its sequence. */
type Moment = { newest: number };
/** `isDue`: the next look; else a fresher picture for the one that waits. */
export type Picked = { picture: AvFrame; atS: number; isDue: boolean };
/** Of the stream's clock, at the time when the picture is handed on. */
type Times = Pick<Frame, 'capturedAtMs' | 'receivedAtMs' | 't'>;

type Options = { queue: SightQueue; reading: Reading; sampleFps: number | undefined };

const NONE = -1;
/** While a picture waits for its look, one that is so much newer takes its place: what is looked at is what is now. */
const FRESHER_S = 0.1;
/**
 * Where pictures come out of the decoder so late, the machine does more than it can: then every other one is let go, until
 * it is in time again. Looks at what is now are worth more than looks at all that was.
 */
const LATE_MS = 250;
const LATE_LOOK_EVERY_S = 1;

/** *As it comes*, or, between `beginReplay` and `endReplay`, patient: then nothing is replaced, and nothing is too late. */
export class PicturePick {
  readonly #options: Options;
  readonly #sampler: Sampler;
  #sequence = 0;
  #patientUntilMs = 0;
  #handedOnAtS = Number.NEGATIVE_INFINITY;
  /** The last picture that was handed on as it came, by its sequence. */
  #newest = NONE;
  #moment: Moment = { newest: NONE };
  #last: Frame | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#sampler = createSampler(options.sampleFps);
  }

  /** Asked per packet, in the order of decoding: false only where its picture surely is not wanted. */
  mayWant(atS: number, frameIntervalS: number | undefined): boolean {
    return this.#sampler.mayWant(atS, frameIntervalS) || this.#isFresher(atS);
  }

  /** Asked per picture, in the order of showing; what is picked is the caller's to hand on. */
  pick(picture: AvFrame, atS: number): Picked | undefined {
    const isDue = this.#sampler.wants(atS);
    return isDue || this.#isFresher(atS) ? { picture, atS, isDue } : undefined;
  }

  /** This one whether it is due or not; the next is due a whole step later. */
  pickNow(picture: AvFrame, atS: number): Picked {
    this.#sampler.wants(atS);
    return { picture, atS, isDue: true };
  }

  /** `untilMs` (of `performance.now()`): until then whoever hands on waits for room in the queue; 0: not at all. */
  beginReplay(untilMs: number): void {
    this.#patientUntilMs = untilMs;
  }

  endReplay(): void {
    this.#patientUntilMs = 0;
  }

  /** Takes over the picture. Of several of one packet the first may be what the next is fresher than, or nothing waits any more. */
  async handOn({ picture, atS, isDue }: Picked, times: Times): Promise<void> {
    const { queue, reading } = this.#options;
    if (!isDue && !this.#isFresher(atS)) {
      picture.free();
      return;
    }
    const moment = isDue ? { newest: NONE } : this.#moment;
    reading.width = picture.width;
    reading.height = picture.height;
    if (isDue) reading.sampled++;
    const sequence = this.#sequence++;
    const frame = makeFrame(picture, {
      ...times,
      sequence,
      isOvertaken: () => this.#newest > sequence,
      letGo() {
        const isLost = moment.newest === sequence;
        if (isLost) reading.dropped++;
        return isLost;
      },
    });
    if (this.#isTooLate(frame, atS)) {
      if (moment.newest === NONE) reading.dropped++;
      frame[Symbol.dispose]();
      return;
    }
    moment.newest = sequence;
    this.#moment = moment;
    this.#last = frame;
    this.#handedOnAtS = atS;
    if (queue.isDropping && this.#patientUntilMs === 0) this.#newest = sequence;
    await queue.push({ type: 'frame', frame }, { patientUntilMs: this.#patientUntilMs });
  }

  /** Only of what is read as it comes: what is caught up on, and files, are looked at as they were. */
  #isFresher(atS: number): boolean {
    return (
      this.#options.queue.isDropping &&
      this.#patientUntilMs === 0 &&
      this.#last?.isWaiting() === true &&
      atS - this.#handedOnAtS >= FRESHER_S
    );
  }

  #isTooLate({ capturedAtMs, receivedAtMs }: Frame, atS: number): boolean {
    const sinceS = atS - this.#handedOnAtS;
    return (
      this.#patientUntilMs === 0 && receivedAtMs - capturedAtMs > LATE_MS && sinceS >= 0 && sinceS < LATE_LOOK_EVERY_S
    );
  }
}
