/** Every error leaves as RFC 9457 problem details with a code of ours, a cure and the request's id. */
import {
  ClosedConnectionError,
  ConnectionError,
  DrainingConnectionError,
  RequestError,
  TimeoutError,
} from '@nats-io/nats-core';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { InvalidValueError } from '#models/schema/check.ts';
import { FAULTS, type FaultCode, FaultError } from '#models/schema/fault.ts';
import type { Problem } from '#models/schema/problem.ts';
import type { App } from '../app.ts';
import { ClientWentError } from '../live/client-went.ts';
import { describeFaults, isValidation } from './validation.ts';

export type ProblemAnswer = Problem & { requestId: string } & Record<string, unknown>;

type Told = { code: FaultCode; detail: string; cure?: string; status?: number; more?: Record<string, unknown> };

/** Nobody reads it: whoever asked has left, which is no failure of ours. */
const CLIENT_WENT = 499;

/** Members of `about` that a client can use; the rest is for the log. */
const TOLD_MEMBERS = ['problems', 'imported', 'waitS', 'changes'];

export function answerProblems(app: App): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const told = explain(error, request);
    const { code, detail } = told;
    const hasLeft = request.raw.socket.destroyed;
    // What ended because of that is no failure; a bug of ours is one, whoever still listens.
    const isFailure = hasLeft ? code === 'internal' && !isLeaving(error) : (told.status ?? FAULTS[code].status) >= 500;
    const { about } = error as Partial<FaultError>;
    const facts = { requestId: request.id, code, method: request.method, path: request.routeOptions.url };
    if (isFailure) request.log.error({ ...facts, ...about, err: error }, 'request failed');
    else request.log.debug({ ...facts, detail }, hasLeft ? 'request left' : 'request refused');
    if (hasLeft) return reply.code(CLIENT_WENT).send();
    send(told, request, reply);
    return reply;
  });
  app.setNotFoundHandler((request, reply) => {
    send({ code: 'not-found', detail: `there is nothing at ${request.method} ${pathOf(request)}` }, request, reply);
  });
}

function send(told: Told, request: FastifyRequest, reply: FastifyReply): void {
  const { status, title, cure } = FAULTS[told.code];
  const problem: ProblemAnswer = {
    type: `urn:sharp-eyes:${told.code}`,
    title,
    status: told.status ?? status,
    detail: told.detail,
    code: told.code,
    cure: told.cure ?? cure,
    instance: pathOf(request),
    requestId: request.id,
    ...told.more,
  };
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="sharp-eyes"');
  if (problem.status === 429) reply.header('retry-after', String(told.more?.waitS ?? 60));
  // A string: no response schema of the route shall cut members off.
  reply.code(problem.status).type('application/problem+json; charset=utf-8').serializer(String);
  reply.send(JSON.stringify(problem));
}

const pathOf = (request: FastifyRequest) => request.url.split('?')[0] ?? '';

function explain(error: FastifyError, request: FastifyRequest): Told {
  if (error instanceof FaultError) {
    const more = Object.fromEntries(Object.entries(error.about).filter(([name]) => TOLD_MEMBERS.includes(name)));
    return { code: error.code, detail: error.message, cure: error.cure, more };
  }
  if (error instanceof InvalidValueError) return { code: 'invalid-value', detail: error.message };
  if (isValidation(error)) return { code: 'invalid-value', detail: describeFaults(error, request) };
  if (isBrokerError(error)) {
    return { code: 'broker-unreachable', detail: 'NATS does not answer: nothing can be changed until it is back' };
  }
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) {
    return { code: 'invalid-value', detail: error.message, status, cure: 'Correct the request as the sentence says.' };
  }
  return { code: 'internal', detail: `an error of ours; the log says more under request ${request.id}` };
}

/** The signal's reason, or what a body says that stops in its midst. */
const isLeaving = (error: FastifyError) =>
  error instanceof ClientWentError || ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(error.code);

const BROKER_ERRORS = [ConnectionError, ClosedConnectionError, DrainingConnectionError, RequestError, TimeoutError];

const isBrokerError = (error: Error) =>
  BROKER_ERRORS.some((kind) => error instanceof kind || error.cause instanceof kind);
