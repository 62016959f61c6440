/** A listening port that can be shut and opened again while its owner goes on, and that can accept without a word. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { FaultError } from '#models/schema/fault.ts';

/** `closed`: connections are refused. `mute`: they are accepted, and nothing is read or said. */
export type GateState = 'open' | 'closed' | 'mute';

export type Gate = AsyncDisposable & { port: number; set(state: GateState): Promise<void> };

/** `accept` gets every socket while the gate is open. Throws FaultError port-taken. */
export async function openGate(
  accept: (socket: Socket) => void,
  { host, port: wanted }: { host: string; port: number },
): Promise<Gate> {
  let state: GateState = 'open';
  const muted = new Set<Socket>();
  const server = createServer((socket) => {
    if (state === 'open') return accept(socket);
    muted.add(socket);
    socket.on('error', () => undefined).once('close', () => muted.delete(socket));
  });
  await listen(server, { host, port: wanted });
  const { port } = server.address() as { port: number };
  return {
    port,
    async set(next) {
      for (const socket of muted) socket.destroy();
      state = next;
      if (next === 'closed') server.close();
      else if (!server.listening) await listen(server, { host, port });
    },
    async [Symbol.asyncDispose]() {
      for (const socket of muted) socket.destroy();
      if (server.listening) server.close();
    },
  };
}

export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new FaultError('port-taken', `port ${port} on ${host} is taken`, { cause: error });
  }
}
