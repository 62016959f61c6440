/** The sockets of a search: one per interface for multicast, two for questions to single hosts, and those that hear who comes and goes. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Logger } from '#system/logs.ts';
import type { Interface } from './own-network.ts';
import { DISCOVERY_PORT, GROUP_IPV4, GROUP_IPV6 } from './question.ts';
import type { Target } from './targets.ts';

export type Hear = (bytes: Uint8Array, host: string) => void;

export type Ear = Disposable & {
  /** Never throws: a question that cannot go is as good as lost on its way. */
  send: (bytes: Uint8Array, to: { address: string; port: number }) => void;
};

/** 200 answers of 4 kB at once, and some. */
const RECEIVE_BYTES = 4 * 1024 * 1024;

type EarOptions = { family: 4 | 6; hear: Hear; logger: Logger };

/** A socket that asks the whole link of one interface; undefined where the interface has no multicast. */
export async function openLinkEar(
  { name, family, address }: Interface,
  options: Omit<EarOptions, 'family'>,
): Promise<(Ear & { group: string }) | undefined> {
  const bound = family === 4 ? { address } : {};
  const ear = await openEar({ ...options, family }, bound);
  if (ear === undefined) return undefined;
  try {
    ear.socket.setMulticastInterface(family === 4 ? address : `::%${name}`);
    ear.socket.setMulticastTTL(1);
    return { ...ear, group: family === 4 ? GROUP_IPV4 : `${GROUP_IPV6}%${name}` };
  } catch (error) {
    options.logger.debug({ interface: name, error: (error as Error).message }, 'interface not asked');
    ear[Symbol.dispose]();
    return undefined;
  }
}

export const openHostEar = (family: Target['family'], options: Omit<EarOptions, 'family'>): Promise<Ear | undefined> =>
  openEar({ ...options, family }, {});

/**
 * Hears Hello and Bye of one interface. Bound to the group's address, not to any: a socket on 3702 of any address would
 * take the questions that are meant for devices on this machine.
 */
export async function openGroupEar(
  { name, family, address }: Interface,
  options: Omit<EarOptions, 'family'>,
): Promise<Ear | undefined> {
  const group = family === 4 ? GROUP_IPV4 : `${GROUP_IPV6}%${name}`;
  const ear = await openEar({ ...options, family }, { address: group, port: DISCOVERY_PORT });
  if (ear === undefined) return undefined;
  try {
    ear.socket.addMembership(family === 4 ? GROUP_IPV4 : GROUP_IPV6, family === 4 ? address : `::%${name}`);
    return ear;
  } catch (error) {
    options.logger.debug({ interface: name, error: (error as Error).message }, 'interface not heard');
    ear[Symbol.dispose]();
    return undefined;
  }
}

async function openEar(
  { family, hear, logger }: EarOptions,
  bound: { address?: string; port?: number },
): Promise<(Ear & { socket: Socket }) | undefined> {
  const socket = createSocket({
    type: family === 4 ? 'udp4' : 'udp6',
    reuseAddr: bound.port !== undefined,
    ipv6Only: family === 6,
  });
  try {
    socket.bind({ port: 0, ...bound });
    await once(socket, 'listening');
  } catch (error) {
    logger.debug({ ...bound, error: (error as Error).message }, 'socket not bound');
    socket.close();
    return undefined;
  }
  socket.on('error', (error) => logger.debug({ error: error.message }, 'socket failed'));
  socket.on('message', (bytes, { address }) => hear(bytes, address.toLowerCase()));
  widen(socket);
  return {
    socket,
    send(bytes, { address, port }) {
      try {
        socket.send(bytes, port, address, ignoreLoss);
      } catch {
        // An address that the system does not take.
      }
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

function widen(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BYTES);
  } catch {
    // The system's own size has to do.
  }
}

/** UDP promises nothing. */
function ignoreLoss(): void {}
