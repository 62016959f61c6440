/** A virtual ONVIF device: Device, Media, Media2, Event, Imaging and PTZ over SOAP 1.2 and HTTP, with one make's habits. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createLoginGuard, type LoginGuard } from '#demo/login-guard.ts';
import { type GateState, openGate } from '#demo/rtsp/gate.ts';
import { pause } from '#system/lifecycle.ts';
import type { DeviceContext, Identity, OnvifProfile, Service } from './context.ts';
import { BEFORE_SIGN_IN, DEVICE_SERVICE, offered } from './device-service.ts';
import { EVENT_SERVICE, SUBSCRIPTION_SERVICE } from './event-service.ts';
import { createEventHub, type EventHub } from './events.ts';
import { addressing, readBody, send, sendFault } from './exchange.ts';
import { DECENT, type Habits } from './habits.ts';
import { IMAGING_SERVICE } from './imaging-service.ts';
import { MEDIA_SERVICE } from './media-service.ts';
import { MEDIA2_SERVICE } from './media2-service.ts';
import type { Ptz } from './ptz.ts';
import { PTZ_SERVICE } from './ptz-service.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { NAMESPACES, notAuthorized, notSupported, readRequest, SoapFault } from './soap.ts';

export type { OnvifProfile } from './context.ts';

export type OnvifDeviceOptions = Partial<Identity> & {
  /** Default: 127.0.0.1. */
  host?: string;
  /** 0 takes a free one. */
  port: number;
  manufacturer: string;
  model: string;
  profiles: readonly OnvifProfile[];
  user?: string;
  password?: string;
  /** The device's clock is this far ahead; real ones are 40 minutes off. */
  clockOffsetS?: number;
  habits?: Partial<Habits>;
  /** Shared with the device's streams. */
  guard?: LoginGuard;
  ptz?: Ptz;
  /** A JPEG of what the profile shows now. */
  snapshot?: (profileToken: string) => Promise<Buffer>;
  onReboot?: () => void;
};

/** `slow`: seconds that each answer takes longer. */
export type AnswerFault = { kind: 'none' } | { kind: 'unauthorised' } | { kind: 'slow'; seconds: number };

export type OnvifDevice = AsyncDisposable & {
  port: number;
  url: string;
  identity: Identity;
  habits: Habits;
  events: EventHub;
  ptz: Ptz | undefined;
  setAnswers(fault: AnswerFault): void;
  setNetwork(state: GateState): Promise<void>;
};

const SNAPSHOT_PATH = '/onvif/snapshot/';

const SERVICES: readonly Service[] = [
  DEVICE_SERVICE,
  MEDIA_SERVICE,
  MEDIA2_SERVICE,
  EVENT_SERVICE,
  SUBSCRIPTION_SERVICE,
  IMAGING_SERVICE,
  PTZ_SERVICE,
];

