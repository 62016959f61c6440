/** The stages as they are now, from the counts of all processes, the health report, and what broker and store know. */
import type { OperationFigure, StageNow } from '#models/schema/operations.ts';
import type { Finding, HealthReport } from '#models/schema/site-view.ts';
import type { OperationStage } from '#models/schema/stage.ts';
import { STREAM_MESSAGES } from './sample.ts';
import type { Window } from './window.ts';

export type Known = {
  window: Window;
  health: HealthReport;
  /** Begin of the newest hour that is closed; null while none is, or the store is silent. */
  closedHourMs: number | null;
  channels: { backlog: number; findings: Finding[]; count: number };
  nowMs: number;
};

type Measured = Omit<StageNow, 'stage' | 'state' | 'findings' | 'figures'> & {
  figures?: Partial<Record<OperationFigure['name'], number | null>>;
};

const HOUR_MS = 3_600_000;
const ANSWERED = '0';
/** The client left: a map that is moved asks anew. Nobody moves away from what is written. */
const CANCELLED = '394';
const s = (name: string) => `sharp_eyes_${name}`;
const add = (...values: (number | null)[]): number | null =>
  values.every((value) => value === null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

export function stagesNow(known: Known): StageNow[] {
  const measured: Record<OperationStage, Measured> = {
    cameras: cameras(known),
    ingest: ingest(known),
    broker: broker(known),
    analytics: analytics(known),
    store: store(known),
    'roll-up': rollUp(known),
    api: api(known),
    rules: rules(known),
    evidence: evidence(known),
    channels: channels(known),
  };
  return Object.entries(measured).map(([name, { figures = {}, ...rest }]) => {
    const stage = name as OperationStage;
    const findings = [
      ...known.health.findings.filter((finding) => finding.stage === stage),
      ...(stage === 'channels' ? known.channels.findings : []),
    ];
    return {
      ...{
        stage,
        state: isSilent(stage, known) && findings.length === 0 ? 'unknown' : stateOf(findings, rest),
        ...rest,
      },
      figures: Object.entries(figures).flatMap(([figure, value]) =>
        value === null ? [] : [{ name: figure as OperationFigure['name'], value }],
      ),
      findings,
    };
  });
}

const ROLES: Partial<Record<OperationStage, string>> = {
  ...{
    ingest: 'ingest',
    analytics: 'analytics',
    'roll-up': 'analytics',
    api: 'api',
    rules: 'rules',
    evidence: 'alerts',
    channels: 'alerts',
  },
};

/** No process of it answers, or there is nothing that it could do. */
function isSilent(stage: OperationStage, { health: { processes, cameras } }: Known): boolean {
  if (stage === 'cameras') return Object.keys(cameras).length === 0;
  const role = ROLES[stage];
  return role !== undefined && !processes.some((process) => process.role === role);
}

/** A stage is unwell where a finding says so; figures alone only warn. */
function stateOf(
  findings: readonly Finding[],
  { dropped, errors }: Pick<Measured, 'dropped' | 'errors'>,
): StageNow['state'] {
  if (findings.some(({ isWarning }) => isWarning !== true)) return 'unwell';
  return findings.length > 0 || (dropped ?? 0) > 0 || (errors ?? 0) > 0 ? 'warned' : 'well';
}

function cameras({ window, health }: Known): Measured {
  const all = Object.entries(health.cameras).reduce(
    (sum, [state, count]) => sum + (state === 'disabled' ? 0 : count),
    0,
  );
  return {
    ...{ passed: 'packets', ratePerS: window.perS(s('camera_packets_total')) },
    ...{ lagS: null, backlog: null, dropped: null, errors: window.grown(s('camera_failed_total')) },
    figures: {
      'cameras-live': health.cameras.live ?? 0,
      'cameras-all': all,
      reconnects: window.grown(s('camera_reconnects_total')),
    },
  };
}

const onDisk = (window: Window, role: string) => ({
  'disk-free': window.least(s('disk_free_bytes'), (labels) => labels.role === role),
  'disk-size': window.least(s('disk_size_bytes'), (labels) => labels.role === role),
});

function ingest({ window }: Known): Measured {
  return {
    ...{ passed: 'frames', ratePerS: window.perS(s('detected_frames_total')), lagS: window.mean(s('detect_seconds')) },
    backlog: window.now(s('spool_messages')),
    dropped: add(window.grown(s('camera_dropped_total')), window.grown(s('messages_given_up_total'))),
    errors: window.grown(s('messages_total'), ({ outcome }) => outcome === 'refused'),
    figures: { detections: window.perS(s('sightings_total')), ...onDisk(window, 'ingest') },
  };
}

function broker({ window, health }: Known): Measured {
  const { streamBytes, streamMaxBytes, messagesWaiting } = health.broker;
  return {
    passed: 'messages',
    ratePerS: window.perS(STREAM_MESSAGES),
    lagS: window.mean(s('publish_seconds')),
    backlog: messagesWaiting,
    dropped: window.grown(s('messages_lost_total')),
    errors: null,
    figures: { 'stream-bytes': streamBytes, 'stream-bytes-max': streamMaxBytes },
  };
}

function analytics({ window }: Known): Measured {
  return {
    ...{ passed: 'messages', ratePerS: window.perS(s('analytics_messages_stored_total')) },
    lagS: window.mean(s('analytics_age_seconds')),
    backlog: add(window.now(s('analytics_pending_messages')), window.now(s('analytics_unacknowledged_messages'))),
    dropped: window.grown(s('analytics_messages_quarantined_total')),
    errors: window.grown(s('analytics_write_failures_total')),
  };
}

const isFailed = ({ error = ANSWERED, account }: Record<string, string>) =>
  error !== ANSWERED && !(error === CANCELLED && account !== 'writer');

function store({ window }: Known): Measured {
  return {
    passed: 'rows',
    ratePerS: window.perS(s('analytics_rows_stored_total')),
    lagS: window.mean(s('analytics_stage_seconds'), ({ stage }) => stage === 'insert'),
    backlog: window.now(s('store_lane_queries'), ({ state }) => state === 'waiting'),
    dropped: null,
    // To the store a figure that came too late is one whose client left: the API knows better.
    errors: add(window.grown(s('store_queries_total'), isFailed), window.grown(s('figures_too_long_total'))),
    figures: {
      'lane-queries': window.now(s('store_lane_queries'), ({ state }) => state === 'running'),
      ...onDisk(window, 'store'),
    },
  };
}

function rollUp({ window, closedHourMs, nowMs }: Known): Measured {
  return {
    ...{ passed: 'slices', ratePerS: window.perS(s('analytics_slices_rebuilt_total')) },
    lagS: closedHourMs === null ? null : Math.max(0, nowMs - closedHourMs - HOUR_MS) / 1000,
    ...{ backlog: null, dropped: null, errors: null },
    figures: { 'closed-hour': closedHourMs },
  };
}

/** Streams last as long as somebody looks: they say nothing of how fast answers are. */
const isAnswer = ({ route = '' }: Record<string, string>) => !/stream|live|video|socket/.test(route);

function api({ window }: Known): Measured {
  return {
    ...{ passed: 'requests', ratePerS: window.perS(s('http_request_seconds_count')) },
    lagS: window.mean(s('http_request_seconds'), isAnswer),
    ...{ backlog: null, dropped: null },
    errors: window.grown(s('http_request_seconds_count'), ({ status = '' }) => status.startsWith('5')),
    figures: onDisk(window, 'api'),
  };
}

function rules({ window }: Known): Measured {
  return {
    ...{ passed: 'looks', ratePerS: window.perS(s('rules_looks_total')), lagS: window.most(s('rules_lag_seconds')) },
    ...{ backlog: null, dropped: window.grown(s('rules_messages_lost_total')), errors: null },
    figures: {
      alerts: window.grown(s('rules_alerts_sent_total')),
      'rules-running': window.now(s('rules_rules'), ({ state }) => state === 'active'),
    },
  };
}

/** What workers remember, what they make of it, and what is kept. */
function evidence({ window }: Known): Measured {
  const became = (outcome: string) => (labels: Record<string, string>) => labels.outcome === outcome;
  return {
    passed: 'clips',
    ratePerS: window.perS(s('evidence_alerts_total'), became('kept')),
    lagS: window.mean(s('evidence_delay_seconds')),
    backlog: window.now(s('evidence_queue_alerts')),
    dropped: window.grown(s('evidence_alerts_total'), became('missing')),
    errors: window.grown(s('evidence_clips_total'), became('failed')),
    figures: {
      'clips-kept': window.now(s('evidence_kept_alerts')),
      'clip-bytes': window.now(s('evidence_kept_bytes')),
      'evidence-headroom': window.least(s('evidence_headroom_bytes')),
      'ring-bytes': window.now(s('evidence_ring_bytes')),
      'ring-seconds': window.least(s('evidence_ring_seconds')),
    },
  };
}

function channels({ window, channels: { backlog, count } }: Known): Measured {
  return {
    passed: 'deliveries',
    ratePerS: window.perS(s('alerts_deliveries_total'), ({ outcome }) => outcome === 'delivered'),
    lagS: window.mean(s('alerts_delivery_delay_seconds')),
    backlog,
    dropped: window.grown(s('alerts_deliveries_total'), ({ outcome }) => outcome === 'dead'),
    errors: window.grown(s('alerts_deliveries_total'), ({ outcome }) => outcome === 'retry'),
    figures: { channels: count },
  };
}
