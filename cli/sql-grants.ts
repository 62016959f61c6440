/** Statements that give an analyst of a ClickHouse server the rows of some areas alone: its own row policies enforce it. */
import { DATABASE } from '#system/store-client.ts';

/** Tables whose rows belong to an area. */
const ROWS_OF_AREAS = [
  'sightings',
  'looks',
  'cells_slice',
  'cells_minute',
  'cells_hour',
  'cell_totals_hour',
  'kinds_hour',
  'observed_slice',
  'observed_minute',
  'observed_hour',
  'areas_hour',
  'totals_hour',
  'cell_areas',
  'coverage',
  'camera_states',
  'alerts',
  'incidents',
  'incident_work',
  'evidence',
  'registered_areas',
  'registered_cameras',
] as const;
/** Tables that say nothing of a place. */
const ROWS_OF_NOWHERE = ['minutes', 'hours', 'simulated'] as const;
/** They read with the rights of who asks. */
const VIEWS = [
  'areas',
  'cameras',
  'presence_by_hour',
  'tracks_by_hour',
  'observed_by_hour',
  'visits',
  'moves',
  'crossings',
  'alert_log',
  'incident_log',
  'rule_precision',
  'flow_by_hour',
  'watched_by_hour',
  'whole_totals_by_hour',
  'totals_by_hour',
  'camera_conditions',
  'looked_with',
] as const;

const quoted = (name: string) => `\`${name.replaceAll('`', '')}\``;

export type Grants = {
  user: string;
  areas: readonly string[];
  /** Accounts that see every row: those that write, and analysts without a limit. */
  whole: readonly string[];
  cluster: string;
};

/**
 * A table with a row policy shows nothing to those whom no policy names, so that forgetting one is no leak. What is not
 * granted here (quarantine, leases) the user does not see at all.
 */
export function grantStatements({ user, areas, whole, cluster }: Grants): string[] {
  const onCluster = cluster === '' ? '' : ` ON CLUSTER ${quoted(cluster)}`;
  const list = areas.map((area) => `'${area}'`).join(', ');
  const to = `TO ${quoted(user)}`;
  const policies = ROWS_OF_AREAS.flatMap((table) => [
    `CREATE ROW POLICY OR REPLACE sharp_eyes_whole${onCluster} ON ${DATABASE}.${table} USING 1 TO ${whole.map(quoted).join(', ')};`,
    `CREATE ROW POLICY OR REPLACE ${quoted(`sharp_eyes_${user}`)}${onCluster} ON ${DATABASE}.${table} USING hasAny(splitByChar('.', area_path), [${list}]) ${to};`,
  ]);
  const grants = [...ROWS_OF_AREAS, ...ROWS_OF_NOWHERE, ...VIEWS].map(
    (table) => `GRANT${onCluster} SELECT ON ${DATABASE}.${table} ${to};`,
  );
  return [...policies, ...grants];
}
