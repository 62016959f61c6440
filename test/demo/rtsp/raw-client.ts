/** An RTSP client that shows what players hide: statuses, headers, every RTP and RTCP packet, how a connection ends. */
import { connect, type Socket } from 'node:net';
import { until } from '#test/site/site.ts';

export type RtspAnswer = { status: number; headers: Map<string, string>; body: string };
export type RtpPacket = {
  sequence: number;
  timestamp: number;
  ssrc: number;
  isLast: boolean;
  payload: Buffer;
  atMs: number;
};

export class RawClient implements AsyncDisposable {
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #cseq = 0;
  readonly #answers: RtspAnswer[] = [];
  readonly packets: RtpPacket[] = [];
  readonly reports: Buffer[] = [];
  ending: 'open' | 'fin' | 'reset' = 'open';
  isClosed = false;
  session = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('end', () => this.#end('fin'));
    socket.on('error', (error: NodeJS.ErrnoException) => error.code === 'ECONNRESET' && this.#end('reset'));
    socket.on('close', () => {
      this.isClosed = true;
    });
  }

  static async open(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await new Promise((done, fail) => socket.once('connect', done).once('error', fail));
    return new RawClient(socket);
  }

  /** Sends a request and waits for its answer; null where none comes before `timeoutMs` or the connection's end. */
  async request(
    method: string,
    url: string,
    headers: Record<string, string> = {},
    timeoutMs = 30_000,
  ): Promise<RtspAnswer | null> {
    this.#cseq += 1;
    const session = this.session === '' ? [] : [['Session', this.session]];
    const all = [['CSeq', String(this.#cseq)], ...session, ...Object.entries(headers)];
    this.#socket.write(
      `${method} ${url} RTSP/1.0\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    );
    const wanted = this.#answers.length + 1;
    await until('an answer', () => this.#answers.length >= wanted || this.ending !== 'open', timeoutMs).catch(
      () => undefined,
    );
    return this.#answers[wanted - 1] ?? null;
  }

  /** SETUP over TCP and PLAY. */
  async play(url: string): Promise<RtspAnswer | null> {
    const setup = await this.request('SETUP', `${url}/trackID=0`, { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
    this.session = setup?.headers.get('session')?.split(';')[0] ?? '';
    return this.request('PLAY', url);
  }

  /** Stops reading, as a client whose process hangs. */
  stall(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    await until('the socket to close', () => this.isClosed);
  }

  #end(how: 'fin' | 'reset'): void {
    if (this.ending === 'open') this.ending = how;
  }

  #take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes[0] === 0x24 ? this.#takeFrame() : this.#takeAnswer());
  }

  #takeFrame(): boolean {
    if (this.#bytes.length < 4) return false;
    const end = 4 + this.#bytes.readUInt16BE(2);
    if (this.#bytes.length < end) return false;
    const packet = this.#bytes.subarray(4, end);
    if (this.#bytes[1] === 1) this.reports.push(packet);
    else this.packets.push(readRtp(packet));
    this.#bytes = this.#bytes.subarray(end);
    return true;
  }

  #takeAnswer(): boolean {
    const headEnd = this.#bytes.indexOf('\r\n\r\n');
    if (headEnd === -1) return false;
    const [first = '', ...lines] = this.#bytes.toString('utf8', 0, headEnd).split('\r\n');
    const pairs = lines.map((line) => /^([^:]+):\s*(.*)$/.exec(line));
    const headers = new Map(pairs.map((pair) => [pair?.[1]?.toLowerCase() ?? '', pair?.[2] ?? '']));
    const end = headEnd + 4 + Number(headers.get('content-length') ?? 0);
    if (this.#bytes.length < end) return false;
    this.#answers.push({
      status: Number(first.split(' ')[1]),
      headers,
      body: this.#bytes.toString('utf8', headEnd + 4, end),
    });
    this.#bytes = this.#bytes.subarray(end);
    return true;
  }
}

function readRtp(packet: Buffer): RtpPacket {
  return {
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    isLast: (packet[1]! & 0x80) !== 0,
    payload: packet.subarray(12),
    atMs: performance.now(),
  };
}

/** Differences of successive numbers that wrap at `modulus`, from minus a half to a half of it. */
export function steps(values: readonly number[], modulus: number): number[] {
  const half = modulus / 2;
  return values.slice(1).map((value, at) => ((value - values[at]! + half + modulus) % modulus) - half);
}

/** RTP time of each picture, once each. */
export function pictureTimes(packets: readonly RtpPacket[]): number[] {
  return packets.filter(({ isLast }) => isLast).map(({ timestamp }) => timestamp);
}
