/** A webhook: POST of each event, signed as Standard Webhooks does, to an address that was checked. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Static } from 'typebox';
import { EVENT_TYPES } from '#models/schema/alert.ts';
import type { WebhookChannel } from '#models/schema/channel.ts';
import { FaultError } from '#models/schema/fault.ts';
import { CAP_TYPE, writeCap } from '#models/wire/cap.ts';
import { lookupPublic, refuseInner } from '#models/wire/inner-address.ts';
import type { Outlet } from './outlet.ts';

const ANSWER_TIMEOUT_MS = 10_000;
const ANSWER_MAX_BYTES = 64 * 1024;
/** What a receiver says when another try can help (RFC 9110, RFC 6585); all of 5xx besides. */
const AGAIN = [408, 425, 429];
const EVENTS_TYPE = 'application/cloudevents+json; charset=utf-8';

type Options = { secret: string; isInnerAllowed: boolean; now?: () => number };

export function openWebhook(channel: Static<typeof WebhookChannel>, options: Options): Outlet {
  const url = new URL(channel.url);
  const isSecure = url.protocol === 'https:';
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1 });

  async function post(
    id: string,
    body: string,
    { type, signal }: { type: string; signal: AbortSignal },
  ): Promise<void> {
    if (!options.isInnerAllowed) refuseInner(url);
    const timestamp = String(Math.floor((options.now ?? Date.now)() / 1000));
    const send = isSecure ? requestHttps : requestHttp;
    const late = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const request = send(url, {
      method: 'POST',
      agent,
      signal: AbortSignal.any([signal, late]),
      ...(options.isInnerAllowed ? {} : { lookup: lookupPublic }),
      headers: {
        'content-type': type,
        'content-length': Buffer.byteLength(body),
        'user-agent': 'sharp-eyes',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signatureOf({ id, timestamp, body }, options.secret),
      },
    });
    try {
      request.end(body);
      const [answer] = (await once(request, 'response')) as [IncomingMessage];
      await judge(answer);
    } catch (cause) {
      request.on('error', () => {}).destroy();
      if (cause instanceof FaultError) throw cause;
      const said = late.aborted ? `no answer within ${ANSWER_TIMEOUT_MS / 1000} s` : (cause as Error).message;
      throw new FaultError('channel-unreachable', `${url.host}: ${said}`, { cause });
    }
  }

  return {
    send({ event, json }, { signal }) {
      const isCap = channel.format === 'cap' && event.type === EVENT_TYPES.alert;
      if (!isCap) return post(event.id, json, { type: EVENTS_TYPE, signal });
      return post(event.id, writeCap(event.data, { areas: [] }), { type: CAP_TYPE, signal });
    },
    sendNote({ event }, { signal }) {
      return post(event.id, JSON.stringify(event), { type: EVENTS_TYPE, signal });
    },
    async [Symbol.asyncDispose]() {
      agent.destroy();
    },
  };
}

/** `v1,<base64>`: HMAC-SHA256 over `id.timestamp.body` with the secret's text as key. */
export function signatureOf(
  { id, timestamp, body }: { id: string; timestamp: string; body: string },
  secret: string,
): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** Reads the answer to its end, so that the connection can be used again; where it goes on for ever, not. */
async function judge(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  let text = '';
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length;
    if (text.length < 200) text += String(chunk);
    if (bytes > ANSWER_MAX_BYTES) break;
  }
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return;
  const said = `it answers ${status}${text.trim() === '' ? '' : `: ${text.trim().slice(0, 200)}`}`;
  if (status >= 500 || AGAIN.includes(status)) throw new FaultError('channel-unreachable', said);
  const where = status >= 300 && status < 400 ? ' (redirects are not followed)' : '';
  throw new FaultError('channel-refused', `${said}${where}`);
}
