/**
 * Incidents: alerts of one family at one place and time. The place is the same camera, within 50 m, or the same grid; of
 * troubles of cameras it is a site, or any area that they share within a minute: a power cut is one incident.
 */
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Incident } from '#models/schema/alert.ts';
import type { AreaPath } from '#models/schema/area.ts';
import { SEVERITIES, type Severity } from '#models/schema/severity.ts';

const NEAR_M = 50;
const STORM_MS = 60_000;
const CAMERAS_MAX = 200;
const RULES_MAX = 50;
const KEYS_MAX = 1000;

export type Spot = { lon: number; lat: number };

/** What an alert, sent or held, brings to an incident. */
export type Joining = {
  id: string;
  key: string;
  family: string;
  severity: Severity;
  areaPath: readonly string[];
  camera: string | null;
  site: string | undefined;
  spot: Spot | undefined;
  isNear: ((other: Spot) => boolean) | undefined;
  rule: string;
  atMs: number;
  text: () => string;
  /** Of a camera itself: down, tampered with. */
  isTrouble: boolean;
};

export type OpenIncident = {
  incident: Incident;
  /** All of them; the incident names the first two hundred. */
  cameras: Set<string>;
  sites: Set<string>;
  spots: Spot[];
  /** What happened here, and what of it goes on. */
  keys: Set<string>;
  active: Set<string>;
  /** When the last of it was over. */
  overAtMs: number;
  isTrouble: boolean;
  toldAtMs: number;
  /** Changed since it was told. */
  isChanged: boolean;
};

export function openIncident(joining: Joining): OpenIncident {
  const { id, family, severity, areaPath, atMs, text, isTrouble } = joining;
  return {
    incident: {
      ...{ version: 1, id, revision: 0, family, severity, areaPath: [...areaPath] as AreaPath },
      ...{ firstAtMs: atMs, lastAtMs: atMs, alerts: 1, held: 0, cameras: [], cameraCount: 0, rules: [], text: text() },
    },
    ...{ cameras: new Set<string>(), sites: new Set<string>(), spots: [], keys: new Set<string>() },
    ...{ active: new Set<string>(), overAtMs: 0, isTrouble, toldAtMs: 0, isChanged: true },
  };
}

/** Whether it belongs to the incident. `gapMs`: so long after the last alert it is another one. */
export function belongs(open: OpenIncident, joining: Joining, gapMs: number): boolean {
  const { incident, keys, overAtMs } = open;
  if (incident.family !== joining.family) return false;
  const isSoon = Math.abs(joining.atMs - incident.lastAtMs) <= gapMs;
  const isAgain = keys.has(joining.key) && (open.active.size > 0 || joining.atMs - overAtMs <= gapMs);
  return isAgain || (isSoon && isSamePlace(open, joining));
}

function isSamePlace(open: OpenIncident, { camera, areaPath, site, isNear, isTrouble, atMs }: Joining): boolean {
  if (camera !== null && open.cameras.has(camera)) return true;
  const path = open.incident.areaPath;
  if (isTrouble && open.isTrouble) {
    if (site !== undefined && open.sites.has(site)) return true;
    const isShared = path.some((token, index) => token !== '_' && token === areaPath[index]);
    return isShared && atMs - open.incident.lastAtMs <= STORM_MS;
  }
  if (path[4] !== '_' && path[4] === areaPath[4]) return true;
  if (camera === null && open.cameras.size === 0) return path.every((token, index) => token === areaPath[index]);
  return isNear !== undefined && open.spots.some(isNear);
}

/** Asked of every spot of every open incident: what is the same for all of them is worked out once. */
export function nearTo({ lon, lat }: Spot): (other: Spot) => boolean {
  const { toMetres } = tangentPlane(lon, lat);
  return (other) => {
    const [east, north] = toMetres(other.lon, other.lat);
    return east * east + north * north <= NEAR_M * NEAR_M;
  };
}

/** Takes it in; `how` says whether its alert is sent, held, or the incident's first. */
export function join(open: OpenIncident, joining: Joining, how: 'first' | 'sent' | 'held'): void {
  const { incident } = open;
  if (how === 'sent') incident.alerts++;
  if (how === 'held') incident.held++;
  incident.lastAtMs = Math.max(incident.lastAtMs, joining.atMs);
  if (how !== 'held' && SEVERITIES.indexOf(joining.severity) < SEVERITIES.indexOf(incident.severity))
    incident.severity = joining.severity;
  incident.areaPath = shared(incident.areaPath, joining.areaPath);
  if (joining.camera !== null) open.cameras.add(joining.camera);
  if (joining.site !== undefined) open.sites.add(joining.site);
  if (joining.spot !== undefined && open.spots.length < CAMERAS_MAX) open.spots.push(joining.spot);
  if (open.keys.size < KEYS_MAX) open.keys.add(joining.key);
  incident.cameras = [...open.cameras].slice(0, CAMERAS_MAX);
  incident.cameraCount = open.cameras.size;
  if (!incident.rules.includes(joining.rule) && incident.rules.length < RULES_MAX) incident.rules.push(joining.rule);
  if (open.isTrouble && open.cameras.size > 1) incident.text = `${open.cameras.size} cameras are in trouble at once`;
  delete incident.endedAtMs;
  open.isChanged = true;
}

function shared(a: readonly string[], b: readonly string[]): AreaPath {
  const path: string[] = [];
  let isSame = true;
  for (const [index, token] of a.entries()) {
    isSame &&= token === b[index];
    path.push(isSame ? token : '_');
  }
  return path as AreaPath;
}
