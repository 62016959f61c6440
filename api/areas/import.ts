/** Import of areas from GeoJSON: every fault of every feature is found before anything is written, or all is written. */
import { checkPolygon } from '#models/registry/polygon.ts';
import { AREA_LEVELS, Area, type AreaLevel } from '#models/schema/area.ts';
import { checker, InvalidValueError } from '#models/schema/check.ts';
import { nearest } from '#system/config.ts';

export type ImportProblem = { id: string; code: string; message: string };

export type ImportPlan = { areas: Area[]; unchanged: number; problems: ImportProblem[] };

/** A message of NATS holds 1 MiB; an area is one value of the registry. */
const AREA_MAX_BYTES = 900_000;
const PROPERTIES = ['id', 'name', 'level', 'parent', 'households'];
const checkArea = checker('the feature', Area);

/** What an import would write, parents before children; `problems` names every fault of every feature. */
export function planImport(features: readonly unknown[], former: ReadonlyMap<string, Area>): ImportPlan {
  const problems: ImportProblem[] = [];
  const read = features.flatMap((feature, index) => readFeature(feature, { index, former, problems }));
  const byId = new Map(read.map((area) => [area.id, area]));
  problems.push(...repeated(read));
  const known = new Map([...former, ...byId]);
  problems.push(...read.flatMap((area) => parentFaults(area, known)));
  // What is there already keeps its level in mind too: a district that becomes a grid would turn its streets over.
  for (const area of former.values()) if (!byId.has(area.id)) problems.push(...parentFaults(area, known));
  const changed = read.filter((area) => isChanged(area, former.get(area.id)));
  const rank = (area: Area) => AREA_LEVELS.indexOf(area.level);
  return { areas: changed.sort((a, b) => rank(a) - rank(b)), unchanged: read.length - changed.length, problems };
}

function repeated(areas: readonly Area[]): ImportProblem[] {
  const seen = new Set<string>();
  const twice = new Set(areas.filter(({ id }) => seen.size === seen.add(id).size).map(({ id }) => id));
  return [...twice].map((id) => ({ id, code: 'already-exists', message: 'this id stands in more than one feature' }));
}

type Place = { index: number; former: ReadonlyMap<string, Area>; problems: ImportProblem[] };

function readFeature(feature: unknown, { index, former, problems }: Place): Area[] {
  const { properties, geometry } = (feature ?? {}) as {
    properties?: Record<string, unknown> | null;
    geometry?: unknown;
  };
  const given = properties ?? {};
  const id = typeof given.id === 'string' && given.id !== '' ? given.id : `feature ${index + 1}`;
  const say = (code: string, message: string) => problems.push({ id, code, message });
  const before = problems.length;
  for (const { message } of checkPolygon(geometry)) say('polygon-invalid', message);
  for (const name of ['id', 'name', 'level']) {
    if (given[name] !== undefined) continue;
    const meant = nearest(
      name,
      Object.keys(given).filter((key) => !PROPERTIES.includes(key)),
    );
    say(
      'invalid-value',
      `the property "${name}" is missing${meant === undefined ? '' : `; did you mean it by "${meant}"?`}`,
    );
  }
  if (given.level !== undefined && !AREA_LEVELS.includes(given.level as AreaLevel)) {
    say('invalid-value', `the level "${String(given.level)}" is none of ${AREA_LEVELS.join(', ')}`);
  }
  if (problems.length > before) return [];
  const area = {
    id: given.id,
    name: given.name,
    level: given.level,
    parent: given.parent ?? null,
    ...(given.households == null ? {} : { households: given.households }),
    geometry: bare(geometry),
    version: (former.get(id)?.version ?? 0) + 1,
  };
  try {
    const checked = checkArea(area);
    const bytes = Buffer.byteLength(JSON.stringify(checked));
    if (bytes <= AREA_MAX_BYTES) return [checked];
    say('polygon-invalid', `it takes ${bytes} bytes, more than ${AREA_MAX_BYTES}: simplify the polygon`);
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error;
    for (const fault of error.faults) say('invalid-value', fault.replace(/^\//, ''));
  }
  return [];
}

/** Without what other programs put beside the coordinates, such as a bbox or a crs. */
function bare(geometry: unknown): unknown {
  const { type, coordinates } = geometry as { type: unknown; coordinates: unknown };
  return { type, coordinates };
}

function parentFaults(area: Area, known: ReadonlyMap<string, Area>): ImportProblem[] {
  const { id, level, parent } = area;
  if (parent === null) return [];
  const say = (message: string) => [{ id, code: 'invalid-value', message }];
  if (level === 'city') return say('a city has no parent: "parent" should be null');
  const above = known.get(parent);
  if (above === undefined) {
    const near = nearest(parent, [...known.keys()]);
    return say(`its parent "${parent}" is not there${near === undefined ? '' : `; did you mean "${near}"?`}`);
  }
  if (AREA_LEVELS.indexOf(above.level) < AREA_LEVELS.indexOf(level)) return [];
  return say(`its parent "${parent}" is a ${above.level}, which is not above a ${level}`);
}

function isChanged(area: Area, former: Area | undefined): boolean {
  return former === undefined || JSON.stringify({ ...former, version: 0 }) !== JSON.stringify({ ...area, version: 0 });
}
