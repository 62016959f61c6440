/** Who of the hosts on our own cable is there at all: the kernel has resolved its address while it was asked. */
import { onOwnLinks, readNeighbours } from './own-network.ts';

export type NeighbourWatch = Disposable & {
  /** Asking it costs ARP packets as well. */
  isOnLink: (address: string) => boolean;
  /** On our own cable, and the kernel had no answer: no packet would leave for it. */
  isAbsent: (address: string) => boolean;
};

/** Shorter than the time after which a full table drops an entry. */
const READ_MS = 400;

export function watchNeighbours(): NeighbourWatch {
  const isOnLink = onOwnLinks();
  const seen = new Set<string>();
  const read = () => {
    for (const address of readNeighbours().keys()) seen.add(address);
  };
  read();
  const timer = setInterval(read, READ_MS).unref();
  return {
    isOnLink,
    // A system without the table says nothing of anybody.
    isAbsent: (address) => seen.size > 0 && isOnLink(address) && !seen.has(address),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
