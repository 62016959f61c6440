/** What is wrong with the tree and the staffing of a division, without looking at the ground. */
import { AREA_LEVELS, type Area } from '../../schema/area.ts';
import type { DivisionFault, DivisionFaultCode } from '../../schema/division.ts';
import { faultWords } from './fault-words.ts';
import { placeInside } from './pieces.ts';

const HOUSEHOLDS_MIN = 300;
const HOUSEHOLDS_MAX = 500;
/** Where few or none live, the standard of 300 to 500 households says nothing. */
const WITHOUT_HOUSEHOLDS = ['building', 'business-quarter'];

export function treeFaults(areas: ReadonlyMap<string, Area>): DivisionFault[] {
  const parents = new Set([...areas.values()].map(({ parent }) => parent));
  return [...areas.values()].flatMap((area) => [
    ...parentFaults(area, areas),
    ...(area.level === 'grid' ? gridFaults(area) : []),
    ...(area.level === 'village' && !parents.has(area.id) ? [faultOf('undivided', area)] : []),
  ]);
}

function parentFaults(area: Area, areas: ReadonlyMap<string, Area>): DivisionFault[] {
  const { level, parent } = area;
  if (parent === null) return level === 'city' ? [] : [faultOf('orphan', area)];
  const above = areas.get(parent);
  if (above === undefined) return [faultOf('orphan', area, { detail: parent })];
  if (AREA_LEVELS.indexOf(above.level) < AREA_LEVELS.indexOf(level)) return [];
  return [faultOf('wrong-parent', area, { other: `${above.name} (${above.level})` })];
}

function gridFaults(area: Area): DivisionFault[] {
  const { households, form, leaders = 0, fullTimeWorkers = 0 } = area;
  const faults: DivisionFault[] = [];
  if (form === undefined || !WITHOUT_HOUSEHOLDS.includes(form)) {
    if (households === undefined) faults.push(faultOf('households-unknown', area));
    else if (households < HOUSEHOLDS_MIN) faults.push(faultOf('households-few', area, { detail: `${households}` }));
    else if (households > HOUSEHOLDS_MAX) faults.push(faultOf('households-many', area, { detail: `${households}` }));
  }
  if (leaders < 1) faults.push(faultOf('no-leader', area));
  if (fullTimeWorkers < 1) faults.push(faultOf('no-full-time-worker', area));
  return faults;
}

/** A fault of a whole area: its place is a place in it. */
export function faultOf(
  code: DivisionFaultCode,
  area: Area,
  said: { other?: string; detail?: string } = {},
): DivisionFault {
  const { geometry } = area;
  const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates[0]!;
  const words = faultWords(code, { name: area.name, ...said });
  return { code, areas: [area.id], words, at: placeInside(rings), areaM2: null, geometry: null };
}
