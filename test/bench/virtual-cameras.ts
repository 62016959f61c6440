/**
 * Prints what it costs to serve 30 virtual cameras of 720p15, each to one reader over TCP: node
 * test/bench/virtual-cameras.ts. The cameras are a process of their own, as with `demo cameras`; its CPU time and memory
 * are measured; the readers only take what comes.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { DescribedDevice } from '#demo/devices/control.ts';
import { findClips } from '#demo/devices/found-clips.ts';
import { type CameraProcess, startCameraProcess } from '#demo/devices/serve-process.ts';
import { loadConfig } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';

const CAMERAS = 30;
const SETTLE_MS = 8000;
const MEASURE_MS = 30_000;

const WANTED = { cores: 0.1, memoryMb: 200 };

/** Seconds of CPU since the process began; /proc counts in hundredths. */
function cpuSeconds({ pid }: CameraProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function memoryMb({ pid }: CameraProcess): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { now: read('VmRSS'), most: read('VmHWM') };
}

type Reader = { bytes: number; pictures: number; socket: Socket };

/** A player that plays and counts: pictures are RTP packets with the marker bit. */
async function read({ user, password, streams: [url = ''] }: DescribedDevice): Promise<Reader> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const reader: Reader = { bytes: 0, pictures: 0, socket };
  let waiting: ((text: string) => void) | undefined;
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    reader.bytes += chunk.length;
    if (waiting !== undefined) return waiting(chunk.toString('latin1'));
    rest = takePackets(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), reader);
  });
  let sequence = 0;
  let challenge: string | undefined;
  const ask = (method: string, target: string, headers: string[] = []) =>
    new Promise<string>((done) => {
      waiting = done;
      sequence += 1;
      const signature = challenge === undefined ? [] : [sign(challenge, { user, password, method, target })];
      socket.write(
        [`${method} ${target} RTSP/1.0`, `CSeq: ${sequence}`, ...headers, ...signature, '', ''].join('\r\n'),
      );
    });
  challenge = await ask('DESCRIBE', url);
  await ask('DESCRIBE', url);
  const setup = await ask('SETUP', `${url}/trackID=0`, ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1']);
  const session = /Session: (\w+)/.exec(setup)?.[1] ?? '';
  const played = await ask('PLAY', url, [`Session: ${session}`]);
  if (!played.startsWith('RTSP/1.0 200')) throw new Error(`${url} was not played: ${played.slice(0, 40)}`);
  waiting = undefined;
  rest = Buffer.from(played.slice(played.indexOf('\r\n\r\n') + 4), 'latin1');
  return reader;
}

function sign(
  challenge: string,
  { user, password, method, target }: Record<'user' | 'password' | 'method' | 'target', string>,
): string {
  const [realm, nonce] = ['realm', 'nonce'].map((name) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '');
  const hash = (text: string) => createHash('md5').update(text).digest('hex');
  const response = hash(`${hash(`${user}:${realm}:${password}`)}:${nonce}:${hash(`${method}:${target}`)}`);
  return `Authorization: Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${target}", response="${response}"`;
}

/** Counts what is whole and returns the beginning of the next frame. */
function takePackets(bytes: Buffer, reader: Reader): Buffer {
  let at = 0;
  while (bytes.length - at >= 4) {
    const end = at + 4 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) break;
    if (bytes[at + 1] === 0 && (bytes[at + 5]! & 0x80) !== 0) reader.pictures += 1;
    at = end;
  }
  return bytes.subarray(at);
}

if (import.meta.main) {
  const [cpu] = cpus();
  console.log(`${cpus().length} x ${cpu?.model}, Node ${process.version}`);
  const dataDir = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-bench-'));
  const { materialDir } = loadConfig();
  const files = await findClips({ materialDir, cacheDir: resolve(dataDir, 'demo/clips') });
  const served = await startCameraProcess({
    count: CAMERAS,
    recorders: 0,
    ptz: 0,
    codecs: ['h264'],
    profiles: ['plain'],
    host: '127.0.0.1',
    port: 0,
    rtspPort: 0,
    dataDir: resolve(dataDir, 'demo'),
    materialDir,
  });
  try {
    const idle = cpuSeconds(served);
    const readers = await Promise.all(served.devices.map(read));
    await pause(SETTLE_MS);
    const before = {
      cpu: cpuSeconds(served),
      atMs: performance.now(),
      pictures: sum(readers, 'pictures'),
      bytes: sum(readers, 'bytes'),
    };
    await pause(MEASURE_MS);
    const seconds = (performance.now() - before.atMs) / 1000;
    const cores = (cpuSeconds(served) - before.cpu) / seconds;
    const rate = (sum(readers, 'pictures') - before.pictures) / seconds / CAMERAS;
    const mbit = ((sum(readers, 'bytes') - before.bytes) * 8) / seconds / 1e6;
    const memory = memoryMb(served);
    const verdict = (isMet: boolean) => (isMet ? '' : '  MISSED');
    console.log(
      `${CAMERAS} cameras from ${files.length} clips, one TCP reader each: ${rate.toFixed(2)} pictures/s each, ${mbit.toFixed(1)} Mbit/s in all`,
    );
    console.log(
      `CPU     ${(cores * 100).toFixed(1)} % of a core (wanted: under ${WANTED.cores * 100} %)${verdict(cores < WANTED.cores)}; start ${idle.toFixed(1)} s`,
    );
    console.log(
      `memory  ${memory.now.toFixed(0)} MiB (wanted: under ${WANTED.memoryMb}), at most ${memory.most.toFixed(0)} MiB${verdict(memory.now < WANTED.memoryMb)}`,
    );
    for (const { socket } of readers) socket.destroy();
  } finally {
    await served[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function sum(readers: readonly Reader[], key: 'bytes' | 'pictures'): number {
  return readers.reduce((total, reader) => total + reader[key], 0);
}
