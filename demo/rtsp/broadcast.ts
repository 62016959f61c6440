/** One stream's pictures at the pace of its own time, read once for all who watch, with whatever fault is switched on. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { FaultError } from '#models/schema/fault.ts';
import { type AccessUnit, type ClipFile, TICKS_PER_S } from './clip-file.ts';
import { type HeldClip, holdClip } from './clip-memory.ts';
import { type Fault, isFaultOfPictures, isFaultWithFile } from './fault.ts';
import type { VideoCodec } from './nal-units.ts';
import { silence } from './silence.ts';
import { spoil } from './spoil.ts';
import { type FaultStart, toldTicks, toldWallMs } from './time-fault.ts';

/** One picture ready to be sent. `index` counts up by one for ever; ticks are 1/90,000 s, in order of presentation. */
export type MediaUnit = {
  index: number;
  presentTicks: number;
  isKeyframe: boolean;
  payloads: readonly Buffer[];
  bytes: number;
};

export type Listener = {
  deliver(unit: MediaUnit): void;
  /** Something was left out: nothing before the next keyframe can be shown. */
  skip(): void;
  /** The clip is over (not looped) or cannot be read any more. */
  end(): void;
};

export type BroadcastOptions = { clip: ClipFile; isLooped: boolean; startAtS: number; logger: Logger };

/** Where a clip that is shown begins, and how long its loop is, both in seconds. */
export type Cue = { startAtS: number; loopS: number };

type Reader = { abort: AbortController; done: Promise<void> };

const TICKS_PER_MS = TICKS_PER_S / 1000;
/** Longer groups of pictures are not kept: who joins waits for the next keyframe. */
const GROUP_BYTES_MAX = 8 * 1024 * 1024;
/**
 * After a longer standstill (a suspended process, a clip that is read at last) nothing rushes: the pictures go on where they
 * were, with the times of now, as of a camera that lost some.
 */
const LAG_MS_MAX = 1000;

/**
 * Idle while nobody listens: no file is open and no timer runs. The first listener starts the reader, the last one that
 * leaves stops it. Meanwhile the current group of pictures is kept, so that who joins starts with a keyframe at once.
 */
export class Broadcast implements AsyncDisposable {
  readonly #options: BroadcastOptions;
  #base: ClipFile;
  readonly #listeners = new Set<Listener>();
  readonly #ending = new Set<Promise<void>>();
  #clip: ClipFile;
  #fault: Fault = { kind: 'none' };
  #faultStart: FaultStart = { ticks: 0, wallMs: 0 };
  /** Where in its clip the reader is. */
  #clipTicks = 0;
  #cue: (Cue & { atMs: number }) | null = null;
  #reader: Reader | null = null;
  #group: MediaUnit[] | null = null;
  #groupBytes = 0;
  #lastKeyframe: MediaUnit | null = null;
  #index = 0;
  #endTicks = 0;
  #reorderTicks = 0;
  /** Media time `ticks` (of decoding) was due at `atMs` of the monotonic clock. */
  #clock: { ticks: number; atMs: number } | null = null;

  constructor(options: BroadcastOptions) {
    this.#options = options;
    this.#clip = options.clip;
    this.#base = options.clip;
  }

  get fault(): Fault {
    return this.#fault;
  }

  get clip(): ClipFile {
    return this.#clip;
  }

  /** Of what plays without a fault. */
  get baseCodec(): VideoCodec {
    return this.#base.codec;
  }

  get isReading(): boolean {
    return this.#reader !== null || this.#ending.size > 0;
  }

  /** Adds a listener; returns the current group of pictures, which comes before anything it will be delivered. */
  join(listener: Listener): readonly MediaUnit[] {
    this.#listeners.add(listener);
    this.#reader ??= this.#startReader();
    return this.#fault.kind === 'freeze' ? [] : (this.#group ?? []);
  }

  leave(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.#stopReader();
  }

