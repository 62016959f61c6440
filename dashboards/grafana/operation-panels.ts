/** What the operator's dashboard measures, in PromQL over our metrics; `{{label}}` in a legend is Grafana's. */
import type { Bilingual } from '#models/schema/panel.ts';

export type Measured = { title: Bilingual; unit: string; queries: { expr: string; legend: string | Bilingual }[] };
export type Headline = { title: Bilingual; unit: string; expr: string; isBadAbove?: number; isBadBelow?: number };

const rate = (metric: string) => `rate(${metric}[$__rate_interval])`;
/** Sum of rates, by labels where there are any. */
const flow = (metric: string, ...labels: string[]) =>
  labels.length === 0 ? `sum(${rate(metric)})` : `sum by (${labels.join(', ')}) (${rate(metric)})`;
const quantile = (share: number, histogram: string, ...labels: string[]) =>
  `histogram_quantile(${share}, ${flow(`${histogram}_bucket`, 'le', ...labels)})`;
const middleAndTail = (histogram: string): Measured['queries'] => [
  { expr: quantile(0.5, histogram), legend: '50 %' },
  { expr: quantile(0.95, histogram), legend: '95 %' },
];

export const HEADLINES: Headline[] = [
  {
    title: { en: 'Cameras that are live', zh: '在线摄像机占比' },
    unit: 'percentunit',
    expr: 'sum(sharp_eyes_cameras{state="live"}) / sum(sharp_eyes_cameras{state!="disabled"})',
    isBadBelow: 0.9,
  },
  {
    title: { en: 'Messages stored', zh: '入库消息' },
    unit: 'suffix:/s',
    expr: 'sum(rate(sharp_eyes_analytics_messages_stored_total[5m]))',
    isBadBelow: 0.001,
  },
  {
    title: { en: 'Messages that wait', zh: '待处理消息' },
    unit: 'short',
    expr: 'sum(sharp_eyes_analytics_pending_messages) + sum(sharp_eyes_spool_messages)',
    isBadAbove: 20_000,
  },
  {
    title: { en: 'From sight to row, 95 %', zh: '从拍摄到入库（95%）' },
    unit: 's',
    expr: 'histogram_quantile(0.95, sum by (le) (rate(sharp_eyes_analytics_age_seconds_bucket[5m])))',
    isBadAbove: 10,
  },
  {
    title: { en: 'Differences in the counts', zh: '对账差异' },
    unit: 'short',
    expr: 'max(sharp_eyes_reconciliation_differences)',
    isBadAbove: 1,
  },
  {
    title: { en: 'Disk that is free', zh: '磁盘剩余占比' },
    unit: 'percentunit',
    expr: 'min(sharp_eyes_disk_free_bytes / sharp_eyes_disk_size_bytes)',
    isBadBelow: 0.1,
  },
];

