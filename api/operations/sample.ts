/** The counts of all processes at one moment: those metrics that the picture of the pipeline is made of, and no others. */

/** Histograms by their `_sum` and `_count`. */
const WANTED = new Set(
  [
    'camera_packets_total camera_reconnects_total camera_failed_total camera_dropped_total',
    'detected_frames_total detect_seconds sightings_total messages_total messages_given_up_total spool_messages',
    'publish_seconds messages_lost_total',
    'analytics_messages_stored_total analytics_messages_quarantined_total analytics_age_seconds',
    'analytics_pending_messages analytics_unacknowledged_messages analytics_write_failures_total',
    'analytics_rows_stored_total analytics_slices_rebuilt_total analytics_stage_seconds',
    'store_queries_total store_query_seconds store_lane_queries',
    'rules_looks_total rules_lag_seconds rules_messages_lost_total rules_alerts_sent_total rules_rules',
    'evidence_alerts_total evidence_delay_seconds evidence_queue_alerts evidence_clips_total evidence_kept_alerts',
    'evidence_kept_bytes evidence_headroom_bytes evidence_ring_bytes evidence_ring_seconds',
    'alerts_deliveries_total alerts_delivery_delay_seconds',
    'http_request_seconds figures_too_long_total disk_free_bytes disk_size_bytes',
  ]
    .join(' ')
    .split(' ')
    .map((name) => `sharp_eyes_${name}`),
);
const bare = (name: string) => (WANTED.has(name) ? name : name.replace(/_(sum|count)$/, ''));

export type Series = { name: string; labels: Record<string, string>; value: number };
export type Sample = { atMs: number; series: Map<string, Series> };

/** A process that counts more than this is cut, so that a label that runs away does not take the API with it. */
const SERIES_MAX = 20_000;

/** Not a metric of a process: what the broker itself says that it took into the stream of detections. */
export const STREAM_MESSAGES = 'stream_messages';

type Metric = { name: string; values?: { metricName?: string; labels?: Record<string, unknown>; value: number }[] };

/** `parts`: `getMetricsAsJSON()` of each process; `text`: the store’s page. */
export function readSample(
  parts: readonly unknown[],
  { text, atMs, streamMessages = null }: { text: string; atMs: number; streamMessages?: number | null },
): Sample {
  const series = new Map<string, Series>();
  const add = (one: Series) => {
    if (series.size < SERIES_MAX) series.set(keyOf(one), one);
  };
  for (const metric of parts.flatMap((part) => (Array.isArray(part) ? (part as Metric[]) : []))) {
    if (!WANTED.has(metric.name)) continue;
    for (const { metricName = metric.name, labels = {}, value } of metric.values ?? []) {
      if (!metricName.endsWith('_bucket')) add({ name: metricName, labels: texts(labels), value });
    }
  }
  for (const one of readText(text)) add(one);
  if (streamMessages !== null) add({ name: STREAM_MESSAGES, labels: {}, value: streamMessages });
  return { atMs, series };
}

const texts = (labels: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));

const keyOf = ({ name, labels }: Series) =>
  `${name} ${Object.keys(labels)
    .sort()
    .map((label) => `${label}=${labels[label]}`)
    .join(' ')}`;

/** Lines of Prometheus’ text: `name{label="value",…} number`. */
function readText(text: string): Series[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', inner = '', number = ''] = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (!WANTED.has(bare(name)) || name.endsWith('_bucket')) return [];
    const labels = Object.fromEntries(
      [...inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', value = '']) => [label, value]),
    );
    return [{ name, labels, value: Number(number) }];
  });
}
