/** From what a download died of to a code with a cure. */
import { FaultError } from '../schema/fault.ts';

type Context = {
  url: string;
  limits: { readMs: number; overallMs: number };
  /** The deadline of the whole download is over. */
  isOver: boolean;
};

export function fetchFault(error: unknown, { url, limits, isOver }: Context): FaultError {
  const about = { url };
  if (isOver) {
    const message = `${url} was not fetched within ${limits.overallMs / 1000} s`;
    return new FaultError('download-timed-out', message, { cause: error, about });
  }
  const cause = rootOf(error);
  if (cause instanceof FaultError) {
    if (cause.code !== 'download-timed-out') return cause;
    const message = `${url} sent nothing for ${limits.readMs / 1000} s`;
    return new FaultError('download-timed-out', message, { cause: error, about });
  }
  const { code, path, message: words } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new FaultError('disk-full', `no room for ${path ?? 'the download'}`, { cause: error });
  const reason = code ?? words;
  if (code !== undefined && BROKEN_OFF.has(code)) {
    return new FaultError('download-broken-off', `${url} broke off (${reason})`, { cause: error, about });
  }
  return new FaultError('download-unreachable', `${url} cannot be reached (${reason})`, { cause: error, about });
}

/** Whether the same request may succeed a little later. */
export function isRetryable({ code, about }: FaultError): boolean {
  if (code === 'download-refused') return Number(about.status) >= 500 || about.status === 429;
  return code === 'download-broken-off' || code === 'download-timed-out';
}

const BROKEN_OFF: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/** What `fetch` hides below "fetch failed" and "terminated". */
function rootOf(error: unknown): Error {
  let root = error instanceof Error ? error : new Error(String(error));
  while (root.cause instanceof Error && !(root instanceof FaultError)) root = root.cause;
  return root;
}
