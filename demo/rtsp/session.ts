/** One client's playing of one stream: stamps the shared pictures with numbers of its own and never waits for a slow reader. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Broadcast, Listener, MediaUnit } from './broadcast.ts';
import { TICKS_PER_S } from './clip-file.ts';
import { goodbye, RTP_HEADER_BYTES, senderReport, writeRtpHeader } from './rtp.ts';
import { AUDIO_PAYLOAD_TYPE, VIDEO_PAYLOAD_TYPE } from './sdp.ts';
import { PREFIX_BYTES, type Transport } from './transport.ts';

/** A reader that lags by more misses pictures up to a keyframe; the group of pictures it starts with always fits. */
const QUEUE_BYTES_MAX = 12 * 1024 * 1024;
const AUDIO_HZ = 8000;

export type SessionOptions = {
  path: string;
  broadcast: Broadcast;
  transport: Transport;
  isAudio: boolean;
  /** The stream is over: the connection can be closed. */
  onEnd: () => void;
};

/** `ready` after SETUP and PAUSE, `playing` after PLAY, `closed` after TEARDOWN, time-out or the connection's end. */
export class Session implements Listener {
  readonly id = randomBytes(8).toString('hex');
  readonly ssrc = randomInt(2 ** 32);
  readonly #options: SessionOptions;
  readonly #timestampBase = randomInt(2 ** 32);
  readonly #ticksPerStamp: number;
  #state: 'ready' | 'playing' | 'closed' = 'ready';
  #sequence = randomInt(2 ** 16);
  #lastIndex = 0;
  #isWaitingForKeyframe = true;
  #isLagging = false;
  #packets = 0;
  #bytes = 0;
  #reportedAtMs = 0;
  /** Pictures left out between two that were sent: of a slow reader, or up to the keyframe after a fault. */
  droppedUnits = 0;
  lastSeenMs = performance.now();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#ticksPerStamp = options.isAudio ? TICKS_PER_S / AUDIO_HZ : 1;
  }

  get path(): string {
    return this.#options.path;
  }

  get state(): 'ready' | 'playing' | 'closed' {
    return this.#state;
  }

  get transport(): Transport {
    return this.#options.transport;
  }

  /** Starts or resumes: what `RTP-Info` says of the first packet, and a function that sends what is there already. */
  play(): { firstPacket: string; sendGroup: () => void } {
    if (this.#state === 'playing') return { firstPacket: '', sendGroup: () => undefined };
    this.#state = 'playing';
    this.#isWaitingForKeyframe = true;
    const group = this.#options.broadcast.join(this).filter((unit) => unit.index > this.#lastIndex);
    if (group[0]?.index === this.#lastIndex + 1) this.#isWaitingForKeyframe = false;
    const first = group[0];
    const sendGroup = () => {
      if (first !== undefined) this.report();
      for (const unit of group) this.#send(unit);
    };
    const timestamp = first === undefined ? '' : `;rtptime=${this.#timestamp(first.presentTicks)}`;
    return { firstPacket: `seq=${this.#sequence}${timestamp}`, sendGroup };
  }

  pause(): void {
    if (this.#state !== 'playing') return;
    this.#state = 'ready';
    this.#options.broadcast.leave(this);
  }

  close(): void {
    this.pause();
    this.#state = 'closed';
    this.#options.transport.close();
  }

  deliver(unit: MediaUnit): void {
    this.#send(unit);
  }

  skip(): void {
    this.#isWaitingForKeyframe = true;
  }

  end(): void {
    this.#options.transport.sendControl(goodbye(this.ssrc));
    this.close();
    this.#options.onEnd();
  }

  /** Sends a sender report: which RTP time it is at which wall clock. */
  report(): void {
    const { broadcast, transport } = this.#options;
    if (this.#state !== 'playing' || broadcast.fault.kind === 'freeze') return;
    this.#reportedAtMs = performance.now();
    const timestamp = this.#timestamp(broadcast.nowTicks());
    const counts = { packets: this.#packets, bytes: this.#bytes };
    transport.sendControl(senderReport({ ssrc: this.ssrc, wallMs: broadcast.wallMs(), timestamp, ...counts }));
  }

  /** Reports when the last report is `intervalMs` old. */
  reportWhenDue(intervalMs: number): void {
    if (this.#packets > 0 && performance.now() - this.#reportedAtMs >= intervalMs) this.report();
  }

  #send(unit: MediaUnit): void {
    this.#isLagging = this.#options.transport.queuedBytes() > (this.#isLagging ? QUEUE_BYTES_MAX / 2 : QUEUE_BYTES_MAX);
    const isMissed = this.#isLagging || (this.#isWaitingForKeyframe && !unit.isKeyframe);
    this.#isWaitingForKeyframe = isMissed;
    if (isMissed) {
      if (this.#packets > 0) this.droppedUnits += 1;
      return;
    }
    this.#lastIndex = unit.index;
    this.#options.transport.sendMedia(this.#stamp(unit));
    if (this.#reportedAtMs === 0) this.report();
  }

  #stamp(unit: MediaUnit): { buffer: Buffer; ends: number[] } {
    const lossShare = this.#lossShare();
    const timestamp = this.#timestamp(unit.presentTicks);
    const payloadType = this.#options.isAudio ? AUDIO_PAYLOAD_TYPE : VIDEO_PAYLOAD_TYPE;
    const buffer = Buffer.allocUnsafe(unit.bytes + unit.payloads.length * (PREFIX_BYTES + RTP_HEADER_BYTES));
    const ends: number[] = [];
    let at = 0;
    unit.payloads.forEach((payload, number) => {
      const sequence = this.#sequence;
      this.#sequence = (sequence + 1) & 0xffff;
      if (lossShare > 0 && Math.random() < lossShare) return;
      const isLast = number === unit.payloads.length - 1;
      writeRtpHeader(buffer, at + PREFIX_BYTES, { payloadType, sequence, timestamp, ssrc: this.ssrc, isLast });
      at += PREFIX_BYTES + RTP_HEADER_BYTES;
      at += payload.copy(buffer, at);
      ends.push(at);
      this.#packets += 1;
      this.#bytes += payload.length;
    });
    return { buffer: buffer.subarray(0, at), ends };
  }

  #lossShare(): number {
    const { broadcast, transport } = this.#options;
    const { fault } = broadcast;
    if (fault.kind !== 'packet-loss') return 0;
    return fault.transport === undefined || fault.transport === transport.type ? fault.share : 0;
  }

  #timestamp(ticks: number): number {
    return (this.#timestampBase + Math.round(ticks / this.#ticksPerStamp)) >>> 0;
  }
}
