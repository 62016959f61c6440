/** One figure for one request: a place among those that run, a deadline, and an end with the request. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { openStream } from '../live/open-stream.ts';
import { principalOf } from '../rights/enforce.ts';
import { storeFault } from './store-fault.ts';
import { tooLong } from './too-long.ts';

type Exchange = { request: FastifyRequest; reply: FastifyReply; context: Context };

/**
 * The signal aborts when the client, the sign-in or the API goes, at `figureTimeoutS`, and when `read` fails: then the
 * store ends what still runs of it. Throws FaultError `too-many-queries`, `query-too-long` and what the store says, or
 * why the signal aborted.
 */
export async function askFigure<Figure>(
  { request, reply, context }: Exchange,
  read: (signal: AbortSignal) => Promise<Figure>,
): Promise<Figure> {
  const { figureTimeoutS } = context.config;
  const stream = openStream('figures', reply, { principal: principalOf(request), context });
  const deadline = AbortSignal.timeout(figureTimeoutS * 1000);
  const failed = new AbortController();
  try {
    return await read(AbortSignal.any([stream, deadline, failed.signal]));
  } catch (error) {
    // Of several queries side by side the others are of no use now.
    failed.abort();
    if (stream.aborted) throw stream.reason;
    if (!deadline.aborted) throw storeFault(error, { isOurs: true });
    const narrower = 'Ask for a shorter time, a smaller bbox or a lower resolution';
    throw tooLong('figure', { context, cause: error, narrower });
  }
}
