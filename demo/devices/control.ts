/** A small HTTP endpoint on loopback, with a token: which faults there are, who has one, on and off. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import Type from 'typebox';
import { isTopic, TOPICS } from '#demo/onvif/events.ts';
import { checker } from '#models/schema/check.ts';
import { FAULTS, FaultError, faultCodeOf } from '#models/schema/fault.ts';
import { type ControlNote, controlNotePath } from './control-note.ts';
import { FAULT_TABLE } from './fault-table.ts';
import type { Fleet } from './fleet.ts';

export type Control = AsyncDisposable & { url: string; token: string };

const Wish = Type.Object(
  {
    camera: Type.Optional(Type.String({ description: 'Number, id, recorder-31/3, or all' })),
    street: Type.Optional(Type.String({ description: 'A part of its name' })),
    kind: Type.String({ description: 'An id of GET /faults' }),
    forS: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    amount: Type.Optional(Type.Number()),
  },
  { additionalProperties: false },
);
const Happening = Type.Object(
  { camera: Type.String(), topic: Type.String(), isOn: Type.Boolean() },
  { additionalProperties: false },
);
const checkWish = checker('the fault', Wish);
const checkHappening = checker('the event', Happening);

const BODY_BYTES_MAX = 16 * 1024;

type Answer = { status?: number; body: unknown };

/** `dataDir`: where the note is left. */
export async function startControl(
  fleet: Fleet,
  { port, dataDir }: { port: number; dataDir: string },
): Promise<Control> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => void respond(request, response));
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status = 200, body } = isKnown(request.headers.authorization, token)
      ? await answer(fleet, request).catch(asProblem)
      : asProblem(new FaultError('unauthenticated', 'Authorization: Bearer … is missing or wrong'));
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  };
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') fail(error);
      else fail(new FaultError('port-taken', `port ${port} is taken`, { cause: error }));
    });
    server.listen(port, '127.0.0.1', done);
  });
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const notePath = controlNotePath(dataDir);
  mkdirSync(dirname(notePath), { recursive: true });
  rmSync(notePath, { force: true });
  writeFileSync(notePath, `${JSON.stringify({ pid: process.pid, url, token } satisfies ControlNote)}\n`, {
    mode: 0o600,
  });
  return {
    url,
    token,
    async [Symbol.asyncDispose]() {
      rmSync(notePath, { force: true });
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function isKnown(header: string | undefined, token: string): boolean {
  const [given, expected] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function answer(fleet: Fleet, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://control');
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /faults':
      return { body: { faults: FAULT_TABLE, active: fleet.faults() } };
    case 'GET /cameras':
      return { body: { cameras: describeDevices(fleet) } };
    case 'POST /faults':
      return { body: { active: await fleet.setFault(checkWish(await readJson(request))) } };
    case 'DELETE /faults': {
      const [camera, street] = [
        url.searchParams.get('camera') ?? undefined,
        url.searchParams.get('street') ?? undefined,
      ];
      return { body: { over: await fleet.clearFaults({ camera, street }) } };
    }
    case 'POST /events': {
      const { camera, topic, isOn } = checkHappening(await readJson(request));
      if (!isTopic(topic)) throw new FaultError('invalid-value', `topic is one of ${Object.keys(TOPICS).join(', ')}`);
      fleet.raise(camera, topic, isOn);
      return { body: {} };
    }
    default:
      throw new FaultError('not-found', `there is no ${request.method} ${url.pathname}`);
  }
}

export type DescribedDevice = {
  number: number;
  id: string;
  name: string;
  street: string;
  profile: string;
  onvif: string;
  user: string;
  password: string;
  streams: string[];
};

/** Everything that somebody needs to use the devices. */
export function describeDevices({ devices }: Fleet): DescribedDevice[] {
  return devices.map((device) => ({
    number: device.plan.number,
    id: device.plan.id,
    name: device.plan.name,
    street: device.plan.street,
    profile: device.plan.make.id,
    onvif: device.onvif.url,
    user: device.plan.user,
    password: device.plan.password,
    streams: device.streams.map(device.urlOf),
  }));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_BYTES_MAX) throw new FaultError('invalid-value', 'the body is too long');
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FaultError('invalid-value', 'the body is no JSON', { cause });
  }
}

function asProblem(error: unknown): Answer {
  const code = faultCodeOf(error);
  const { status, cure } = FAULTS[code];
  return { status, body: { code, message: (error as Error).message, cure: (error as FaultError).cure ?? cure } };
}