export async function startOnvifDevice(options: OnvifDeviceOptions): Promise<OnvifDevice> {
  const device = createDevice(options);
  const server = createServer({ keepAliveTimeout: 5000 }, (request, response) => {
    void device.respond(request, response).catch(() => response.destroy());
  });
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    server.emit('connection', socket);
  };
  const host = options.host ?? '127.0.0.1';
  const gate = await openGate(accept, { host, port: options.port });
  return {
    port: gate.port,
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${gate.port}${DEVICE_SERVICE.path}`,
    identity: device.context.identity,
    habits: device.context.habits,
    events: device.context.events,
    ptz: options.ptz,
    setAnswers: device.setAnswers,
    async setNetwork(state) {
      for (const socket of sockets) socket.destroy();
      device.context.events.clear();
      await gate.set(state);
    },
    async [Symbol.asyncDispose]() {
      device.context.events[Symbol.dispose]();
      options.ptz?.[Symbol.dispose]();
      for (const socket of sockets) socket.destroy();
      await gate[Symbol.asyncDispose]();
    },
  };
}

function createDevice(options: OnvifDeviceOptions) {
  const habits: Habits = { ...DECENT, clockOffsetS: options.clockOffsetS ?? 0, ...options.habits };
  const nowMs = () => Date.now() + habits.clockOffsetS * 1000;
  const { user, password = '' } = options;
  const guard = options.guard ?? createLoginGuard(habits.lockOut);
  const signIn: SignIn | undefined =
    user === undefined ? undefined : createSignIn({ ...habits, user, password, guard, nowMs });
  const context: Omit<DeviceContext, 'address' | 'host' | 'path'> = {
    identity: identityOf(options),
    habits,
    profiles: options.profiles,
    user,
    nowMs,
    events: createEventHub({ subscriptionsMax: habits.subscriptionsMax, nowMs }),
    imaging: new Map(),
    ptz: options.ptz,
    reboot: () => setImmediate(() => options.onReboot?.()),
  };
  let answers: AnswerFault = { kind: 'none' };

  const isLetIn = (request: IncomingMessage, text: string, action: string): boolean => {
    if (answers.kind === 'unauthorised') return false;
    if (signIn === undefined || (BEFORE_SIGN_IN.has(action) && !habits.isClockLocked)) return true;
    return signIn.isLetIn({ method: request.method ?? '', authorization: request.headers.authorization, text });
  };

  const refuse = (request: IncomingMessage, response: ServerResponse, text: string) => {
    const isToken = /UsernameToken/.test(text) && request.headers.authorization === undefined;
    const challenges = signIn?.challenges() ?? [];
    if (isToken && habits.signatures.some((signature) => signature.startsWith('wsse'))) {
      return sendFault(response, notAuthorized(), habits);
    }
    if (challenges.length === 0) return sendFault(response, notAuthorized(), habits);
    response.writeHead(401, { 'WWW-Authenticate': challenges, 'Content-Length': 0 }).end();
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await readBody(request);
    if (answers.kind === 'slow') await pause(answers.seconds * 1000);
    const path = new URL(request.url ?? '/', 'http://device').pathname;
    if (request.method === 'GET') {
      if (!path.startsWith(SNAPSHOT_PATH) || options.snapshot === undefined) return void response.writeHead(404).end();
      if (!isLetIn(request, '', 'GetSnapshot')) return refuse(request, response, '');
      const jpeg = await options.snapshot(decodeURIComponent(path.slice(SNAPSHOT_PATH.length)));
      return void response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': jpeg.length }).end(jpeg);
    }
    try {
      const asked = readRequest(text);
      if (!isLetIn(request, text, asked.action)) return refuse(request, response, text);
      const [host, port] = (request.headers.host ?? '127.0.0.1').split(':');
      const seen = habits.innerHost ?? host ?? '';
      const address = `http://${seen}${port === undefined ? '' : `:${port}`}`;
      const handler = handlerOf(asked.namespace, asked.action, { ...context });
      const body = await handler(asked, { ...context, address, host: seen, path });
      send(response, { body, header: addressing(asked.namespace, asked), bytesMax: habits.answerBytesMax });
    } catch (error) {
      if (!(error instanceof SoapFault)) throw error;
      sendFault(response, error, habits);
    }
  };

  return {
    context,
    respond,
    setAnswers: (fault: AnswerFault) => {
      answers = fault;
    },
  };
}

function identityOf(options: OnvifDeviceOptions): Identity {
  const { manufacturer, model, firmware = '1.0', serial = '0', hardware = 'virtual' } = options;
  const { name = model, location = 'somewhere', uuid = randomUUID() } = options;
  return { manufacturer, model, firmware, serial, hardware, name, location, uuid };
}

function handlerOf(namespace: string, action: string, device: Pick<DeviceContext, 'habits' | 'ptz'>) {
  const present = new Set<string>([...offered(device).map((prefix) => NAMESPACES[prefix]), NAMESPACES.wsnt]);
  const service = SERVICES.find(({ prefix }) => NAMESPACES[prefix] === namespace);
  const handler = service === undefined || !present.has(namespace) ? undefined : service.handlers[action];
  if (handler === undefined) throw notSupported(action);
  return handler;
}
