/** Virtual cameras: files as endless RTSP streams (RFC 2326) with faults that are switched on while they run. */
import type { Socket } from 'node:net';
import { type Logger, pino } from 'pino';
import { createLoginGuard, type LoginGuard } from '#demo/login-guard.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Authentication } from './authentication.ts';
import { Broadcast } from './broadcast.ts';
import { type ClipFile, inspectClip } from './clip-file.ts';
import { Connection, type ServedStream } from './connection.ts';
import { type Fault, isFaultOfAnswers, isFaultWithFile } from './fault.ts';
import { openGate } from './gate.ts';
import { UdpPorts } from './udp-ports.ts';

export type { Fault } from './fault.ts';

export type RtspStream = {
  /** Without a leading slash; may hold a query, as many makes' paths do. */
  path: string;
  /** Anything that FFmpeg reads and that holds H.264 or H.265; inspected already, where somebody did. */
  file: string | ClipFile;
  /** Default: true. Otherwise the stream says good-bye and closes at the clip's end. */
  isLooped?: boolean;
  /** Where in the clip each start begins (at the keyframe before). */
  startAtS?: number;
  user?: string;
  password?: string;
  /** Default: digest with MD5. */
  authentication?: Authentication;
  /** Others are answered with 461. Default: both. */
  transports?: readonly ('tcp' | 'udp')[];
};

export type RtspServerOptions = {
  /** Default: 127.0.0.1. */
  host?: string;
  /** 0: any free one. */
  port: number;
  streams: readonly RtspStream[];
  logger?: Logger;
  /** Sessions that say nothing for as long end. Default: 60. */
  sessionTimeoutS?: number;
  /** Of RTCP sender reports. Default: 5. */
  reportIntervalS?: number;
  /** Shared with whatever else of the device asks for a password. */
  guard?: LoginGuard;
};

export type StreamState = { clients: number; isReading: boolean; droppedUnits: number; fault: Fault };

export type RtspServer = AsyncDisposable & {
  port: number;
  /** The address without user and password. */
  url(path: string): string;
  /** Switches a fault on, or all off (`none`). Works at once; rejects where its file cannot be used. */
  fault(path: string, fault: Fault): Promise<void>;
  /** Another file of the same codec from now on, without anybody having to connect again. */
  show(path: string, file: string): Promise<void>;
  /** What is shown now: a file and where in it. */
  shown(path: string): { clip: ClipFile; atS: number };
  /** How many play, on all streams. */
  clients(): number;
  state(path: string): StreamState;
  /** A path whose stream comes later: until then 503. */
  announce(path: string): void;
  /** What the whole server does with its network. */
  setNetwork(network: Network): Promise<void>;
  addStream(stream: RtspStream): Promise<void>;
  removeStream(path: string): Promise<void>;
};

/** `refuse`: nothing listens. `mute`: accepts, and says nothing. `dark`: no power, so what is open hangs until it is back. */
export type Network = 'up' | 'refuse' | 'mute' | 'dark';

const TICK_MS = 500;

