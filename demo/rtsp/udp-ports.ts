/** The server's pair of UDP ports (even for RTP, odd for RTCP), shared by all sessions and opened for the first one. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type PacketBatch, PREFIX_BYTES, type Transport } from './transport.ts';

/** A burst is spread, so that it fits the receive buffers that operating systems give: 32 packets in 4 ms, 90 Mbit/s. */
const BURST_PACKETS = 32;
const BURST_PAUSE_MS = 4;
const PORT_TRIES = 50;

export type UdpPeer = { address: string; ports: readonly [number, number]; onReport: () => void };

type Pair = { media: Socket; control: Socket };

export class UdpPorts implements AsyncDisposable {
  readonly #host: string;
  readonly #peers = new Map<string, () => void>();
  #pair: Promise<Pair> | null = null;

  constructor(host: string) {
    this.#host = host;
  }

  async connect(peer: UdpPeer): Promise<Transport> {
    this.#pair ??= this.#open().catch((error: unknown) => {
      this.#pair = null;
      throw error;
    });
    const pair = await this.#pair;
    const [mediaPort, controlPort] = peer.ports;
    const keys = peer.ports.map((port) => keyOf(peer.address, port));
    for (const key of keys) this.#peers.set(key, peer.onReport);
    const queue = new PacketQueue((packet) => pair.media.send(packet, mediaPort, peer.address, ignoreLoss));
    const serverPorts = `${pair.media.address().port}-${pair.control.address().port}`;
    return {
      type: 'udp',
      header: `RTP/AVP;unicast;client_port=${mediaPort}-${controlPort};server_port=${serverPorts}`,
      queuedBytes: () => queue.bytes,
      sendMedia: (batch) => queue.push(batch),
      sendControl: (packet) => pair.control.send(packet, controlPort, peer.address, ignoreLoss),
      close: () => {
        queue.close();
        for (const key of keys) this.#peers.delete(key);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pair = await this.#pair;
    this.#pair = null;
    for (const socket of pair === null ? [] : [pair.media, pair.control]) {
      socket.close();
      await once(socket, 'close');
    }
  }

  async #open(): Promise<Pair> {
    for (let tries = 0; tries < PORT_TRIES; tries += 1) {
      const media = await this.#bind(0);
      const { port } = media!.address();
      const control = port % 2 === 0 ? await this.#bind(port + 1) : null;
      if (control !== null) return { media: media!, control };
      media!.close();
    }
    throw new Error(`no pair of free UDP ports was found in ${PORT_TRIES} tries`);
  }

  async #bind(port: number): Promise<Socket | null> {
    const socket = createSocket(this.#host.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', (_, { address, port }) => this.#peers.get(keyOf(address, port))?.());
    try {
      socket.bind(port, this.#host);
      await once(socket, 'listening');
      socket.on('error', () => undefined);
      return socket;
    } catch (error) {
      socket.close();
      if (port === 0) throw error;
      return null;
    }
  }
}

/** UDP promises nothing: a packet to a port that was closed is lost like any other. */
function ignoreLoss(): void {}

function keyOf(address: string, port: number): string {
  return `${address} ${port}`;
}

/** Packets that wait for their turn. Its bound is the session's, which looks at `bytes` before it adds a picture. */
class PacketQueue {
  readonly #send: (packet: Buffer) => void;
  #packets: Buffer[] = [];
  #timer: NodeJS.Timeout | null = null;
  bytes = 0;

  constructor(send: (packet: Buffer) => void) {
    this.#send = send;
  }

  push({ buffer, ends }: PacketBatch): void {
    let start = 0;
    for (const end of ends) {
      this.#packets.push(buffer.subarray(start + PREFIX_BYTES, end));
      this.bytes += end - start;
      start = end;
    }
    if (this.#timer === null) this.#flush();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#packets = [];
    this.bytes = 0;
  }

  #flush(): void {
    for (const packet of this.#packets.splice(0, BURST_PACKETS)) {
      this.bytes -= packet.length + PREFIX_BYTES;
      this.#send(packet);
    }
    this.#timer = this.#packets.length === 0 ? null : setTimeout(() => this.#flush(), BURST_PAUSE_MS);
  }
}
