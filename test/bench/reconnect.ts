/**
 * A power cut returns 1,000 cameras at once: node test/bench/reconnect.ts. Their sockets are real RTSP listeners on
 * addresses of loopback, in ten sites, a recorder with 32 channels among them; who connects are two workers' governors
 * and back-offs. Beside them, in the same run, what was before: first come first served at ten logins a second each.
 * Says the time until 95 % are live, the same of the important ones, the peak of connections a second in all and at a
 * site, and of logins at once on the recorder. Then 120 cameras drop out while 880 have been dead for long.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createGovernor, type Governor } from '#ingest/camera/admission.ts';
import { Backoff } from '#ingest/camera/backoff.ts';
import { CAMERA_TIMINGS } from '#ingest/camera/timings.ts';
import type { Importance } from '#models/schema/camera.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';

const CAMERAS = 1000;
const CHANNELS = 32;
const SITES = 10;
const WORKERS = 2;
const PORT = 8654;
const ANSWER_MS = 60;
const LIVE_SHARE = 0.95;
const LIMIT_MS = 300_000;
const DEAD = 880;

type Virtual = { index: number; host: string; device: string; site: string; importance: Importance };

/** Cameras 0 to 31 are channels of one recorder; every tenth is important. */
const cameras: Virtual[] = Array.from({ length: CAMERAS }, (_, index) => {
  const box = index < CHANNELS ? 0 : index;
  const host = `127.77.${box >> 8}.${box & 255 || 255}`;
  const importance = index % 10 === 0 ? 'high' : 'normal';
  return { index, host, device: `${host}:${PORT}`, site: `site-${index % SITES}`, importance };
});

/** The cameras' side: answers DESCRIBE after a while when it has power, else resets; counts what comes. */
class City implements AsyncDisposable {
  readonly #servers: Server[] = [];
  readonly #hasPower = new Set<string>();
  readonly #open = new Map<string, number>();
  /** Moments at which somebody connected, and where. */
  readonly connections: { atMs: number; host: string }[] = [];
  peakAtDevice = 0;

