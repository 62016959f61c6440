/** One RTSP connection: reads requests in order, answers them, and owns the sessions that were set up over it. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { LoginGuard } from '#demo/login-guard.ts';
import { pause } from '#system/lifecycle.ts';
import { type Authentication, challenge, isAuthorised } from './authentication.ts';
import type { Broadcast } from './broadcast.ts';
import { formatResponse, MessageReader, type RtspRequest, type RtspResponse } from './message.ts';
import { describe, type Offer, TRACK } from './sdp.ts';
import { Session } from './session.ts';
import { chooseTransport, type Transport, tcpTransport } from './transport.ts';
import type { UdpPorts } from './udp-ports.ts';

export type ServedStream = {
  path: string;
  user: string | null;
  password: string;
  authentication: Authentication;
  transports: readonly ('tcp' | 'udp')[];
  broadcast: Broadcast;
};

/** Streams by their path; those that are still being made ready are announced. */
export type StreamTable = { ready: ReadonlyMap<string, ServedStream>; announced: ReadonlySet<string> };

export type ConnectionOptions = {
  streams: StreamTable;
  guard: LoginGuard;
  udpPorts: UdpPorts;
  sessionTimeoutS: number;
  logger: Logger;
};

type Answer = RtspResponse & { after?: () => void };
/** null: no answer, ever. */
type Handler = (request: RtspRequest) => Promise<Answer | null> | Answer | null;

