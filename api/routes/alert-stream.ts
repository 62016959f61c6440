/** Alerts as they happen, for whoever subscribes over HTTP: server-sent events and a WebSocket. */

import type { FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { StreamQuery } from '#models/schema/alert-query.ts';
import { FaultError } from '#models/schema/fault.ts';
import { beginAt } from '../alerts/begin.ts';
import { type Follower, followAlerts } from '../alerts/follow.ts';
import { filterOf } from '../alerts/scope.ts';
import { serveEvents } from '../alerts/server-sent.ts';
import { SOCKET_CLOSE_CODES, sendEvents } from '../alerts/socket.ts';
import type { App } from '../app.ts';
import { entryOf } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { ClientWentError } from '../live/client-went.ts';
import { openStream } from '../live/open-stream.ts';
import type { Principal } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['alerts'];
const COMES_BACK =
  'Whoever comes back with the last sequence it had misses nothing: the stream keeps a week. What it kept no longer is told by `gap`. A subscriber that takes nothing for 30 seconds, or whose sign-in ends, is told so by `end`.';

export function addAlertStreamRoutes(app: App, context: Context): void {
  const sent = context.metrics.counter(
    'sharp_eyes_alert_stream_events_total',
    'Events sent to subscribers of the stream of alerts',
    ['door'],
  );
  const onSent = (door: string) => (events: number) => sent.inc({ door }, events);

  app.get('/alert-stream', {
    config: { action: 'alert.subscribe' },
    schema: {
      tags,
      operationId: 'streamAlerts',
      summary:
        'Alerts, incidents, work and evidence as they happen (server-sent events; `gap` and `end` are of the stream itself)',
      description: `data is a CloudEvent, id its sequence; Last-Event-ID goes on behind it. ${COMES_BACK}`,
      querystring: StreamQuery,
      produces: ['text/event-stream'],
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      request.auditNote = { ...request.query };
      const { follower, beginning } = await open(request.query, { request, principal, context });
      const signal = openStream('alerts', reply, { principal, context });
      const body = serveEvents(follower, { hub: context.alerts, beginning, signal, onSent: onSent('sse') });
      return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(body);
    },
  });

  app.route({
    method: 'GET',
    url: '/alert-socket',
    config: { action: 'alert.subscribe' },
    schema: {
      tags,
      operationId: 'streamAlertsOverSocket',
      summary: 'The same over a WebSocket: {"sequence", "event"} a message, {"gap"}, {"end"}',
      description: `since goes on behind a sequence. ${COMES_BACK} Close codes: 4401 the sign-in ended, 4408 too slow, 4429 too many, 4503 come again.`,
      querystring: StreamQuery,
    },
    preHandler: async (request) => {
      // Refused before the upgrade, where there is an answer of HTTP to say why.
      filterOf(request.query, principalOf(request), context);
    },
    handler: () => {
      throw new FaultError('upgrade-required', 'this is a WebSocket, but the request did not ask to upgrade', {
        cure: 'Open it as a WebSocket, or take /api/v1/alert-stream, which answers plain requests.',
      });
    },
    wsHandler: (socket, request) => serveSocket(socket, request, { context, onSent: onSent('socket') }),
  });
}

type Opening = { request: FastifyRequest; principal: Principal; context: Context };

async function open(query: StreamQuery, { request, principal, context }: Opening) {
  const { broker, alerts: hub, logger } = context;
  const filter = filterOf(query, principal, context);
  const last = request.headers['last-event-id'];
  const beginning = await beginAt(query, typeof last === 'string' && last !== '' ? last : undefined, { hub, broker });
  const follower: Follower = followAlerts(beginning.after, { broker, hub, filter, logger });
  return { follower, beginning };
}

type Serving = { context: Context; onSent: (events: number) => void };

async function serveSocket(socket: WebSocket, request: FastifyRequest, { context, onSent }: Serving): Promise<void> {
  const principal = principalOf(request);
  const client = new AbortController();
  socket.once('close', () => client.abort(new ClientWentError()));
  socket.on('error', () => socket.terminate());
  request.auditNote = { ...(request.query as StreamQuery) };
  context.audit.write(entryOf(request, { action: 'alert.subscribe', status: 101 }));
  try {
    using _place = context.streams.take('alerts', principal.user.id);
    using life = context.sessions.lifeOf(principal);
    const { follower, beginning } = await open(request.query as StreamQuery, { request, principal, context });
    const signal = AbortSignal.any([client.signal, life, context.signal]);
    await sendEvents(socket, follower, { hub: context.alerts, beginning, signal, onSent });
  } catch (error) {
    const fault = error instanceof FaultError ? error : new FaultError('internal', (error as Error).message);
    if (fault.code === 'internal') request.log.error({ err: error }, 'alerts over a socket failed');
    socket.send(JSON.stringify({ end: { code: fault.code, detail: fault.message, cure: fault.cure } }));
    socket.close(SOCKET_CLOSE_CODES.refused, fault.code);
  }
}
