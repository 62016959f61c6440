/**
 * Sessions of the writer: a connection that is kept between requests, with its temporary tables and what SET said.
 * States: absent → busy (a request runs on it) → idle (its timeout runs) → busy … → absent (timed out or closed).
 */
import type { EngineConnection } from './native.ts';
import { storeError } from './store-error.ts';

const SESSIONS_MAX = 64;
const TIMEOUT_S = 60;
const TIMEOUT_MAX_S = 3600;

export type SessionUse = AsyncDisposable & { connection: EngineConnection };

export type Sessions = Disposable & {
  count: () => number;
  /** Throws SESSION_IS_LOCKED, SESSION_NOT_FOUND (with `session_check`) or INVALID_SESSION_TIMEOUT. */
  use: (id: string, params: URLSearchParams) => SessionUse;
};

type Kept = { connection: EngineConnection; isBusy: boolean; timer: NodeJS.Timeout | undefined };

export function createSessions(connect: () => EngineConnection): Sessions {
  const kept = new Map<string, Kept>();

  function close(id: string): void {
    const session = kept.get(id);
    if (session === undefined) return;
    clearTimeout(session.timer);
    kept.delete(id);
    session.connection.close();
  }

  function open(id: string, isCheckOnly: boolean): Kept {
    const session = kept.get(id);
    if (session?.isBusy) throw storeError('SESSION_IS_LOCKED', `Session ${id} is locked by a concurrent client.`);
    if (session !== undefined) return session;
    if (isCheckOnly) throw storeError('SESSION_NOT_FOUND', `Session ${id} not found.`);
    if (kept.size >= SESSIONS_MAX) {
      throw storeError(
        'TOO_MANY_SIMULTANEOUS_QUERIES',
        `${SESSIONS_MAX} sessions are open; close one or let it time out.`,
      );
    }
    const opened = { connection: connect(), isBusy: false, timer: undefined };
    kept.set(id, opened);
    return opened;
  }

  return {
    count: () => kept.size,
    use(id, params) {
      const timeoutS = Number(params.get('session_timeout') ?? TIMEOUT_S);
      if (!(timeoutS > 0 && timeoutS <= TIMEOUT_MAX_S)) {
        throw storeError('INVALID_SESSION_TIMEOUT', `session_timeout must be within 1 and ${TIMEOUT_MAX_S} seconds.`);
      }
      const session = open(id, params.get('session_check') === '1');
      clearTimeout(session.timer);
      session.isBusy = true;
      return {
        connection: session.connection,
        async [Symbol.asyncDispose]() {
          session.isBusy = false;
          if (params.get('close_session') === '1') close(id);
          else session.timer = setTimeout(() => close(id), timeoutS * 1000).unref();
        },
      };
    },
    [Symbol.dispose]() {
      for (const id of [...kept.keys()]) close(id);
    },
  };
}
