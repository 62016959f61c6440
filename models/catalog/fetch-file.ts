/** Fetches a file over HTTP into a part that outlives a cut: the next try goes on where the last one ended. */
import { once } from 'node:events';
import { createWriteStream, rmSync, statSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { FaultError } from '../schema/fault.ts';
import { fetchFault, isRetryable } from './fetch-fault.ts';

export type FetchLimits = {
  /** Longest wait for an answer or for more of it. */
  readMs: number;
  /** For all tries together. */
  overallMs: number;
  bytesMax: number;
  /** In a row that brought nothing more. */
  tries: number;
  /** Before the second try; doubled before each further one. */
  retryMs: number;
};

export const FETCH_LIMITS: FetchLimits = {
  readMs: 30_000,
  overallMs: 3_600_000,
  bytesMax: 512 * 2 ** 20,
  tries: 4,
  retryMs: 1000,
};

export type FetchProgress = { bytes: number; totalBytes: number | null };

export type FetchFileOptions = {
  url: string;
  /** The part; when this returns, it is the whole file. */
  path: string;
  /** What the file has; absent where nobody knows. */
  bytes?: number | undefined;
  limits: FetchLimits;
  onProgress?: ((progress: FetchProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
};

/** Throws FaultError `download-…` or `disk-full`; the part stays where a later try can go on with it. */
export async function fetchFile(options: FetchFileOptions): Promise<void> {
  const { limits, path } = options;
  const overall = AbortSignal.timeout(limits.overallMs);
  const signal = options.signal === undefined ? overall : AbortSignal.any([overall, options.signal]);
  let best = sizeOf(path);
  for (let failures = 0; ; ) {
    try {
      await fetchOnce({ ...options, signal });
      return;
    } catch (error) {
      const fault = fetchFault(error, { ...options, isOver: overall.aborted });
      options.signal?.throwIfAborted();
      if (fault.code === 'download-wrong-size') rmSync(path, { force: true });
      failures = sizeOf(path) > best ? 1 : failures + 1;
      best = Math.max(best, sizeOf(path));
      if (failures >= limits.tries || signal.aborted || !isRetryable(fault)) throw fault;
      const waitMs = Math.min(30_000, limits.retryMs * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
      await pause(waitMs, undefined, { signal }).catch(() => {});
    }
  }
}

/** One request for what is missing. */
async function fetchOnce({ url, path, bytes, limits, onProgress, signal }: FetchFileOptions): Promise<void> {
  const from = sizeOf(path);
  if (bytes !== undefined && from === bytes) return;
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(new FaultError('download-timed-out', 'stalled')), limits.readMs);
  try {
    const response = await fetch(url, {
      headers: { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) },
      signal: signal === undefined ? stall.signal : AbortSignal.any([stall.signal, signal]),
    });
    const { start, totalBytes } = readAnswer(response, { url, path, from });
    const bytesMax = bytes ?? limits.bytesMax;
    const isOther = totalBytes !== null && (totalBytes > bytesMax || (bytes !== undefined && totalBytes < bytes));
    if (isOther) throw wrongSize(url, { found: totalBytes, bytes, bytesMax });
    const out = createWriteStream(path, { flags: start === 0 ? 'w' : 'a' });
    // Its error is met by `write` and `finished` below, and by nobody while the network is waited for.
    out.on('error', () => stall.abort(out.errored));
    let count = start;
    try {
      for await (const chunk of response.body ?? []) {
        timer.refresh();
        count += chunk.length;
        if (count > bytesMax) throw wrongSize(url, { found: `${count} or more`, bytes, bytesMax });
        if (!out.write(chunk)) await once(out, 'drain');
        onProgress?.({ bytes: count, totalBytes: totalBytes ?? bytes ?? null });
      }
    } finally {
      out.end();
      await finished(out);
    }
    const wanted = bytes ?? totalBytes ?? count;
    if (count < wanted) throw new FaultError('download-broken-off', `${url} ended after ${count} of ${wanted} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

/** Where its bytes belong, and how many the whole file has. Throws where the answer is no file. */
function readAnswer(
  response: Response,
  { url, path, from }: { url: string; path: string; from: number },
): { start: number; totalBytes: number | null } {
  const { status, headers } = response;
  if (status === 200) {
    const length = headers.get('content-length');
    return { start: 0, totalBytes: length === null ? null : Number(length) };
  }
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
  if (status === 206 && Number(start) === from) {
    return { start: from, totalBytes: total === undefined || total === '*' ? null : Number(total) };
  }
  void response.body?.cancel();
  if (from > 0 && (status === 206 || status === 416)) {
    // The part is of another file, or longer than this one.
    rmSync(path, { force: true });
    throw new FaultError('download-broken-off', `${url} cannot go on after ${from} bytes: it is begun anew`);
  }
  throw new FaultError('download-refused', `${url} answers ${status} ${response.statusText}`, {
    about: { url, status },
  });
}

function wrongSize(
  url: string,
  { found, bytes, bytesMax }: { found: number | string; bytes?: number | undefined; bytesMax: number },
) {
  const expected = bytes === undefined ? `at most ${bytesMax}` : String(bytes);
  const message = `${url} has ${found} bytes, expected ${expected}`;
  return new FaultError('download-wrong-size', message, { about: { url } });
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
