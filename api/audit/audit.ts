/** The audit log: every change, sign-in, live view and export, who, from where, with which outcome; never a value. */
import { resolve } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { loadSealKey } from '#models/registry/seal.ts';
import type { Config } from '#system/config.ts';
import type { Logger } from '#system/logs.ts';
import type { App } from '../app.ts';
import { type Action, factsOf } from '../rights/actions.ts';
import { openChain } from './chain.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What a route wants its audit entry to say besides: ids and names, never a secret. */
    auditNote: Record<string, unknown>;
  }
}

export type AuditEntry = {
  at: string;
  action: string;
  user: string | null;
  via: string | null;
  address: string;
  method: string;
  path: string;
  status: number;
  requestId: string;
} & Record<string, unknown>;

/** Says whether the entry stands in the log. */
export type Audit = Disposable & { write: (entry: AuditEntry) => boolean };

const SQL_LENGTH_MAX = 4000;

/**
 * Lines go to `<dataDir>/audit/YYYY-MM-DD.jsonl` (mode 0600), each chained to the one before (`chain.ts`), by all API
 * processes on the data folder; files older than `auditTtlDays` are removed.
 */
export function openAudit(config: Config, logger: Logger): Audit {
  const chain = openChain(resolve(config.dataDir, 'audit'), loadSealKey(config.dataDir));
  let day = '';
  return {
    write(entry) {
      logger.info({ audit: true, ...entry }, 'audit');
      const today = entry.at.slice(0, 10);
      try {
        if (today !== day) chain.forget(dayBefore(config.auditTtlDays));
        day = today;
        // At once, not queued: the entry is in the file before the answer leaves; people's actions are rare.
        chain.append(entry, today);
        return true;
      } catch (error) {
        logger.error({ error: (error as Error).message }, 'audit entry not written to its file');
        return false;
      }
    },
    [Symbol.dispose]: () => chain[Symbol.dispose](),
  };
}

const dayBefore = (days: number) => new Date(Date.now() - days * 24 * 3600_000).toISOString().slice(0, 10);

/** Writes an entry for every audited action and every refusal, just before the answer (or its first byte) leaves. */
export function auditRequests(app: App, audit: Audit): void {
  app.decorateRequest('auditNote');
  app.addHook('onRequest', async (request) => {
    request.auditNote = {};
  });
  app.addHook('onSend', async (request, reply) => {
    const action = request.routeOptions.config.action;
    if (action === undefined) return;
    const isRefused = reply.statusCode === 403 || reply.statusCode === 429;
    if (factsOf(action).isAudited !== true && !isRefused) return;
    audit.write(entryOf(request, { action, status: reply.statusCode }));
  });
}

/** The entry of a request whose answer is no answer of HTTP: a WebSocket that was opened. */
export function entryOf(request: FastifyRequest, { action, status }: { action: Action; status: number }): AuditEntry {
  return {
    at: new Date().toISOString(),
    action,
    user: request.principal?.user.id ?? null,
    via: request.principal?.via ?? null,
    address: request.ip,
    method: request.method,
    path: request.url.split('?')[0] ?? '',
    status,
    requestId: request.id,
    ...fieldsOf(request),
    ...request.auditNote,
  };
}

/** Names of what was sent, not its values: passwords are among them. */
function fieldsOf({ body }: FastifyRequest): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  return { fields: Object.keys(body).slice(0, 40) };
}

/** A query as the audit log keeps it. */
export const auditedSql = (query: string) => query.slice(0, SQL_LENGTH_MAX);
