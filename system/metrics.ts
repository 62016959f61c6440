/** Prometheus metrics of one process; names end in their unit, every stage counts in, out and dropped. */
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = {
  registry: Registry;
  counter: (name: string, help: string, labels?: string[]) => Counter;
  gauge: (name: string, help: string, labels?: string[]) => Gauge;
  histogram: (name: string, help: string, buckets: number[], labels?: string[]) => Histogram;
};

/** Metrics with the labels `role` and `process`, so that those of many processes stand beside each other. */
export function createMetrics(role: string, processName = `${role}-${process.pid}`): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ role, process: processName });
  collectDefaultMetrics({ register: registry, prefix: 'sharp_eyes_' });
  const options = (name: string, help: string, labels: string[]) => ({
    name,
    help,
    labelNames: labels,
    registers: [registry],
  });
  return {
    registry,
    counter: (name, help, labels = []) => new Counter(options(name, help, labels)),
    gauge: (name, help, labels = []) => new Gauge(options(name, help, labels)),
    histogram: (name, help, buckets, labels = []) => new Histogram({ ...options(name, help, labels), buckets }),
  };
}

/** Joins the metrics of several processes (each `registry.getMetricsAsJSON()`) into one Prometheus text. */
export function joinMetrics(parts: object[]): Promise<string> {
  return AggregatorRegistry.aggregate(parts as object[][]).metrics();
}