  async open(): Promise<void> {
    for (const host of new Set(cameras.map((camera) => camera.host))) {
      const server = createServer((socket) => this.#answer(socket, host));
      server.listen(PORT, host);
      await once(server, 'listening');
      this.#servers.push(server);
    }
  }

  power(host: string, isOn: boolean): void {
    if (isOn) this.#hasPower.add(host);
    else this.#hasPower.delete(host);
  }

  #answer(socket: Socket, host: string): void {
    this.connections.push({ atMs: performance.now(), host });
    socket.on('error', () => {});
    if (!this.#hasPower.has(host)) return void socket.resetAndDestroy();
    const open = (this.#open.get(host) ?? 0) + 1;
    this.#open.set(host, open);
    this.peakAtDevice = Math.max(this.peakAtDevice, open);
    socket.on('close', () => this.#open.set(host, (this.#open.get(host) ?? 1) - 1));
    socket.once('data', () =>
      setTimeout(() => socket.end('RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 0\r\n\r\n'), ANSWER_MS),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) server.close();
  }
}

/** One login: connects, asks, and is through when it was answered 200. */
async function logIn({ host }: Virtual): Promise<boolean> {
  const socket = connect({ host, port: PORT });
  try {
    await once(socket, 'connect');
    socket.write(`DESCRIBE rtsp://${host}:${PORT}/ RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    return text.startsWith('RTSP/1.0 200');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

type Door = {
  admit: (camera: Virtual, tries: number, downSinceMs: number, signal: AbortSignal) => Promise<() => void>;
};

const governed = (governor: Governor): Door => ({
  admit: ({ device, site, importance }, tries, downSinceMs, signal) =>
    governor.admit({ device, site, importance, tries, downSinceMs, signal }),
});

/** As it was: one at a time per device, and then a turn in the order of asking. */
function firstCome(gapMs: number): Door {
  const tails = new Map<string, Promise<void>>();
  let nextMs = 0;
  return {
    async admit({ device }, _tries, _downSinceMs, signal) {
      const before = tails.get(device) ?? Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      tails.set(device, promise);
      await before;
      const startMs = Math.max(performance.now(), nextMs);
      nextMs = startMs + gapMs;
      if (startMs > performance.now()) await pause(startMs - performance.now(), signal);
      return resolve;
    },
  };
}

type Watch = { live: Map<number, number>; dead: Set<number> };

/** The supervisor's loop without pictures: logs in until it is through, then stays live. */
async function supervise(
  camera: Virtual,
  door: Door,
  watch: Watch & { signal: AbortSignal; tries: number },
): Promise<void> {
  const { signal, live } = watch;
  const backoff = new Backoff(CAMERA_TIMINGS);
  for (let before = 0; before < watch.tries; before++) backoff.after('camera-refused', 0);
  const downSinceMs = Date.now();
  // A camera that has been tried for long is somewhere in its pause.
  if (watch.tries > 0)
    await pause(backoffMs(9, { baseMs: 1000, capMs: CAMERA_TIMINGS.retryCapMs }) * Math.random(), signal);
  while (!signal.aborted) {
    const leave = await door.admit(camera, backoff.failures, downSinceMs, signal);
    const isThrough = !signal.aborted && (await logIn(camera));
    leave();
    if (isThrough) return void live.set(camera.index, performance.now());
    await pause(backoff.after('camera-refused', 0), signal);
  }
}

type Scenario = { returning: readonly Virtual[]; dead: readonly Virtual[] };

async function run(doors: readonly Door[], { returning, dead }: Scenario): Promise<Record<string, string>> {
  await using city = new City();
  await city.open();
  const stopping = new AbortController();
  const watch = { live: new Map<number, number>(), dead: new Set<number>(), signal: stopping.signal };
  const go = (camera: Virtual, tries: number) => supervise(camera, doors[camera.index % WORKERS]!, { ...watch, tries });
  const deadLoops = dead.map((camera) => go(camera, 12));
  if (dead.length > 0) await pause(40_000);
  for (const { host } of returning) city.power(host, true);
  const startMs = performance.now();
  const loops = returning.map((camera) => go(camera, 0));
  const limit = setTimeout(() => stopping.abort(), LIMIT_MS);
  const timesOf = (some: readonly Virtual[]) => {
    const times = some.map(({ index }) => (watch.live.get(index) ?? Number.POSITIVE_INFINITY) - startMs);
    return times.sort((a, b) => a - b)[Math.ceil(LIVE_SHARE * some.length) - 1]! / 1000;
  };
  await Promise.all(loops);
  clearTimeout(limit);
  stopping.abort();
  await Promise.all(deadLoops);
  const siteOf = new Map(cameras.map(({ host, site }) => [host, site]));
  const sites = Array.from({ length: SITES }, (_, site) =>
    peakPerS(city.connections.filter(({ host }) => siteOf.get(host) === `site-${site}` && host !== cameras[0]!.host)),
  );
  return {
    '95 % live s': timesOf(returning).toFixed(1),
    'important s': timesOf(returning.filter(({ importance }) => importance === 'high')).toFixed(1),
    'peak/s': String(peakPerS(city.connections)),
    'peak/s at a site': String(Math.max(...sites)),
    'at once on the recorder': String(city.peakAtDevice),
  };
}

/** Most connections within any second. */
function peakPerS(connections: readonly { atMs: number }[]): number {
  let [peak, first] = [0, 0];
  connections.forEach(({ atMs }, index) => {
    while (atMs - connections[first]!.atMs > 1000) first++;
    peak = Math.max(peak, index - first + 1);
  });
  return peak;
}

const before = () => Array.from({ length: WORKERS }, () => firstCome(100));
const after = () => Array.from({ length: WORKERS }, () => governed(createGovernor({ loginsPerS: 20 / WORKERS })));
const nothing = () => Array.from({ length: WORKERS }, () => firstCome(0));
const all: Scenario = { returning: cameras, dead: [] };
const some: Scenario = { returning: cameras.slice(DEAD), dead: cameras.slice(0, DEAD) };

const rows: Record<string, Record<string, string>> = {};
rows['1000 return, no limit at all'] = await run(nothing(), all);
rows['1000 return, before'] = await run(before(), all);
rows['1000 return, governed'] = await run(after(), all);
rows['120 return, 880 dead, before'] = await run(before(), some);
rows['120 return, 880 dead, governed'] = await run(after(), some);
console.table(rows);
process.exit(0);
