/** Alert rules for the operator: each asks Prometheus for one number and says from which limit on a person is needed, and what to do. */
import { FAULTS, type FaultCode } from '#models/schema/fault.ts';
import type { Bilingual } from '#models/schema/panel.ts';
import { chineseFaults } from '../src/words/chinese-faults.ts';

export type OperatorAlert = {
  id: string;
  title: Bilingual;
  expr: string;
  /** Fires while the number is above it. */
  above: number;
  /** So long before it fires, as Grafana writes durations. */
  lasting: string;
  severity: 'critical' | 'warning';
  /** What it means that Prometheus has no such figure. */
  noData: 'Alerting' | 'OK';
  cure: Bilingual;
};

const cureOf = (code: FaultCode): Bilingual => ({ en: FAULTS[code].cure, zh: chineseFaults[code].cure });

export const OPERATOR_ALERTS: OperatorAlert[] = [
  {
    id: 'site-gone',
    title: { en: 'Sharp Eyes does not answer', zh: '系统无应答' },
    expr: '1 - max(up{job="sharp-eyes"})',
    ...{ above: 0.5, lasting: '2m', severity: 'critical', noData: 'Alerting' },
    cure: {
      en: 'See that ./sharp-eyes up runs, and that Prometheus has a token that is valid (docs/grafana.md).',
      zh: '检查 ./sharp-eyes up 是否运行，以及 Prometheus 的令牌是否有效（docs/grafana.md）。',
    },
  },
  {
    id: 'no-rows',
    title: { en: 'Cameras are live, but no message is stored', zh: '摄像机在线，但没有消息入库' },
    expr: '(sum(sharp_eyes_cameras{state="live"}) > bool 0) * (sum(rate(sharp_eyes_analytics_messages_stored_total[10m])) == bool 0)',
    ...{ above: 0.5, lasting: '5m', severity: 'critical', noData: 'OK' },
    cure: cureOf('store-unreachable'),
  },
  {
    id: 'cameras-down',
    title: { en: 'More than a tenth of the cameras is down', zh: '超过一成的摄像机离线' },
    expr: 'sum(sharp_eyes_cameras{state="down"}) / sum(sharp_eyes_cameras{state!="disabled"})',
    ...{ above: 0.1, lasting: '5m', severity: 'warning', noData: 'OK' },
    cure: {
      en: './sharp-eyes camera health lists each with its reason and cure; many of one device or switch at once share a cause.',
      zh: './sharp-eyes camera health 列出每台的原因和处理方法；同一设备或交换机下同时离线的往往同因。',
    },
  },
  {
    id: 'cameras-unclaimed',
    title: { en: 'Cameras that no worker has', zh: '有摄像机无人接入' },
    expr: 'max(sharp_eyes_cameras_unclaimed)',
    ...{ above: 0, lasting: '10m', severity: 'warning', noData: 'OK' },
    cure: {
      en: 'Start another ./sharp-eyes ingest, or raise SHARP_EYES_WORKER_CAMERAS.',
      zh: '再启动一个 ./sharp-eyes ingest，或调高 SHARP_EYES_WORKER_CAMERAS。',
    },
  },
  {
    id: 'backlog',
    title: { en: 'Messages wait', zh: '消息积压' },
    expr: 'sum(sharp_eyes_analytics_pending_messages) + sum(sharp_eyes_spool_messages)',
    ...{ above: 20_000, lasting: '10m', severity: 'warning', noData: 'OK' },
    cure: {
      en: 'Look at the load of the store and its disk; where only analytics is busy, start another ./sharp-eyes analytics.',
      zh: '查看存储的负载和磁盘；若只是分析繁忙，再启动一个 ./sharp-eyes analytics。',
    },
  },
  {
    id: 'disk',
    title: { en: 'A disk is nearly full', zh: '磁盘将满' },
    expr: '1 - min(sharp_eyes_disk_free_bytes / sharp_eyes_disk_size_bytes)',
    ...{ above: 0.9, lasting: '5m', severity: 'critical', noData: 'OK' },
    cure: cureOf('disk-full'),
  },
  {
    id: 'lost',
    title: { en: 'Messages were lost', zh: '消息丢失' },
    expr: '(sum(increase(sharp_eyes_messages_lost_total[1h])) or vector(0)) + (sum(increase(sharp_eyes_messages_given_up_total[1h])) or vector(0)) + (sum(increase(sharp_eyes_rules_messages_lost_total[1h])) or vector(0))',
    ...{ above: 0, lasting: '0s', severity: 'critical', noData: 'OK' },
    cure: {
      en: './sharp-eyes doctor --reconcile names the hours; see docs/diagnosis.md.',
      zh: './sharp-eyes doctor --reconcile 指出是哪些小时；参见 docs/diagnosis.md。',
    },
  },
  {
    id: 'counts-differ',
    title: { en: 'What is rolled up is not what is stored', zh: '汇总与入库不一致' },
    expr: 'max(sharp_eyes_reconciliation_differences)',
    ...{ above: 0, lasting: '30m', severity: 'critical', noData: 'OK' },
    cure: {
      en: './sharp-eyes doctor --reconcile names the hours and the differences.',
      zh: './sharp-eyes doctor --reconcile 指出是哪些小时、差多少。',
    },
  },
  {
    id: 'rules-late',
    title: { en: 'Rules are late', zh: '规则判断滞后' },
    expr: 'histogram_quantile(0.95, sum by (le) (rate(sharp_eyes_rules_delay_seconds_bucket[10m])))',
    ...{ above: 5, lasting: '10m', severity: 'warning', noData: 'OK' },
    cure: {
      en: 'See the load of analytics, and whether clocks of cameras are right.',
      zh: '查看分析进程的负载，以及摄像机时钟是否准确。',
    },
  },
  {
    id: 'channels-fail',
    title: { en: 'A channel does not deliver', zh: '推送渠道失败' },
    expr: 'max(sum by (channel) (increase(sharp_eyes_alerts_deliveries_total{outcome="dead"}[15m])))',
    ...{ above: 0, lasting: '0s', severity: 'critical', noData: 'OK' },
    cure: cureOf('channel-unreachable'),
  },
  {
    id: 'errors',
    title: { en: 'More than a twentieth of the requests fails', zh: '超过 5% 的请求失败' },
    expr: 'sum(rate(sharp_eyes_http_request_seconds_count{status=~"5.."}[5m])) / sum(rate(sharp_eyes_http_request_seconds_count[5m]))',
    ...{ above: 0.05, lasting: '5m', severity: 'warning', noData: 'OK' },
    cure: {
      en: './sharp-eyes doctor says what is not healthy; the API’s log has each error.',
      zh: './sharp-eyes doctor 说明哪里不正常；接口日志中有每个错误。',
    },
  },
];
