/** The two sources of data by their fixed ids, as Grafana's provisioning reads them. */
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { GrafanaChoices } from './choices.ts';

export const CLICKHOUSE: DataSourceRef & { uid: string } = {
  type: 'grafana-clickhouse-datasource',
  uid: 'sharp-eyes-clickhouse',
};
export const PROMETHEUS: DataSourceRef & { uid: string } = { type: 'prometheus', uid: 'sharp-eyes-prometheus' };

/** Variable of Grafana's environment with the password of the account that it asks ClickHouse with; it stands in no file. */
export const PASSWORD_VARIABLE = 'SHARP_EYES_CLICKHOUSE_PASSWORD';

export function sourcesFile({ clickhouseUrl, clickhouseUser, prometheusUrl }: GrafanaChoices): object {
  const url = new URL(clickhouseUrl);
  const isSecure = url.protocol === 'https:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  return {
    apiVersion: 1,
    datasources: [
      {
        name: 'Sharp Eyes ClickHouse',
        ...CLICKHOUSE,
        access: 'proxy',
        editable: false,
        jsonData: {
          ...{ host: url.hostname, port, protocol: 'http', secure: isSecure, username: clickhouseUser },
          defaultDatabase: 'sharp_eyes',
        },
        secureJsonData: { password: `$${PASSWORD_VARIABLE}` },
      },
      {
        name: 'Sharp Eyes Prometheus',
        ...PROMETHEUS,
        access: 'proxy',
        editable: false,
        url: prometheusUrl,
        jsonData: { timeInterval: SCRAPE_INTERVAL },
      },
    ],
  };
}

/** Of docker/prometheus.yaml. */
export const SCRAPE_INTERVAL = '15s';
