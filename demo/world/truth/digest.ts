/** What a stretch of a loop adds to the truth of an interval: presence by cell, grid and kind, crossings, who is there. */
import { cellToParent, latLngToCell } from 'h3-js';
import { toMetres } from '../origin.ts';
import { gridAt } from '../plan/grid-at.ts';
import { fromAgentId, toAgentId } from '../traffic/agent-id.ts';
import { type ClipTruth, isThing, type TruthAgent } from './clip-truth.ts';
import { addTable, noneOfAny, type PerKind, rowOf } from './counts.ts';
import { type CountingLine, crossingOf } from './lines.ts';

/** Cells of this resolution are about 7 m across, those of the coarser one 50 m. */
export const FINE_RESOLUTION = 13;
export const COARSE_RESOLUTION = 11;

/** Less of a thing than this in sight is nobody's to count. */
export const SEEN_SHARE_MIN = 0.25;

export type Digest = {
  /** Seconds. */
  presence: PerKind;
  cells: ReadonlyMap<string, PerKind>;
  grids: ReadonlyMap<string, PerKind>;
  /** By `<line> away` and `<line> towards`, numbers. */
  crossings: ReadonlyMap<string, PerKind>;
  things: readonly TruthAgent[];
};

/** `toFrame` is not in it. `goesOn`: the loop starts again after its last frame, and steps over the seam count. */
export type Stretch = { fromFrame: number; toFrame: number; goesOn: boolean };

/** People and vehicles that can be counted in a frame. */
export const inSight = (agents: readonly TruthAgent[]): TruthAgent[] =>
  agents.filter((agent) => isThing(agent) && agent.visible >= SEEN_SHARE_MIN);

export function digest(truth: ClipTruth, lines: readonly CountingLine[], stretch: Stretch): Digest {
  const { fps, frames } = truth;
  const presence = noneOfAny();
  const [cells, grids, crossings] = [
    new Map<string, PerKind>(),
    new Map<string, PerKind>(),
    new Map<string, PerKind>(),
  ];
  const things = new Map<number, TruthAgent>();
  const places = placeFinder();
  for (let frame = stretch.fromFrame; frame < stretch.toFrame; frame++) {
    for (const agent of inSight(frames[frame] ?? [])) {
      const { cell, grid } = places(agent);
      presence[agent.kind] += 1 / fps;
      rowOf(cells, cell)[agent.kind] += 1 / fps;
      if (grid !== undefined) rowOf(grids, grid)[agent.kind] += 1 / fps;
      if (!things.has(agent.id)) things.set(agent.id, agent);
    }
    addTable(crossings, crossingsAt(truth, lines, { frame, goesOn: stretch.goesOn }));
  }
  return { presence, cells, grids, crossings, things: [...things.values()] };
}

export function coarseCells(cells: ReadonlyMap<string, PerKind>): Map<string, PerKind> {
  const coarse = new Map<string, PerKind>();
  for (const [cell, counts] of cells) addTable(coarse, new Map([[cellToParent(cell, COARSE_RESOLUTION), counts]]));
  return coarse;
}

/** What stands still is asked for once. */
function placeFinder(): (agent: TruthAgent) => { cell: string; grid: string | undefined } {
  const last = new Map<number, { lon: number; lat: number; cell: string; grid: string | undefined }>();
  return ({ id, lon, lat }) => {
    const known = last.get(id);
    if (known !== undefined && known.lon === lon && known.lat === lat) return known;
    const found = { lon, lat, cell: latLngToCell(lat, lon, FINE_RESOLUTION), grid: gridAt(toMetres(lon, lat)) };
    last.set(id, found);
    return found;
  };
}

type Seam = { frame: number; goesOn: boolean };

/** Steps from a frame to the next one; what crosses counts whether it is seen well or not. */
function crossingsAt(
  { frames }: ClipTruth,
  lines: readonly CountingLine[],
  { frame, goesOn }: Seam,
): Map<string, PerKind> {
  const found = new Map<string, PerKind>();
  const isLast = frame === frames.length - 1;
  if (lines.length === 0 || (isLast && !goesOn)) return found;
  const after = new Map((frames[isLast ? 0 : frame + 1] ?? []).filter(isThing).map((agent) => [agent.id, agent]));
  for (const agent of frames[frame] ?? []) {
    if (!isThing(agent) || agent.stays) continue;
    const next = after.get(isLast ? olderId(agent.id) : agent.id);
    if (next === undefined) continue;
    for (const line of lines) {
      const way = crossingOf(line, agent, next);
      if (way !== undefined) rowOf(found, `${line.id} ${way}`)[agent.kind] += 1;
    }
  }
  return found;
}

/** Who is in sight at the loop's end is one loop older at its start. */
function olderId(id: number): number {
  const { age, ...rest } = fromAgentId(id);
  return toAgentId({ ...rest, age: Math.min(age + 1, 15) });
}
