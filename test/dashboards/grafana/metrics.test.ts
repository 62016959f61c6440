import { describe, expect, it } from 'vitest';
import { createAlertStages } from '#analytics/alerts/metrics.ts';
import { createStages } from '#analytics/metrics.ts';
import { createGauges } from '#analytics/rules/metrics.ts';
import { HEADLINES, STAGES } from '#dashboards/grafana/operation-panels.ts';
import { OPERATOR_ALERTS } from '#dashboards/grafana/operator-alerts.ts';
import { createStageMetrics, watchFigures } from '#ingest/pipeline/stage-metrics.ts';
import { watchDisk } from '#system/disk-metrics.ts';
import { createMetrics } from '#system/metrics.ts';

/** Of what is made beside other things: the store's server, the API's routes and its counts. */
const ELSEWHERE = [
  'sharp_eyes_store_queries_total',
  'sharp_eyes_store_query_seconds',
  'sharp_eyes_store_lane_queries',
  'sharp_eyes_http_request_seconds',
  'sharp_eyes_reconciliation_differences',
];

describe('what Grafana asks Prometheus', () => {
  const metrics = createMetrics('test');
  const stages = createStageMetrics(metrics);
  stages.reading();
  watchFigures(metrics, {} as never);
  createStages(metrics);
  createGauges(metrics);
  createAlertStages(metrics);
  watchDisk(metrics, '/');
  const known = new Map<string, string>();
  for (const { name, type } of metrics.registry.getMetricsAsArray() as unknown as { name: string; type?: string }[]) {
    known.set(name, String(type));
  }
  const asked = [
    ...HEADLINES.map(({ expr }) => expr),
    ...STAGES.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr))),
    ...OPERATOR_ALERTS.map(({ expr }) => expr),
  ];

  it.each(asked)('%s names metrics that our processes have', (expr) => {
    const names = [...expr.matchAll(/sharp_eyes_\w+/g)].map(([name]) => name);
    const bare = names.map((name) => (known.has(name) ? name : name.replace(/_(bucket|count|sum)$/, '')));
    expect(bare.filter((name) => !known.has(name) && !ELSEWHERE.includes(name))).toEqual([]);
    expect(names.length + (expr.includes('up{') ? 1 : 0)).toBeGreaterThan(0);
  });

  it('takes rates of what only grows, and of nothing else', () => {
    for (const expr of asked) {
      const rated = [...expr.matchAll(/(?:rate|increase)\((sharp_eyes_\w+)/g)].map(([, name]) => name!);
      expect(rated.filter((name) => !/_(total|bucket|count|sum)$/.test(name))).toEqual([]);
      const counted = [...expr.matchAll(/(sharp_eyes_\w+_total)/g)].map(([, name]) => name!);
      expect(counted.filter((name) => !rated.includes(name))).toEqual([]);
    }
  });
});
