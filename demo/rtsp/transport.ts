/** How packets travel to one client: interleaved in its RTSP connection, or over UDP. */
import type { Socket } from 'node:net';

/** Room that is kept free before each packet, for the header of an interleaved frame (RFC 2326, 10.12). */
export const PREFIX_BYTES = 4;

/** Packets of one picture in one buffer: each begins with {@link PREFIX_BYTES} of room and ends at the given offset. */
export type PacketBatch = { buffer: Buffer; ends: readonly number[] };

export type Transport = {
  type: 'tcp' | 'udp';
  /** The value of the response's `Transport` header, without the SSRC. */
  header: string;
  /** Bytes that wait to be sent. */
  queuedBytes(): number;
  sendMedia(batch: PacketBatch): void;
  sendControl(packet: Buffer): void;
  close(): void;
};

export type TransportWish =
  | { type: 'tcp'; channels: readonly [number, number] }
  | { type: 'udp'; ports: readonly [number, number] };

/** The first of the offered transports that is one of `allowed`; null: 461. */
export function chooseTransport(header: string, allowed: readonly TransportWish['type'][]): TransportWish | null {
  for (const offer of header.split(',')) {
    const [protocol = '', ...parameters] = offer
      .trim()
      .split(';')
      .map((part) => part.trim());
    if (parameters.includes('multicast')) continue;
    const wish = readWish(protocol.toUpperCase(), parameters);
    if (wish !== null && allowed.includes(wish.type)) return wish;
  }
  return null;
}

function readWish(protocol: string, parameters: string[]): TransportWish | null {
  if (protocol === 'RTP/AVP/TCP') return { type: 'tcp', channels: readPair('interleaved', parameters) ?? [0, 1] };
  const ports = readPair('client_port', parameters);
  const isUdp = protocol === 'RTP/AVP' || protocol === 'RTP/AVP/UDP';
  return isUdp && ports !== null ? { type: 'udp', ports } : null;
}

function readPair(name: string, parameters: string[]): [number, number] | null {
  const value = parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
  const [first, second = first! + 1] = (value ?? '').split('-').map(Number);
  return value === undefined || Number.isNaN(first) || Number.isNaN(second) ? null : [first!, second];
}

export function tcpTransport(socket: Socket, [media, control]: readonly [number, number]): Transport {
  const write = (buffer: Buffer) => {
    if (socket.writable) socket.write(buffer);
  };
  return {
    type: 'tcp',
    header: `RTP/AVP/TCP;unicast;interleaved=${media}-${control}`,
    queuedBytes: () => socket.writableLength,
    sendMedia({ buffer, ends }) {
      let start = 0;
      for (const end of ends) {
        writePrefix(buffer, { at: start, channel: media, bytes: end - start - PREFIX_BYTES });
        start = end;
      }
      write(buffer);
    },
    sendControl(packet) {
      const framed = Buffer.allocUnsafe(PREFIX_BYTES + packet.length);
      writePrefix(framed, { at: 0, channel: control, bytes: packet.length });
      packet.copy(framed, PREFIX_BYTES);
      write(framed);
    },
    close() {},
  };
}

function writePrefix(to: Buffer, { at, channel, bytes }: { at: number; channel: number; bytes: number }): void {
  to[at] = 0x24;
  to[at + 1] = channel;
  to.writeUInt16BE(bytes, at + 2);
}
