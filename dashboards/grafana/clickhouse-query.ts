/**
 * A query in the form of Grafana's ClickHouse source, version 4: SQL with its macros, answered as a table or, for lines, as
 * series (a column of time, columns of text that become labels, columns of numbers).
 */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { CLICKHOUSE } from './sources.ts';

export type ClickHouseQuery = Dataquery & {
  refId: string;
  datasource: typeof CLICKHOUSE;
  pluginVersion: string;
  editorType: 'sql';
  queryType: 'timeseries' | 'table';
  /** 0 series, 1 table. */
  format: 0 | 1;
  rawSql: string;
};

/** Of the plugin whose form this is. */
export const PLUGIN_VERSION = '4.20.0';

type Form = { refId?: string; as: 'timeseries' | 'table' };

export const clickhouseQuery = (rawSql: string, { refId = 'A', as }: Form): Builder<ClickHouseQuery> => ({
  build: () => ({
    ...{ refId, datasource: CLICKHOUSE, pluginVersion: PLUGIN_VERSION, editorType: 'sql', queryType: as, rawSql },
    format: as === 'timeseries' ? 0 : 1,
    // A mark of the SDK's type; JSON does not carry it.
    _implementsDataqueryVariant: () => {},
  }),
});
