/** Who saw, exported, unblurred and changed: the audit log read, and checked against its chain. */
import { resolve } from 'node:path';
import { AuditList, AuditQuery, AuditVerification, VerifyQuery } from '#models/schema/audit.ts';
import type { App } from '../app.ts';
import { listAudit } from '../audit/list.ts';
import { verifyAudit } from '../audit/verify.ts';
import type { Context } from '../context.ts';

const tags = ['audit'];

export function addAuditRoutes(app: App, { config, sealKey }: Context): void {
  const folder = resolve(config.dataDir, 'audit');

  app.get('/audit', {
    config: { action: 'audit.read' },
    schema: {
      tags,
      operationId: 'listAudit',
      summary: 'Entries of the audit log of this machine, the latest first',
      querystring: AuditQuery,
      response: { 200: AuditList },
    },
    handler: async (request) => {
      request.auditNote = { ...request.query };
      return await listAudit(folder, request.query);
    },
  });

  app.get('/audit/verification', {
    config: { action: 'audit.verify' },
    schema: {
      tags,
      operationId: 'verifyAudit',
      summary: 'Follows the chain of the audit log and names the first line that is not as it was written',
      querystring: VerifyQuery,
      response: { 200: AuditVerification },
    },
    handler: async (request) => {
      const found = await verifyAudit(folder, sealKey, request.query.from);
      request.auditNote = { ...request.query, isIntact: found.isIntact };
      return found;
    },
  });
}
