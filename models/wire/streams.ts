/** The JetStream streams and KV buckets: names, limits and what happens when a limit is reached. */

/**
 * Detections wait here between ingest and analytics. Loss rule: when `maxBytes` or `maxAgeS` is reached the oldest
 * messages go; analytics sees the hole in the stream's sequence, counts it (`sharp_eyes_messages_lost_total`) and says so.
 */
export const DETECTIONS_STREAM = {
  name: 'SHARPEYES_DETECTIONS',
  subjects: ['sharpeyes.detections.>'],
  maxBytes: 4 * 1024 ** 3,
  maxAgeS: 24 * 3600,
  duplicateWindowS: 120,
} as const;

/**
 * The same looks for the rules, each at once: what it stands for is not known yet. What saw nothing comes when it is told to
 * all. Loss rule: published without waiting for an answer, and the oldest go; the rules then wait for `DETECTIONS_STREAM`.
 */
export const LOOKS_STREAM = {
  name: 'SHARPEYES_LOOKS',
  subjects: ['sharpeyes.looks.>'],
  maxBytes: 256 * 1024 ** 2,
  maxAgeS: 1800,
  duplicateWindowS: 120,
} as const;

/**
 * What workers say of cameras waits here for its history: every change, and every 15 seconds that nothing changed. Loss
 * rule: the oldest go; a message says since when it is so, so that a later one fills most of what was lost. A thousand
 * cameras say 40 kB a second: six hours of them fit.
 */
export const HEALTH_STREAM = {
  name: 'SHARPEYES_HEALTH',
  subjects: ['sharpeyes.health.>'],
  maxBytes: 1024 ** 3,
  maxAgeS: 24 * 3600,
  duplicateWindowS: 120,
} as const;

/**
 * Who changed which camera, and what it was before, so that it can be undone. Loss rule: the oldest go, after a year, or
 * beyond so many of one camera, of all, or so many bytes; a history that began earlier says so by a missing "added".
 */
export const CHANGES_STREAM = {
  name: 'SHARPEYES_CHANGES',
  subjects: ['sharpeyes.changes.>'],
  maxBytes: 256 * 1024 ** 2,
  maxAgeS: 365 * 24 * 3600,
  maxMessages: 100_000,
  maxPerSubject: 500,
  duplicateWindowS: 120,
} as const;

/**
 * Alerts, incidents and what becomes of them, for whoever subscribes; read by sequence or time, an hour offline is nothing.
 * Loss rule: the oldest go after a week, or beyond so many bytes; ClickHouse keeps them longer.
 */
export const ALERTS_STREAM = {
  name: 'SHARPEYES_ALERTS',
  subjects: ['sharpeyes.alerts.>'],
  maxBytes: 2 * 1024 ** 3,
  maxAgeS: 7 * 24 * 3600,
  duplicateWindowS: 600,
} as const;

export const BUCKETS = {
  cameras: { name: 'sharpeyes_cameras', history: 5 },
  areas: { name: 'sharpeyes_areas', history: 2 },
  /** Published versions of the division; key: the version's number. */
  divisions: { name: 'sharpeyes_divisions', history: 1 },
  /** The areas of each published version, which change no more; key: `<version>.<area>`. */
  publishedAreas: { name: 'sharpeyes_published_areas', history: 1 },
  calibrations: { name: 'sharpeyes_calibrations', history: 20 },
  /** Holidays and weather; key: YYYY-MM-DD. */
  calendar: { name: 'sharpeyes_calendar', history: 1 },
  /** What stands between cameras and the ground, by tiles; and places that the plan wants watched. */
  buildings: { name: 'sharpeyes_buildings', history: 1 },
  keyPlaces: { name: 'sharpeyes_key_places', history: 2 },
  /** Totals of areas that others count; key: area id. */
  totals: { name: 'sharpeyes_totals', history: 2 },
  /** Rules, with their former versions; what the engine says of each; and spans without alerts. */
  rules: { name: 'sharpeyes_rules', history: 50 },
  ruleStates: { name: 'sharpeyes_rule_states', history: 1 },
  /** What the engine of rules remembers, in two slots by turns; the engine alone writes and reads it. */
  ruleSnapshots: { name: 'sharpeyes_rule_snapshots', history: 1 },
  quiets: { name: 'sharpeyes_quiets', history: 1 },
  /** What people did with incidents; key: incident id. One that nobody touched for a month is gone from here, not from ClickHouse. */
  incidentWork: { name: 'sharpeyes_incident_work', history: 1, ttlMs: 31 * 24 * 3_600_000 },
  /** Where alerts go besides the streams, and how each does. */
  channels: { name: 'sharpeyes_channels', history: 2 },
  channelStates: { name: 'sharpeyes_channel_states', history: 1 },
  /** What channels gave up, for a month; key: `<channel>.<24 hex of the event>`. */
  deadLetters: { name: 'sharpeyes_dead_letters', history: 1, ttlMs: 31 * 24 * 3_600_000 },
  /** Users of the broker that read one area's alerts. */
  subscriptions: { name: 'sharpeyes_subscriptions', history: 1 },
  /** Choices that people keep under a name; key: id of the view. */
  keptViews: { name: 'sharpeyes_kept_views', history: 1 },
  users: { name: 'sharpeyes_users', history: 5 },
  /** Remembered logins of devices. */
  logins: { name: 'sharpeyes_logins', history: 1 },
  tokens: { name: 'sharpeyes_tokens', history: 1 },
  states: { name: 'sharpeyes_states', history: 1 },
  views: { name: 'sharpeyes_views', history: 1 },
  /** NATS 2.9 has no per-key lifetime, so leases live in a bucket with one of its own. */
  leases: { name: 'sharpeyes_leases', history: 1, ttlMs: 10_000 },
  /** Which workers are alive: a mark that is not renewed is gone after its time. */
  workers: { name: 'sharpeyes_workers', history: 1, ttlMs: 10_000 },
  /** Work that one process at a time may do, such as migrations; a holder that dies loses its lock after this time. */
  locks: { name: 'sharpeyes_locks', history: 1, ttlMs: 10_000 },
} as const;

/** The durable consumers that analytics processes share. */
export const ANALYTICS_CONSUMER = 'analytics';
export const HEALTH_CONSUMER = 'analytics-health';
/** Writes alerts into ClickHouse. */
export const ALERTS_CONSUMER = 'alerts-store';
