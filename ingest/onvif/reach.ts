/** Is anybody there, and at which port: TCP connections only, one after the other. */
import { connect } from 'node:net';
import { FaultError } from '#models/schema/fault.ts';
import type { Target } from './target.ts';

/** Where devices speak ONVIF when nobody named a port, most usual first. */
export const ONVIF_PORTS = [80, 8000, 8080, 8899, 2020, 10080];

const CONNECT_MS = 3000;

export type Reached = 'open' | 'refused' | 'silent' | 'unreachable';

export function reach({ address }: Pick<Target, 'address'>, port: number, signal?: AbortSignal): Promise<Reached> {
  return new Promise((done) => {
    const socket = connect({ host: address, port, ...(signal === undefined ? {} : { signal }) });
    const end = (reached: Reached) => {
      socket.destroy();
      done(reached);
    };
    socket.setTimeout(CONNECT_MS, () => end('silent'));
    socket.once('connect', () => end('open'));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED' || code === 'ECONNRESET') end('refused');
      else end(code === 'ETIMEDOUT' ? 'silent' : 'unreachable');
    });
  });
}

/** The ports of the list that are open. Throws FaultError where the host does not answer at all. */
export async function openPorts(target: Target, ports: readonly number[], signal?: AbortSignal): Promise<number[]> {
  const open: number[] = [];
  let isThere = false;
  for (const port of ports) {
    signal?.throwIfAborted();
    const reached = await reach(target, port, signal);
    if (reached === 'open') open.push(port);
    if (reached === 'open' || reached === 'refused') isThere = true;
    else if (!isThere) throw notThere(target, port, reached);
  }
  return open;
}

function notThere({ host }: Target, port: number, reached: Reached): FaultError {
  if (reached === 'silent') {
    return new FaultError('camera-timed-out', `${host}:${port} does not answer within ${CONNECT_MS / 1000} s`);
  }
  return new FaultError('camera-unreachable', `${host} cannot be reached from here`);
}
