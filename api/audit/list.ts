/** Entries of the audit log, the latest first, day by day backwards until enough are found. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AuditList, AuditQuery } from '#models/schema/audit.ts';
import { daysOf, fileOf } from './line.ts';

export async function listAudit(folder: string, query: AuditQuery): Promise<AuditList> {
  const { from = '', to = '9999', limit } = query;
  const days = existsSync(folder) ? daysOf(readdirSync(folder)) : [];
  const entries: AuditList['entries'] = [];
  for (const day of days.filter((one) => one >= from && one <= to).reverse()) {
    const lines = (await readFile(resolve(folder, fileOf(day)), 'utf8').catch(() => '')).split('\n').reverse();
    for (const line of lines) {
      const entry = entryOf(line, query);
      if (entry === undefined) continue;
      if (entries.length === limit) return { entries, hasMore: true };
      entries.push(entry);
    }
  }
  return { entries, hasMore: false };
}

function entryOf(line: string, { user, action, text }: AuditQuery): Record<string, unknown> | undefined {
  if (line === '' || (text !== undefined && !line.includes(text))) return undefined;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    const isWanted =
      (user === undefined || entry.user === user) && (action === undefined || String(entry.action).startsWith(action));
    return isWanted ? entry : undefined;
  } catch {
    // What is no line is named by the check, not here.
    return undefined;
  }
}
