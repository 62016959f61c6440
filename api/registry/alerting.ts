/** What alerting works by, kept in memory: rules with their states, quiet spans, channels, and what people did with incidents. */
import type { NatsConnection } from '@nats-io/nats-core';
import { type AlertRegistry, openAlertRegistry } from '#models/registry/registry.ts';
import type { Table } from '#models/registry/table.ts';
import type { Logger } from '#system/logs.ts';
import { type Mirror, mirrorTable } from './mirror.ts';

export type Alerting = {
  [Name in keyof AlertRegistry]: AlertRegistry[Name] extends Table<infer Value> ? Mirror<Value> : never;
};

export async function mirrorAlerting(
  connection: NatsConnection,
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Promise<Alerting> {
  const tables = await openAlertRegistry(connection);
  return {
    rules: mirrorTable(tables.rules, { name: 'rules', signal, logger }),
    ruleStates: mirrorTable(tables.ruleStates, { name: 'states of rules', signal, logger }),
    quiets: mirrorTable(tables.quiets, { name: 'quiet spans', signal, logger }),
    incidentWork: mirrorTable(tables.incidentWork, { name: 'work on incidents', signal, logger }),
    channels: mirrorTable(tables.channels, { name: 'channels', signal, logger }),
    channelStates: mirrorTable(tables.channelStates, { name: 'states of channels', signal, logger }),
    deadLetters: mirrorTable(tables.deadLetters, { name: 'dead letters', signal, logger }),
  };
}
