/** Against forged requests: what a browser sends with a cookie, and changes something or opens a WebSocket, must come from our own page. */
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { FaultError } from '#models/schema/fault.ts';

const HARMLESS = ['GET', 'HEAD', 'OPTIONS'];

export const isWebSocket = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket';

/**
 * `Sec-Fetch-Site` says it in every current browser on https and localhost, `Origin` on plain http elsewhere. A
 * request that brings a session cookie must show one of them; a program without cookie has neither and needs none.
 */
export function refuseForeignOrigin(request: FastifyRequest, publicUrl: string): void {
  // A WebSocket is opened by GET, from whatever page, and then may be read by it.
  if (HARMLESS.includes(request.method) && !isWebSocket(request.raw)) return;
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const isOwn =
    site !== undefined ? site === 'same-origin' : origin !== undefined && isOwnOrigin(origin, request.host, publicUrl);
  const isSilent = site === undefined && origin === undefined;
  if (isOwn || (isSilent && request.principal?.via !== 'session')) return;
  if (request.principal?.via === 'api') return;
  throw new FaultError(
    'forbidden',
    `a request with a session must come from our own page, but this one came from ${origin ?? site ?? 'nowhere'}`,
    { cure: 'Use the page, or a token (Authorization: Bearer …) in a program.' },
  );
}

function isOwnOrigin(origin: string, host: string, publicUrl: string): boolean {
  const parsed = URL.parse(origin);
  if (parsed === null) return false;
  return parsed.host === host || (publicUrl !== '' && parsed.origin === URL.parse(publicUrl)?.origin);
}
