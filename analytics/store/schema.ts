/** Brings the store's schema up to date: numbered migrations, each recorded, one process at a time. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Config } from '#system/config.ts';
import type { Logger } from '#system/logs.ts';
import { DATABASE } from '#system/store-client.ts';
import { dialectOf } from './dialect.ts';
import { base } from './migrations/0001-base.ts';
import { rollUps } from './migrations/0002-roll-ups.ts';
import { cameraStates } from './migrations/0003-camera-states.ts';
import { place } from './migrations/0004-place.ts';
import { figures } from './migrations/0005-figures.ts';
import { sql } from './migrations/0006-sql.ts';
import { coverageLooks } from './migrations/0007-coverage.ts';
import { simulated } from './migrations/0008-simulated.ts';
import { table } from './migrations/0009-table.ts';
import { alerts } from './migrations/0010-alerts.ts';
import { dashboards } from './migrations/0011-dashboards.ts';
import { totals } from './migrations/0012-totals.ts';
import { totalsView } from './migrations/0013-totals-view.ts';
import type { Migration } from './migrations/migration.ts';
import { ensureRetention, isRetentionCurrent, retentionTable } from './retention.ts';

export const MIGRATIONS: readonly Migration[] = [
  base,
  rollUps,
  cameraStates,
  place,
  figures,
  sql,
  coverageLooks,
  simulated,
  table,
  alerts,
  dashboards,
  totals,
  totalsView,
];

type Options = {
  config: Config;
  logger: Logger;
  /** Runs `work` while no other process runs it; the statements hold even where two run at once. */
  exclusively: (work: () => Promise<void>) => Promise<void>;
};

/** Creates what is missing and records it in `schema_migrations`; then brings the times to live up to date. */
export async function migrate(client: ClickHouseClient, { config, logger, exclusively }: Options): Promise<void> {
  if (await isCurrent(client, config)) return;
  await exclusively(async () => {
    const dialect = dialectOf(config);
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${DATABASE}${dialect.onCluster}` });
    await client.command({
      query: `CREATE TABLE IF NOT EXISTS ${DATABASE}.schema_migrations${dialect.onCluster} (
  number UInt32 COMMENT 'Of the migration',
  title String COMMENT 'What it brought',
  applied_at DateTime('UTC') DEFAULT now() COMMENT 'When'
) ENGINE = ${dialect.replacing('schema_migrations')} ORDER BY (number, title)
COMMENT 'Migrations that this store has'`,
    });
    await client.command({ query: retentionTable(dialect) });
    const applied = await appliedMigrations(client);
    for (const migration of MIGRATIONS.filter((migration) => !isApplied(migration, applied))) {
      for (const query of migration.statements(dialect)) await client.command({ query });
      await client.command({
        query: `INSERT INTO ${DATABASE}.schema_migrations (number, title) SELECT {number:UInt32}, {title:String}`,
        query_params: { number: migration.number, title: migration.title },
      });
      logger.info({ migration: migration.number, title: migration.title }, 'migration applied');
    }
    await ensureRetention(client, config);
  });
}

/** Most starts have nothing to do and need no lock, which a killed process would keep from them for its time. */
async function isCurrent(client: ClickHouseClient, config: Config): Promise<boolean> {
  try {
    const applied = await appliedMigrations(client);
    return MIGRATIONS.every((migration) => isApplied(migration, applied)) && (await isRetentionCurrent(client, config));
  } catch {
    // The tables are not there yet; what else may be wrong shows when they are made.
    return false;
  }
}

type Applied = Pick<Migration, 'number' | 'title'>;

const isApplied = ({ number, title }: Migration, applied: readonly Applied[]) =>
  applied.some((one) => one.number === number && one.title === title);

async function appliedMigrations(client: ClickHouseClient): Promise<Applied[]> {
  const result = await client.query({
    query: `SELECT DISTINCT number, title FROM ${DATABASE}.schema_migrations`,
    format: 'JSONEachRow',
  });
  return result.json<Applied>();
}
