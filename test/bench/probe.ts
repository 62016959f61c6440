/**
 * How long a probe takes, and how our ONVIF client and npm `onvif` take bad answers: node test/bench/probe.ts
 *
 * Goal: a probe of a well-behaved camera takes 3 s at most beside the seconds that are measured.
 */
import { fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { Cam } from 'onvif/promises/index.js';
import { MAKES } from '#demo/devices/make.ts';
import { openOnvifClient } from '#ingest/onvif/client.ts';
import { readInformation, readServices } from '#ingest/onvif/device-services.ts';
import { createLogins } from '#ingest/onvif/logins.ts';
import { readProfiles } from '#ingest/onvif/media.ts';
import { probeDevice } from '#ingest/onvif/probe.ts';
import { pause } from '#system/lifecycle.ts';
import { startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { startHostileDevice } from '#test/ingest/onvif/hostile-device.ts';
import { machine } from './judging/streams.ts';

const PROBES = 5;
const MEASURE_S = 2;
const GIVE_UP_MS = 15_000;

type Device = { port: number; user: string; password: string };

async function withOurs({ port, user, password }: Device): Promise<number> {
  const client = await openOnvifClient({ host: '127.0.0.1', port, user, password, logins: createLogins() });
  await client.readClock();
  await readInformation(client);
  return (await readProfiles(await readServices(client))).length;
}

async function withLibrary({ port, user, password }: Device): Promise<number> {
  const login = { hostname: '127.0.0.1', port, username: user, password };
  const cam = new Cam({ ...login, timeout: 8000, autoconnect: false, preserveAddress: true });
  await cam.connect();
  await cam.getDeviceInformation();
  return ((await cam.getProfiles()) as unknown as unknown[]).length;
}

const CLIENTS = { ours: withOurs, library: withLibrary };
type ClientName = keyof typeof CLIENTS;

/** In a process of its own: an uncaught error of the client ends it, and its memory is its own. */
async function child(name: ClientName, device: Device): Promise<void> {
  const startMs = performance.now();
  const result = await CLIENTS[name](device).then(
    (profiles) => `${profiles} profiles`,
    (error: Error & { code?: string }) => `${error.code ?? error.name}: ${error.message.slice(0, 90)}`,
  );
  process.send?.({
    result,
    tookMs: Math.round(performance.now() - startMs),
    rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  });
}

type Outcome = { result: string; tookMs: number; rssMb: number };

function measure(name: ClientName, device: Device): Promise<Outcome> {
  return new Promise((resolve) => {
    const startMs = performance.now();
    const forked = fork(import.meta.filename, [name, JSON.stringify(device)], {
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      forked.kill('SIGKILL');
      resolve(outcome);
    };
    const since = () => Math.round(performance.now() - startMs);
    const timer = setTimeout(
      () => end({ result: `no answer in ${GIVE_UP_MS / 1000} s`, tookMs: since(), rssMb: 0 }),
      GIVE_UP_MS,
    );
    forked.once('message', (outcome) => end(outcome as Outcome));
    forked.once('exit', (code) => end({ result: `the process ended (${code})`, tookMs: since(), rssMb: 0 }));
  });
}

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/soap+xml\r\n';

const HOSTILE: Record<string, (socket: Socket) => unknown> = {
  'cut in the middle': (socket) => socket.end(`${head}content-length: 30\r\n\r\n<s:Envelope><s:Body><tds:GetSy`),
  'drips for ever': async (socket) => {
    socket.write(`${head}\r\n<a>`);
    while (!socket.destroyed) {
      socket.write('x');
      await pause(200);
    }
  },
  '200 MB': async (socket) => {
    socket.write(`${head}\r\n<a>`);
    const chunk = Buffer.alloc(1024 ** 2, 'x');
    for (let sent = 0; sent < 200 && !socket.destroyed; sent += 1) {
      if (!socket.write(chunk))
        await Promise.race(['drain', 'close'].map((event) => new Promise((done) => socket.once(event, done))));
    }
    socket.end('</a>');
  },
  '200,000 levels deep': (socket) => socket.end(`${head}connection: close\r\n\r\n${'<a>'.repeat(200_000)}`),
};

async function main(): Promise<void> {
  console.log(machine());
  const fleet = await startSmallFleet({ count: MAKES.length, makes: [...MAKES], clip: { width: 1280, height: 720 } });
  await fleet.fleet.prepared;
  const of = ({ onvif, plan }: (typeof fleet.devices)[number], password = plan.password) => ({
    port: onvif.port,
    user: plan.user,
    password,
  });

  const beside: number[] = [];
  for (let run = 0; run < PROBES; run += 1) {
    const steps = [];
    const startMs = performance.now();
    const options = { host: '127.0.0.1', ...of(fleet.device(1)), logins: createLogins(), seconds: MEASURE_S };
    for await (const step of probeDevice(options)) steps.push(step);
    if (steps.at(-1)?.step !== 'choice') throw new Error(`the probe ended with ${steps.at(-1)?.message}`);
    beside.push((performance.now() - startMs) / 1000 - MEASURE_S);
  }
  const sorted = beside.toSorted((a, b) => a - b);
  console.log(
    `a probe beside ${MEASURE_S} s of measuring: median ${sorted[PROBES >> 1]?.toFixed(2)} s, longest ${sorted.at(-1)?.toFixed(2)} s; goal 3 s`,
  );

  const row = async (what: string, device: Device) => {
    for (const name of ['ours', 'library'] as const) {
      const { result, tookMs, rssMb } = await measure(name, device);
      console.log(
        `${what.padEnd(30)} ${name.padEnd(8)} ${String(tookMs).padStart(6)} ms ${String(rssMb).padStart(4)} MB  ${result}`,
      );
    }
  };
  for (const device of fleet.devices) await row(device.plan.make.id, of(device));
  for (const device of fleet.devices) await row(`${device.plan.make.id}, wrong password`, of(device, 'wrong'));
  for (const [what, answer] of Object.entries(HOSTILE)) {
    await using device = await startHostileDevice(answer);
    await row(what, { port: device.port, user: 'admin', password: 'secret' });
  }
  await fleet[Symbol.asyncDispose]();
  process.exitCode = (sorted.at(-1) ?? Number.POSITIVE_INFINITY) <= 3 ? 0 : 1;
}

const [name, device] = process.argv.slice(2);
if (name === undefined) await main();
else await child(name as ClientName, JSON.parse(device ?? '{}') as Device);