export const STAGES: { title: Bilingual; panels: Measured[] }[] = [
  {
    title: { en: 'Cameras', zh: '摄像机' },
    panels: [
      {
        title: { en: 'Cameras by state', zh: '各状态摄像机' },
        unit: 'short',
        queries: [
          { expr: 'sum by (state) (sharp_eyes_cameras)', legend: '{{state}}' },
          { expr: 'max(sharp_eyes_cameras_unclaimed)', legend: { en: 'no worker has it', zh: '无人接入' } },
        ],
      },
      {
        title: { en: 'Packets and pictures', zh: '数据包与画面' },
        unit: 'suffix:/s',
        queries: [
          { expr: flow('sharp_eyes_camera_packets_total'), legend: { en: 'packets', zh: '数据包' } },
          { expr: flow('sharp_eyes_camera_decoded_total'), legend: { en: 'decoded', zh: '已解码' } },
          {
            expr: flow('sharp_eyes_camera_skipped_total'),
            legend: { en: 'not decoded, nothing moved', zh: '无运动，未解码' },
          },
        ],
      },
      {
        title: { en: 'Faults of streams', zh: '视频流异常' },
        unit: 'suffix:/s',
        queries: [
          { expr: flow('sharp_eyes_camera_reconnects_total'), legend: { en: 'reconnects', zh: '重连' } },
          { expr: flow('sharp_eyes_camera_failed_total'), legend: { en: 'would not decode', zh: '解码失败' } },
          { expr: flow('sharp_eyes_camera_time_jumps_total'), legend: { en: 'jumps in time', zh: '时间跳变' } },
        ],
      },
    ],
  },
  {
    title: { en: 'Ingest: detect and publish', zh: '接入：检测与发布' },
    panels: [
      {
        title: { en: 'Frames', zh: '帧' },
        unit: 'suffix:/s',
        queries: [
          { expr: flow('sharp_eyes_frames_total', 'outcome'), legend: '{{outcome}}' },
          {
            expr: flow('sharp_eyes_camera_dropped_total'),
            legend: { en: 'dropped, the detector lagged', zh: '检测跟不上而丢弃' },
          },
        ],
      },
      {
        title: { en: 'One call of the detector', zh: '单次检测耗时' },
        unit: 's',
        queries: middleAndTail('sharp_eyes_detect_seconds'),
      },
      {
        title: { en: 'Messages', zh: '消息' },
        unit: 'suffix:/s',
        queries: [
          { expr: flow('sharp_eyes_messages_total', 'outcome'), legend: '{{outcome}}' },
          {
            expr: flow('sharp_eyes_messages_given_up_total', 'reason'),
            legend: { en: 'given up: {{reason}}', zh: '放弃：{{reason}}' },
          },
        ],
      },
      {
        title: { en: 'Messages in the spool', zh: '本地缓存的消息' },
        unit: 'short',
        queries: [{ expr: 'sum by (process) (sharp_eyes_spool_messages)', legend: '{{process}}' }],
      },
      {
        title: { en: 'From publishing to NATS’ word', zh: '发布到 NATS 确认' },
        unit: 's',
        queries: middleAndTail('sharp_eyes_publish_seconds'),
      },
    ],
  },
  {
    title: { en: 'Analytics: NATS to rows', zh: '分析：NATS 到数据行' },
    panels: [
      {
        title: { en: 'Messages', zh: '消息' },
        unit: 'suffix:/s',
        queries: [
          { expr: flow('sharp_eyes_analytics_messages_received_total'), legend: { en: 'received', zh: '收到' } },
          { expr: flow('sharp_eyes_analytics_messages_stored_total'), legend: { en: 'stored', zh: '入库' } },
          {
            expr: flow('sharp_eyes_analytics_messages_quarantined_total', 'reason'),
            legend: { en: 'put aside: {{reason}}', zh: '隔离：{{reason}}' },
          },
        ],
      },
      {
        title: { en: 'Backlog', zh: '积压' },
        unit: 'short',
        queries: [
          { expr: 'sum(sharp_eyes_analytics_pending_messages)', legend: { en: 'wait in NATS', zh: '在 NATS 中等待' } },
          {
            expr: 'sum(sharp_eyes_analytics_unacknowledged_messages)',
            legend: { en: 'delivered, not acknowledged', zh: '已送达、未确认' },
          },
        ],
      },
      {
        title: { en: 'From sight to row', zh: '从拍摄到入库' },
        unit: 's',
        queries: middleAndTail('sharp_eyes_analytics_age_seconds'),
      },
      {
        title: { en: 'Time per batch, 95 %', zh: '每批耗时（95%）' },
        unit: 's',
        queries: [{ expr: quantile(0.95, 'sharp_eyes_analytics_stage_seconds', 'stage'), legend: '{{stage}}' }],
      },
      {
        title: { en: 'Lost, and tried again', zh: '丢失与重试' },
        unit: 'suffix:/s',
        queries: [
          { expr: flow('sharp_eyes_messages_lost_total'), legend: { en: 'dropped by the stream', zh: '被消息流丢弃' } },
          {
            expr: flow('sharp_eyes_analytics_write_failures_total'),
            legend: { en: 'not taken by the store at once', zh: '存储未立即接收' },
          },
          {
            expr: flow('sharp_eyes_analytics_consumer_recreated_total', 'reason'),
            legend: { en: 'begun anew: {{reason}}', zh: '重新订阅：{{reason}}' },
          },
        ],
      },
    ],
  },
  {
    title: { en: 'Store', zh: '存储' },
    panels: [
      {
        title: { en: 'Queries', zh: '查询' },
        unit: 'suffix:/s',
        queries: [
          { expr: flow('sharp_eyes_store_queries_total', 'account', 'error'), legend: '{{account}} {{error}}' },
        ],
      },
      {
        title: { en: 'Time of a query, 95 %', zh: '查询耗时（95%）' },
        unit: 's',
        queries: [{ expr: quantile(0.95, 'sharp_eyes_store_query_seconds', 'account'), legend: '{{account}}' }],
      },
      {
        title: { en: 'Queries in lanes', zh: '各通道中的查询' },
        unit: 'short',
        queries: [{ expr: 'sum by (account, state) (sharp_eyes_store_lane_queries)', legend: '{{account}} {{state}}' }],
      },
    ],
  },
  {
    title: { en: 'Rules and alerts', zh: '规则与告警' },
    panels: [
      {
        title: { en: 'Alerts sent', zh: '已发告警' },
        unit: 'suffix:/s',
        queries: [{ expr: flow('sharp_eyes_rules_alerts_sent_total', 'severity'), legend: '{{severity}}' }],
      },
      {
        title: { en: 'Rules behind the cameras', zh: '规则滞后' },
        unit: 's',
        queries: [
          { expr: 'max(sharp_eyes_rules_lag_seconds)', legend: { en: 'last look', zh: '最近一次' } },
          {
            expr: quantile(0.95, 'sharp_eyes_rules_delay_seconds'),
            legend: { en: 'packet to alert, 95 %', zh: '从数据包到告警（95%）' },
          },
        ],
      },
      {
        title: { en: 'Deliveries', zh: '推送' },
        unit: 'suffix:/s',
        queries: [
          { expr: flow('sharp_eyes_alerts_deliveries_total', 'channel', 'outcome'), legend: '{{channel}} {{outcome}}' },
        ],
      },
    ],
  },
  {
    title: { en: 'API and machines', zh: '接口与主机' },
    panels: [
      {
        title: { en: 'Requests', zh: '请求' },
        unit: 'suffix:/s',
        queries: [{ expr: flow('sharp_eyes_http_request_seconds_count', 'status'), legend: '{{status}}' }],
      },
      {
        title: { en: 'CPU', zh: '处理器' },
        unit: 'percentunit',
        queries: [{ expr: flow('sharp_eyes_process_cpu_seconds_total', 'role', 'process'), legend: '{{process}}' }],
      },
      {
        title: { en: 'Memory', zh: '内存' },
        unit: 'bytes',
        queries: [{ expr: 'sum by (process) (sharp_eyes_process_resident_memory_bytes)', legend: '{{process}}' }],
      },
      {
        title: { en: 'Disk that is free', zh: '磁盘剩余' },
        unit: 'bytes',
        queries: [{ expr: 'min by (role) (sharp_eyes_disk_free_bytes)', legend: '{{role}}' }],
      },
    ],
  },
];
