/** How tables are made on the ClickHouse at hand: one server (or the embedded store), or a replicated cluster. */
import type { Config } from '#system/config.ts';
import { DATABASE } from '#system/store-client.ts';

export type Dialect = {
  /** ` ON CLUSTER "name"` or nothing, after the name of what a DDL statement makes. */
  onCluster: string;
  /** The engine clause of a table; `version` names the column whose highest value wins. */
  replacing: (table: string, version?: string) => string;
  aggregating: (table: string) => string;
};

/** Replicated tables of one shard: every replica holds everything, so that FINAL and roll-ups see all rows. */
export function dialectOf({ clickhouseCluster }: Pick<Config, 'clickhouseCluster'>): Dialect {
  if (clickhouseCluster === '') {
    return {
      onCluster: '',
      replacing: (_table, version = '') => `ReplacingMergeTree(${version})`,
      aggregating: () => 'AggregatingMergeTree()',
    };
  }
  const place = (table: string) => `'/clickhouse/tables/{shard}/${DATABASE}/${table}', '{replica}'`;
  return {
    onCluster: ` ON CLUSTER \`${clickhouseCluster.replaceAll('`', '')}\``,
    replacing: (table, version) =>
      `ReplicatedReplacingMergeTree(${place(table)}${version === undefined ? '' : `, ${version}`})`,
    aggregating: (table) => `ReplicatedAggregatingMergeTree(${place(table)})`,
  };
}

/** What every writing query asks for: no asynchronous inserts, and on a cluster a quorum that the next read sees. */
export function writeSettings({
  clickhouseCluster,
}: Pick<Config, 'clickhouseCluster'>): Record<string, string | number> {
  return {
    async_insert: 0,
    max_partitions_per_insert_block: 0,
    ...(clickhouseCluster === ''
      ? {}
      : { insert_quorum: 'auto', insert_quorum_parallel: 0, select_sequential_consistency: 1 }),
  };
}
