/** Import of areas from GeoJSON: every fault of every feature is found before anything is written, or all is written. */
import type { Breathe } from '#models/registry/division/breathe.ts';
import { countPositions } from '#models/registry/division/crs.ts';
import { AREA_PROPERTIES } from '#models/registry/division/properties.ts';
import { checkPolygon } from '#models/registry/polygon.ts';
import { AREA_FACTS, AREA_LEVELS, Area, type AreaLevel } from '#models/schema/area.ts';
import type { AreaImportProblem } from '#models/schema/area-import.ts';
import { checker, InvalidValueError } from '#models/schema/check.ts';
import { nearest } from '#system/config.ts';
import type { ReadFeature } from './read-file.ts';

export type ImportPlan = {
  /** What would be written, parents before children. */
  areas: Area[];
  /** All that the file holds, written or not. */
  read: Area[];
  unchanged: number;
  problems: AreaImportProblem[];
};

/** A message of NATS holds 1 MiB; an area is one value of the registry. */
const AREA_MAX_BYTES = 900_000;
/** More than this cannot fit into so many bytes; said before the corners are looked at one by one. */
const POSITIONS_MAX = 100_000;
const FAULTS_SAID_MAX = 10;
const checkArea = checker('the feature', Area);

type Options = { former: ReadonlyMap<string, Area>; breathe: Breathe };

/** `problems` names every fault of every feature. */
export async function planImport(features: readonly ReadFeature[], { former, breathe }: Options): Promise<ImportPlan> {
  const problems: AreaImportProblem[] = [];
  const read: { area: Area; feature: number }[] = [];
  for (const [index, feature] of features.entries()) {
    const area = readFeature(feature, { index, former, problems });
    if (area !== undefined) read.push({ area, feature: index + 1 });
    await breathe();
  }
  const byId = new Map(read.map(({ area }) => [area.id, area]));
  problems.push(...repeated(read));
  const known = new Map([...former, ...byId]);
  problems.push(...read.flatMap(({ area, feature }) => parentFaults(area, { known, feature })));
  // What is there already keeps its level in mind too: a district that becomes a grid would turn its streets over.
  for (const area of former.values())
    if (!byId.has(area.id)) problems.push(...parentFaults(area, { known, feature: 0 }));
  const areas = read.map(({ area }) => area);
  const changed = areas.filter((area) => isChanged(area, former.get(area.id)));
  const rank = (area: Area) => AREA_LEVELS.indexOf(area.level);
  const sorted = changed.sort((a, b) => rank(a) - rank(b));
  return { areas: sorted, read: areas, unchanged: areas.length - changed.length, problems };
}

function repeated(read: readonly { area: Area; feature: number }[]): AreaImportProblem[] {
  const features = new Map<string, number[]>();
  for (const { area, feature } of read) features.set(area.id, [...(features.get(area.id) ?? []), feature]);
  return [...features].flatMap(([id, numbers]) => {
    if (numbers.length === 1) return [];
    const message = `this id stands in more than one feature: ${numbers.slice(0, FAULTS_SAID_MAX).join(', ')}`;
    return [{ id, feature: numbers[1]!, code: 'already-exists', message }];
  });
}

type Place = { index: number; former: ReadonlyMap<string, Area>; problems: AreaImportProblem[] };

function readFeature(feature: ReadFeature, { index, former, problems }: Place): Area | undefined {
  const { properties: given, raw, geometry } = feature;
  const id = typeof given.id === 'string' && given.id !== '' ? given.id : `feature ${index + 1}`;
  const say = (code: string, message: string, at?: [number, number]) =>
    problems.push({ id, feature: index + 1, code, message, ...(at === undefined ? {} : { at }) });
  const before = problems.length;
  const positions = countPositions((geometry as { coordinates?: unknown } | null)?.coordinates);
  if (positions > POSITIONS_MAX) {
    say('polygon-invalid', `it has ${positions} points, more than ${POSITIONS_MAX}: simplify the polygon`);
  } else {
    const faults = checkPolygon(geometry);
    for (const { message, at } of faults.slice(0, FAULTS_SAID_MAX)) say('polygon-invalid', message, at);
  }
  for (const name of ['id', 'name', 'level']) {
    if (given[name] !== undefined) continue;
    const meant = nearest(
      name,
      Object.keys(raw).filter((key) => !(AREA_PROPERTIES as readonly string[]).includes(key)),
    );
    say(
      'invalid-value',
      `the property "${name}" is missing${meant === undefined ? '' : `; did you mean it by "${meant}"?`}`,
    );
  }
  if (given.level !== undefined && !AREA_LEVELS.includes(given.level as AreaLevel)) {
    say('invalid-value', `the level "${String(given.level)}" is none of ${AREA_LEVELS.join(', ')}`);
  }
  if (problems.length > before) return undefined;
  const area = {
    id: given.id,
    name: given.name,
    level: given.level,
    parent: given.parent ?? null,
    ...Object.fromEntries(AREA_FACTS.flatMap((fact) => (given[fact] === undefined ? [] : [[fact, given[fact]]]))),
    geometry,
    version: (former.get(id)?.version ?? 0) + 1,
  };
  try {
    const checked = checkArea(area);
    const bytes = Buffer.byteLength(JSON.stringify(checked));
    if (bytes <= AREA_MAX_BYTES) return checked;
    say('polygon-invalid', `it takes ${bytes} bytes, more than ${AREA_MAX_BYTES}: simplify the polygon`);
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error;
    for (const fault of error.faults) say('invalid-value', withAdvice(fault.replace(/^\//, ''), given));
  }
  return undefined;
}

/** A column of names where a count is wanted is the likeliest mistake, and the one we must not store. */
function withAdvice(fault: string, given: Record<string, unknown>): string {
  const fact = AREA_FACTS.find((name) => fault.startsWith(name));
  const isText = fact !== undefined && fact !== 'form' && typeof given[fact] === 'string';
  return isText ? `${fault}; a count is wanted here, never a person's name` : fault;
}

type Tree = { known: ReadonlyMap<string, Area>; feature: number };

function parentFaults(area: Area, { known, feature }: Tree): AreaImportProblem[] {
  const { id, level, parent } = area;
  if (parent === null) return [];
  const say = (message: string) => [{ id, feature, code: 'invalid-value', message }];
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