export async function startRtspServer(options: RtspServerOptions): Promise<RtspServer> {
  const { host = '127.0.0.1', sessionTimeoutS = 60, reportIntervalS = 5 } = options;
  const logger = options.logger ?? pino({ level: 'silent' });
  const streams = new Map<string, ServedStream>();
  const announced = new Set<string>();
  const guard = options.guard ?? createLoginGuard();
  const connections = new Map<Connection, Promise<void>>();
  const udpPorts = new UdpPorts(host);

  const accept = (socket: Socket) => {
    socket.setNoDelay(true);
    socket.on('error', (error) => logger.debug({ err: error }, 'socket failed'));
    const tables = { ready: streams, announced };
    const connection = new Connection(socket, { streams: tables, udpPorts, sessionTimeoutS, logger, guard });
    const served = connection.serve().finally(() => connections.delete(connection));
    connections.set(connection, served);
  };
  const find = (path: string): ServedStream => {
    const stream = streams.get(plainPath(path));
    if (stream === undefined) throw new FaultError('not-found', `There is no stream ${path}`, { about: { path } });
    return stream;
  };
  const of = (path: string) => [...connections.keys()].filter((connection) => connection.concerns(path));
  const sessionsOf = (path: string) => of(path).flatMap(({ session }) => (session?.path === path ? [session] : []));

  const addStream = async (stream: RtspStream): Promise<void> => {
    const path = plainPath(stream.path);
    if (streams.has(path)) throw new FaultError('already-exists', `There is a stream ${path} already`);
    const { isLooped = true, startAtS = 0 } = stream;
    const clip = typeof stream.file === 'string' ? await inspectClip(stream.file) : stream.file;
    const broadcast = new Broadcast({ clip, isLooped, startAtS, logger });
    streams.set(path, servedStream({ ...stream, path }, broadcast));
    announced.delete(path);
  };
  const removeStream = async (path: string): Promise<void> => {
    const { broadcast, path: plain } = find(path);
    streams.delete(plain);
    for (const connection of of(plain)) connection.close();
    await broadcast[Symbol.asyncDispose]();
  };
  const fault = async (path: string, wanted: Fault): Promise<void> => {
    const { broadcast, path: plain } = find(path);
    const before = broadcast.fault;
    if (isFaultWithFile(wanted)) broadcast.setFault(wanted, await clipFor(wanted, broadcast));
    else broadcast.setFault(wanted);
    logger.info({ path: plain, fault: wanted }, 'fault switched');
    for (const connection of of(plain)) showFault(connection, { before, wanted, path: plain });
  };

  for (const stream of options.streams) await addStream(stream);
  const gate = await openGate(accept, { host, port: options.port });
  const { port } = gate;
  const timer = setInterval(() => {
    for (const connection of connections.keys()) connection.tick(reportIntervalS * 1000);
  }, TICK_MS);
  const urlHost = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;

  return {
    port,
    url: (path) => `rtsp://${urlHost}:${port}/${encodeURI(plainPath(path))}`,
    fault,
    async show(path, file) {
      const { broadcast } = find(path);
      broadcast.show(await clipFor({ kind: 'other-clip', file }, broadcast));
    },
    shown(path) {
      const { broadcast } = find(path);
      return { clip: broadcast.clip, atS: broadcast.clipS };
    },
    clients: () => [...connections.keys()].filter(({ session }) => session?.state === 'playing').length,
    state(path) {
      const { broadcast, path: plain } = find(path);
      const sessions = sessionsOf(plain);
      return {
        clients: sessions.filter(({ state }) => state === 'playing').length,
        isReading: broadcast.isReading,
        droppedUnits: sessions.reduce((sum, { droppedUnits }) => sum + droppedUnits, 0),
        fault: broadcast.fault,
      };
    },
    addStream,
    removeStream,
    announce: (path) => void announced.add(plainPath(path)),
    async setNetwork(network) {
      for (const connection of connections.keys()) {
        if (network === 'dark') connection.hang();
        else if (network !== 'up') connection.close();
        else if (connection.isHung) connection.reset();
      }
      await gate.set(
        network === 'dark' ? 'closed' : network === 'refuse' ? 'closed' : network === 'mute' ? 'mute' : 'open',
      );
      logger.info({ port, network }, 'network switched');
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      for (const connection of connections.keys()) connection.close();
      await Promise.all([gate[Symbol.asyncDispose](), ...connections.values()]);
      for (const path of [...streams.keys()]) await removeStream(path);
      await udpPorts[Symbol.asyncDispose]();
    },
  };
}

function servedStream(stream: RtspStream, broadcast: Broadcast): ServedStream {
  const { path, user = null, password = '', authentication = 'digest', transports = ['tcp', 'udp'] } = stream;
  return { path, user, password, authentication, transports, broadcast };
}

async function clipFor({ file, kind }: Extract<Fault, { file: string }>, { baseCodec }: Broadcast) {
  const next = await inspectClip(file);
  if (kind !== 'change-codec' && next.codec !== baseCodec) {
    throw new FaultError(
      'camera-codec',
      `${file} is ${next.codec}, the stream is ${baseCodec}: SDP cannot change in mid-stream`,
    );
  }
  return next;
}

function showFault(connection: Connection, options: { before: Fault; wanted: Fault; path: string }): void {
  const { before, wanted, path } = options;
  const isHere = connection.session?.path === path;
  if (isFaultOfAnswers(wanted) || isFaultOfAnswers(before)) connection.close();
  else if (wanted.kind === 'half-close' && isHere) connection.halfClose();
  else if (wanted.kind === 'reset' && isHere) connection.reset();
}

function plainPath(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
