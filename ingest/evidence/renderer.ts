/** One clip after the other is blurred in a process of its own at a lower priority: the worker goes on as before. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';
import { type Bundle, encodeBundle } from '#models/wire/evidence.ts';
import { ROOT_DIR } from '#system/config.ts';
import { type BlurAnswer, type BlurOrder, readAnswer } from './blur/order.ts';

export type Renderer = AsyncDisposable & {
  /** Throws FaultError `evidence-crowded` or `evidence-not-cut`; the signal ends it. */
  render: (order: BlurOrder, clip: Buffer, signal: AbortSignal) => Promise<Bundle<BlurAnswer>>;
  waiting: () => number;
};

const SCRIPT = resolve(ROOT_DIR, 'ingest/evidence/blur/main.ts');
/** Of one clip, once it is its turn. */
const TIMEOUT_MS = 180_000;
const ANSWER_MAX_BYTES = 256 * 1024 ** 2;
const SAID_MAX = 2000;

/** Loss rule: who comes while `waitingMax` wait is refused, and may ask again while the ring still has it. */
export function createRenderer({ waitingMax = 4 }: { waitingMax?: number } = {}): Renderer {
  const closing = new AbortController();
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    waiting: () => waiting,
    async render(order, clip, signal) {
      if (waiting > waitingMax) throw new FaultError('evidence-crowded', `${waiting} clips wait to be blurred`);
      waiting++;
      const ended = AbortSignal.any([signal, closing.signal]);
      const turn = last.then(() => runOnce(encodeBundle(order, { clip }), ended));
      last = turn.catch(() => {});
      return await turn.finally(() => waiting--);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await last;
    },
  };
}

async function runOnce(order: Buffer, ended: AbortSignal): Promise<Bundle<BlurAnswer>> {
  if (ended.aborted) throw new FaultError('evidence-not-cut', 'nobody waits for the clip any more');
  const late = AbortSignal.timeout(TIMEOUT_MS);
  const signal = AbortSignal.any([ended, late]);
  const child = spawn(process.execPath, [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' });
  const chunks: Buffer[] = [];
  let [bytes, said] = [0, ''];
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_MAX_BYTES) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-SAID_MAX);
  });
  // A child that ends early breaks the pipe; its exit code says why.
  child.stdin.on('error', () => {});
  child.stdin.end(order);
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', (error) => (signal.aborted ? done(null) : fail(error)));
    child.once('close', done);
  });
  if (late.aborted && code !== 0)
    throw new FaultError(
      'evidence-crowded',
      `the clip was not blurred within ${TIMEOUT_MS / 1000} s: the machine is busy`,
    );
  if (code !== 0) {
    const why = ended.aborted ? 'it was ended' : said.trim() || `it ended with ${code}`;
    throw new FaultError('evidence-not-cut', `the clip was not blurred: ${why}`);
  }
  return readAnswer(Buffer.concat(chunks));
}