  /** Media time of presentation at this moment, for sender reports. */
  nowTicks(): number {
    const ticks = Math.round(this.#decodeTicksNow() + this.#reorderTicks);
    return toldTicks(this.#fault, ticks, { start: this.#faultStart });
  }

  /** The camera's own wall clock, for sender reports. */
  wallMs(): number {
    return toldWallMs(this.#fault, Date.now(), this.#faultStart);
  }

  /** Pictures a second as the SDP promises them. */
  get promisedFps(): number {
    const promised = this.#fault.kind === 'other-clip' ? this.#fault.promisedFps : undefined;
    return promised ?? TICKS_PER_S / this.#clip.frameTicks;
  }

  /** Where in its clip the stream is, seconds. */
  get clipS(): number {
    return this.#clipTicks / TICKS_PER_S;
  }

  /** Another clip of the same codec from now on, as when a head has turned; a fault that shows one of its own goes first. */
  show(clip: ClipFile, cue?: Cue): void {
    this.#base = clip;
    this.#cue = cue === undefined ? null : { ...cue, atMs: performance.now() };
    if (isFaultWithFile(this.#fault)) return;
    this.#clip = clip;
    this.#cut();
  }

  /** Where the clip is by its cue, also when nobody watched meanwhile; null without one. */
  #cuedS(): number | null {
    if (this.#cue === null) return null;
    const { startAtS, loopS, atMs } = this.#cue;
    return (startAtS + (performance.now() - atMs) / 1000) % loopS;
  }

  setFault(fault: Fault, clip: ClipFile = this.#base): void {
    const isOtherSource = (fault.kind === 'audio-only') !== (this.#fault.kind === 'audio-only');
    const isCut = isFaultOfPictures(fault) || isFaultOfPictures(this.#fault);
    if (this.#clock !== null) this.#clock = { ticks: this.#decodeTicksNow(), atMs: performance.now() };
    this.#fault = fault;
    this.#faultStart = { ticks: Math.round(this.#decodeTicksNow()), wallMs: Date.now() };
    this.#clip = clip;
    if (isCut) this.#cut();
    if (isOtherSource && this.#reader !== null) {
      this.#stopReader();
      this.#reader = this.#startReader();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const listener of [...this.#listeners]) listener.end();
    this.#stopReader();
    await Promise.all(this.#ending);
  }

  #startReader(): Reader {
    // Media time went on while nobody watched: who pauses and resumes sees that time has passed.
    this.#endTicks = Math.max(this.#endTicks, Math.round(this.#decodeTicksNow()));
    const abort = new AbortController();
    const done = this.#read(abort.signal).catch((error: unknown) => {
      this.#options.logger.error({ file: this.#clip.file, err: error }, 'clip failed');
    });
    const reader = { abort, done };
    void done.then(() => {
      if (this.#reader === reader) this.#reader = null;
      if (!abort.signal.aborted) for (const listener of [...this.#listeners]) listener.end();
    });
    return reader;
  }

  #stopReader(): void {
    if (this.#reader === null) return;
    const { abort, done } = this.#reader;
    this.#reader = null;
    this.#forgetGroup();
    this.#lastKeyframe = null;
    abort.abort();
    this.#ending.add(done);
    void done.finally(() => this.#ending.delete(done));
  }

  async #read(signal: AbortSignal): Promise<void> {
    let isFirst = true;
    for await (const unit of this.#units(signal)) {
      if (signal.aborted) return;
      if (isFirst) {
        this.#reorderTicks = unit.presentTicks - unit.decodeTicks;
        this.#clock = { ticks: unit.decodeTicks, atMs: performance.now() };
        isFirst = false;
      }
      const waitMs = this.#waitMs(unit);
      if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.#publish(unit);
    }
  }

  /** The clip again and again (or once), its times continued. A new clip goes on where the one before was left. */
  async *#units(signal: AbortSignal): AsyncGenerator<AccessUnit> {
    while (this.#fault.kind === 'audio-only' && !signal.aborted) yield* this.#silence();
    let startAtS = this.#cuedS() ?? this.#options.startAtS;
    while (!signal.aborted) {
      const clip = this.#clip;
      using held = holdClip(clip);
      while (!signal.aborted && this.#clip === clip) {
        this.#clipTicks = startAtS * TICKS_PER_S;
        yield* this.#pass(held, { clip, startAtS });
        startAtS = 0;
        if (!this.#options.isLooped && this.#clip === clip) return;
      }
      // Variants of a clip are as long as the clip: without a cue the scene goes on where it was.
      startAtS = this.#cuedS() ?? this.#clipTicks / TICKS_PER_S;
    }
  }

  /** Until it falls behind: then it begins with the time of now. */
  async *#silence(): AsyncGenerator<AccessUnit> {
    for await (const unit of silence(Math.max(this.#endTicks, Math.round(this.#decodeTicksNow())))) {
      if (this.#lagTicks(unit.decodeTicks) > 0) return;
      yield unit;
    }
  }

  /** The clip once, or as long as it is the one to show, with its times put after what was sent before. */
  async *#pass(held: HeldClip, { clip, startAtS }: { clip: ClipFile; startAtS: number }): AsyncGenerator<AccessUnit> {
    let zeroTicks = this.#endTicks;
    let firstTicks: number | null = null;
    for await (const unit of held.play({ startAtS })) {
      if (this.#clip !== clip) return;
      firstTicks ??= unit.presentTicks;
      this.#clipTicks = unit.presentTicks;
      zeroTicks += this.#lagTicks(unit.decodeTicks + zeroTicks - firstTicks);
      const offset = zeroTicks - firstTicks;
      const presentTicks = unit.presentTicks + offset;
      this.#endTicks = Math.max(this.#endTicks, presentTicks + unit.durationTicks);
      yield { ...unit, presentTicks, decodeTicks: unit.decodeTicks + offset };
    }
    if (firstTicks === null) throw new FaultError('file-unreadable', `${clip.file} has no picture`);
  }

  #waitMs({ decodeTicks }: AccessUnit): number {
    return (decodeTicks - this.#decodeTicksNow()) / (TICKS_PER_MS * this.#rate());
  }

  /** By how much a picture is too late to be caught up with; 0 where it is in time, or a little late. */
  #lagTicks(decodeTicks: number): number {
    const lagTicks = this.#clock === null ? 0 : this.#decodeTicksNow() - decodeTicks;
    return lagTicks > LAG_MS_MAX * TICKS_PER_MS * this.#rate() ? Math.round(lagTicks) : 0;
  }

  #publish(unit: AccessUnit): void {
    if (this.#fault.kind === 'freeze') return;
    const shown = this.#prepare(unit);
    if (shown === null) return;
    if (shown.isKeyframe) {
      this.#group = [];
      this.#groupBytes = 0;
    }
    this.#groupBytes += shown.bytes;
    if (this.#groupBytes > GROUP_BYTES_MAX) this.#group = null;
    this.#group?.push(shown);
    for (const listener of [...this.#listeners]) listener.deliver(shown);
  }

  #prepare(unit: AccessUnit): MediaUnit | null {
    this.#index += 1;
    const { isKeyframe, payloads, bytes } = unit;
    const told = (ticks: number) => toldTicks(this.#fault, ticks, { start: this.#faultStart, index: this.#index });
    const presentTicks = told(Math.round(unit.presentTicks));
    const shown: MediaUnit = { index: this.#index, presentTicks, isKeyframe, payloads, bytes };
    if (this.#fault.kind === 'garbage') return spoil(shown, this.#fault.share ?? 1);
    if (this.#fault.kind !== 'frozen-picture') {
      if (isKeyframe) this.#lastKeyframe = shown;
      return shown;
    }
    this.#lastKeyframe ??= isKeyframe ? shown : null;
    if (this.#lastKeyframe === null) return null;
    return {
      ...this.#lastKeyframe,
      index: this.#index,
      presentTicks: Math.round(unit.decodeTicks + this.#reorderTicks),
    };
  }

  #cut(): void {
    this.#forgetGroup();
    for (const listener of this.#listeners) listener.skip();
  }

  #forgetGroup(): void {
    this.#group = null;
    this.#groupBytes = 0;
  }

  #decodeTicksNow(): number {
    if (this.#clock === null) return this.#endTicks;
    return this.#clock.ticks + (performance.now() - this.#clock.atMs) * TICKS_PER_MS * this.#rate();
  }

  #rate(): number {
    return this.#fault.kind === 'slow' ? this.#fault.rate : 1;
  }
}