/** Open until the client, a fault, a time-out or the server ends it; its sessions end with it. */
export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #nonce = randomBytes(16).toString('hex');
  readonly #handlers: ReadonlyMap<string, Handler>;
  readonly #paths = new Set<string>();
  readonly #ended = new AbortController();
  #isHung = false;
  #session: Session | null = null;
  #seenMs = performance.now();

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#handlers = new Map<string, Handler>([
      ['OPTIONS', () => ({ status: 200, headers: { Public: this.#methods() } })],
      ['DESCRIBE', (request) => this.#withStream(request, (stream) => this.#describe(request, stream))],
      ['SETUP', (request) => this.#withStream(request, (stream) => this.#setup(request, stream))],
      ['PLAY', (request) => this.#withStream(request, (stream) => this.#play(request, stream))],
      ['PAUSE', (request) => this.#withSession(request, (session) => this.#pause(session))],
      ['TEARDOWN', (request) => this.#withSession(request, (session) => this.#teardown(session))],
      ['GET_PARAMETER', (request) => this.#keepAlive(request)],
      ['SET_PARAMETER', (request) => this.#keepAlive(request)],
    ]);
  }

  get session(): Session | null {
    return this.#session;
  }

  get isHung(): boolean {
    return this.#isHung;
  }

  /** Whether any request of this connection named the stream. */
  concerns(path: string): boolean {
    return this.#paths.has(path);
  }

  /** Reads until the connection ends; never throws. */
  async serve(): Promise<void> {
    const reader = new MessageReader();
    try {
      for await (const chunk of this.#socket) {
        for (const incoming of reader.read(chunk as Buffer)) {
          this.#touch();
          if (incoming.type === 'request' && !this.#isHung) await this.#answer(incoming.request);
        }
      }
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'connection broken');
    } finally {
      this.close();
    }
  }

  /** Ends what was silent for too long, and sends the reports that are due. */
  tick(reportIntervalMs: number): void {
    if (this.#isHung) return;
    const seenMs = Math.max(this.#seenMs, this.#session?.lastSeenMs ?? 0);
    if (performance.now() - seenMs > this.#options.sessionTimeoutS * 1000) this.close();
    else this.#session?.reportWhenDue(reportIntervalMs);
  }

  close(): void {
    this.#ended.abort();
    this.#session?.close();
    this.#socket.destroy();
  }

  /** FIN: nothing more is sent, the client may go on. */
  halfClose(): void {
    this.#session?.pause();
    this.#socket.end();
  }

  /** As if the power went: nothing is sent, nothing answered, and the socket stays as it is. */
  hang(): void {
    this.#isHung = true;
    this.#session?.pause();
  }

  /** RST. */
  reset(): void {
    this.#session?.close();
    this.#socket.resetAndDestroy();
  }

  #touch(): void {
    this.#seenMs = performance.now();
  }

  async #answer(request: RtspRequest): Promise<void> {
    const cseq = request.headers.get('cseq');
    const answer = await this.#respond(request);
    const { fault } = this.#options.streams.ready.get(parseTarget(request.uri).path)?.broadcast ?? {};
    if (fault?.kind === 'slow-answers') await pause(fault.seconds * 1000, this.#ended.signal);
    if (answer === null || this.#isHung || !this.#socket.writable) return;
    this.#socket.write(formatResponse(answer, cseq));
    answer.after?.();
  }

  async #respond(request: RtspRequest): Promise<Answer | null> {
    const handler = this.#handlers.get(request.method);
    if (handler === undefined) return { status: 501, headers: { Allow: this.#methods() } };
    const required = request.headers.get('require');
    if (required !== undefined) return { status: 551, headers: { Unsupported: required } };
    try {
      return await handler(request);
    } catch (error) {
      this.#options.logger.error({ method: request.method, err: error }, 'request failed');
      return { status: 500 };
    }
  }

  #methods(): string {
    return [...this.#handlers.keys()].join(', ');
  }

  /** Finds the stream that the request names, lets its fault answer, and asks for the password. */
  #withStream(request: RtspRequest, answer: (stream: ServedStream) => Promise<Answer> | Answer): ReturnType<Handler> {
    const { path } = parseTarget(request.uri);
    const { ready, announced } = this.#options.streams;
    const stream = ready.get(path);
    if (stream === undefined && announced.has(path)) return { status: 503, headers: { 'Retry-After': '2' } };
    if (stream === undefined) return { status: 404, headers: { Allow: 'OPTIONS' } };
    this.#paths.add(path);
    const { fault } = stream.broadcast;
    if (fault.kind === 'refuse') {
      this.close();
      return null;
    }
    if (fault.kind === 'not-found') return { status: 404 };
    if (fault.kind === 'unauthorised' || !this.#isLetIn(request, stream)) {
      return { status: 401, headers: { 'WWW-Authenticate': challenge(stream.authentication, this.#nonce) } };
    }
    if (fault.kind === 'stall-describe' && request.method === 'DESCRIBE') return null;
    return answer(stream);
  }

  /** A request without a password is asked for one: that is no bad login. */
  #isLetIn(request: RtspRequest, stream: ServedStream): boolean {
    if (stream.user === null) return true;
    if (!request.headers.has('authorization')) return false;
    return this.#options.guard.admit(isAuthorised(request, { ...stream, user: stream.user }, this.#nonce));
  }

  #withSession(request: RtspRequest, answer: (session: Session) => Answer): Answer {
    const session = this.#session;
    const id = request.headers.get('session')?.split(';')[0]?.trim();
    if (session === null || session.state === 'closed' || id !== session.id) return { status: 454 };
    return answer(session);
  }

  #keepAlive(request: RtspRequest): Answer {
    if (!request.headers.has('session')) return { status: 200 };
    return this.#withSession(request, (session) => ({
      status: 200,
      headers: { Session: this.#sessionHeader(session) },
    }));
  }

  #describe(request: RtspRequest, { broadcast, path }: ServedStream): Answer {
    const base = request.uri.replace(/\/$/, '');
    const headers = { 'Content-Type': 'application/sdp', 'Content-Base': `${base}/` };
    return { status: 200, headers, body: describe(offerOf(broadcast), { name: path, host: this.#localHost() }) };
  }

  async #setup(request: RtspRequest, stream: ServedStream): Promise<Answer> {
    const offer = offerOf(stream.broadcast);
    if (offer.type === 'nothing') return { status: 404 };
    if (this.#session?.state === 'playing') return { status: 455, headers: { Allow: 'PAUSE, TEARDOWN' } };
    const wish = chooseTransport(request.headers.get('transport') ?? '', stream.transports);
    if (wish === null) return { status: 461 };
    this.#session?.close();
    const onReport = () => this.#touch();
    const transport: Transport =
      wish.type === 'tcp'
        ? tcpTransport(this.#socket, wish.channels)
        : await this.#options.udpPorts.connect({ address: this.#remoteHost(), ports: wish.ports, onReport });
    const session = new Session({
      path: stream.path,
      broadcast: stream.broadcast,
      transport,
      isAudio: offer.type === 'audio',
      onEnd: () => this.#socket.end(),
    });
    this.#session = session;
    if (this.#socket.destroyed) session.close();
    const ssrc = session.ssrc.toString(16).padStart(8, '0').toUpperCase();
    const headers = { Transport: `${transport.header};ssrc=${ssrc}`, Session: this.#sessionHeader(session) };
    return { status: 200, headers };
  }

  #play(request: RtspRequest, { broadcast }: ServedStream): Answer {
    return this.#withSession(request, (session) => {
      const { firstPacket, sendGroup } = session.play();
      const headers: Record<string, string> = { Session: this.#sessionHeader(session), Range: 'npt=now-' };
      const { isTrack } = parseTarget(request.uri);
      const track = isTrack ? request.uri : `${request.uri.replace(/\/$/, '')}/${TRACK}`;
      if (firstPacket !== '') headers['RTP-Info'] = `url=${track};${firstPacket}`;
      const { kind } = broadcast.fault;
      const after = kind === 'half-close' ? () => this.halfClose() : kind === 'reset' ? () => this.reset() : sendGroup;
      return { status: 200, headers, after };
    });
  }

  #pause(session: Session): Answer {
    session.pause();
    return { status: 200, headers: { Session: this.#sessionHeader(session) } };
  }

  #teardown(session: Session): Answer {
    session.close();
    this.#session = null;
    return { status: 200 };
  }

  #sessionHeader({ id }: Session): string {
    return `${id};timeout=${this.#options.sessionTimeoutS}`;
  }

  #localHost(): string {
    return (this.#socket.localAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
  }

  #remoteHost(): string {
    return (this.#socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
  }
}

function offerOf(broadcast: Broadcast): Offer {
  if (broadcast.fault.kind === 'audio-only') return { type: 'audio' };
  if (broadcast.fault.kind === 'no-video') return { type: 'nothing' };
  return { type: 'video', clip: broadcast.clip, promisedFps: broadcast.promisedFps };
}

/** The stream's path, without its leading slash, and whether the track in it was named. A query belongs to the path. */
export function parseTarget(uri: string): { path: string; isTrack: boolean } {
  const rest = uri.replace(/^rtsps?:\/\/[^/]*/i, '').replace(/^\//, '');
  const isTrack = /\/?trackID=\d+\/?$/.test(rest);
  const path = rest.replace(/\/?trackID=\d+\/?$/, '').replace(/\/$/, '');
  try {
    return { path: decodeURI(path), isTrack };
  } catch {
    return { path, isTrack };
  }
}
