/** Alerts over a WebSocket: the same as server-sent events, as one JSON text per message. */
import type { WebSocket } from 'ws';
import { FAULTS, FaultError, faultCodeOf } from '#models/schema/fault.ts';
import type { Beginning } from './begin.ts';
import { deliverEvents, endingOf, type Sink } from './deliver.ts';
import type { Follower } from './follow.ts';
import type { AlertHub } from './hub.ts';

type Options = {
  hub: AlertHub;
  beginning: Beginning;
  signal: AbortSignal;
  onSent: (events: number) => void;
  pingEveryMs?: number;
  patienceMs?: number;
};

export const SOCKET_CLOSE_CODES = { signInEnded: 4401, tooSlow: 4408, refused: 4429, again: 4503 } as const;

const WAITING_MAX_BYTES = 64 * 1024;
const PING_EVERY_MS = 15_000;

/** `{"sequence": 42, "event": {…}}`, and at the ends `{"gap": …}` and `{"end": …}`. Resolves when the socket is closed. */
export async function sendEvents(socket: WebSocket, follower: Follower, options: Options): Promise<void> {
  const { beginning, pingEveryMs = PING_EVERY_MS } = options;
  let drain = () => {};
  let hasAnswered = true;
  const silent = new AbortController();
  socket.on('pong', () => {
    hasAnswered = true;
  });
  const pinging = setInterval(() => {
    if (!hasAnswered) silent.abort(new FaultError('alert-stream-slow', 'a ping was not answered'));
    hasAnswered = false;
    socket.ping();
  }, pingEveryMs);
  const isFull = () => socket.bufferedAmount > WAITING_MAX_BYTES;
  const sink: Sink = {
    write(events) {
      for (const { sequence, json } of events) {
        socket.send(`{"sequence":${sequence},"event":${json}}`, () => {
          if (!isFull()) drain();
        });
      }
      return { isFull: isFull() };
    },
    drained: () =>
      new Promise<void>((resolve) => {
        drain = resolve;
        if (!isFull()) resolve();
      }),
    stillHere() {},
  };
  if (beginning.missing !== undefined) socket.send(JSON.stringify({ gap: beginning.missing }));
  const signal = AbortSignal.any([options.signal, silent.signal]);
  try {
    await deliverEvents(follower, sink, { ...options, signal });
    throw endingOf(signal);
  } catch (error) {
    closeWith(socket, error, follower.after());
  } finally {
    clearInterval(pinging);
    await follower[Symbol.asyncDispose]();
  }
}

function closeWith(socket: WebSocket, error: unknown, after: number): void {
  const code = faultCodeOf(error);
  const detail = error instanceof FaultError ? error.message : 'an error of ours';
  if (socket.readyState === socket.OPEN) {
    socket.send(JSON.stringify({ end: { code, detail, cure: FAULTS[code].cure, sequence: after } }));
  }
  const { signInEnded, tooSlow, again } = SOCKET_CLOSE_CODES;
  socket.close(code === 'unauthenticated' ? signInEnded : code === 'alert-stream-slow' ? tooSlow : again, code);
}
