/** Sends a picture or a clip that is whole in memory, a range of it where a player asks for one. */
import type { FastifyReply, FastifyRequest } from 'fastify';

type Range = { from: number; to: number };

/** One range (RFC 9110, 14.2); several, or what cannot be read, are answered with the whole. */
export function readRange(header: string | undefined, length: number): Range | 'whole' | 'unsatisfiable' {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const suffix = Math.min(Number(last), length);
    return suffix === 0 ? 'unsatisfiable' : { from: length - suffix, to: length - 1 };
  }
  const [from, to] = [Number(first), last === '' ? length - 1 : Math.min(Number(last), length - 1)];
  if (from >= length) return 'unsatisfiable';
  return from > to ? 'whole' : { from, to };
}

/** Nothing in between may keep it. */
export function sendPicture(
  request: FastifyRequest,
  reply: FastifyReply,
  { bytes, type }: { bytes: Buffer; type: string },
) {
  reply.type(type).header('cache-control', 'private, no-store').header('accept-ranges', 'bytes');
  const range = readRange(request.headers.range, bytes.length);
  if (range === 'whole') return reply.send(bytes);
  if (range === 'unsatisfiable')
    return reply.code(416).header('content-range', `bytes */${bytes.length}`).send(Buffer.alloc(0));
  const { from, to } = range;
  return reply
    .code(206)
    .header('content-range', `bytes ${from}-${to}/${bytes.length}`)
    .send(bytes.subarray(from, to + 1));
}
