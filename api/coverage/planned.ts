/** The planned ground in memory: every cell that a calibration of now reaches, and how each camera sees it. */
import { cellArea, UNITS } from 'h3-js';
import { readCoveredCells } from '#analytics/store/coverage.ts';
import { type Light, SEEN_RECALL_MIN } from '#models/registry/sight/recall.ts';
import type { Context } from '../context.ts';

export type CellLook = { camera: string; hiddenBy: string; personPx: number; day: number; night: number };

export type PlannedCell = { cell: string; m2: number; areaPath: readonly string[]; looks: CellLook[] };

export type Planned = ReadonlyMap<string, PlannedCell>;

/** Cells times cameras; a city of 3,000 cameras has about a million. More would not fit beside everything else. */
const LOOKS_MAX = 3_000_000;
/** One reading serves all who ask within this time; analytics writes what changed within a second. */
const KEPT_MS = 3000;

export type PlannedGround = { read: (signal: AbortSignal) => Promise<Planned> };

export function createPlannedGround(context: Pick<Context, 'reader' | 'calibrations' | 'cameras'>): PlannedGround {
  let kept: { planned: Planned; atMs: number } | undefined;
  return {
    async read(signal) {
      if (kept !== undefined && performance.now() - kept.atMs < KEPT_MS) return kept.planned;
      const planned = await readPlanned(context, signal);
      kept = { planned, atMs: performance.now() };
      return planned;
    },
  };
}

async function readPlanned(
  { reader, calibrations, cameras }: Pick<Context, 'reader' | 'calibrations' | 'cameras'>,
  signal: AbortSignal,
): Promise<Planned> {
  const current = new Set(
    calibrations
      .list()
      .flatMap(({ camera, version, others = [] }) =>
        cameras.get(camera) === undefined
          ? []
          : [version, ...others.map((one) => one.version)].map((v) => `${camera} ${v}`),
      ),
  );
  const planned = new Map<string, PlannedCell>();
  let looks = 0;
  const isCurrent = (camera: string, version: number) => current.has(`${camera} ${version}`);
  for await (const row of readCoveredCells(reader, isCurrent, { signal })) {
    if (++looks > LOOKS_MAX) throw new Error(`the coverage of more than ${LOOKS_MAX} cells and cameras does not fit`);
    const { cell, camera, hiddenBy, personPx, recallDay: day, recallNight: night } = row;
    const known = planned.get(cell) ?? {
      cell,
      m2: cellArea(cell, UNITS.m2),
      areaPath: row.areaPath.split('.'),
      looks: [],
    };
    planned.set(cell, known);
    known.looks.push({ camera, hiddenBy, personPx, day, night });
  }
  return planned;
}

export const isSeenIn = (look: CellLook, light: Light) => look.hiddenBy === '' && look[light] >= SEEN_RECALL_MIN;

export const isSeen = ({ looks }: PlannedCell, light: Light) => looks.some((look) => isSeenIn(look, light));

/** An empty scope is everywhere. */
export const isInAreas = ({ areaPath }: PlannedCell, scope: readonly string[]) =>
  scope.length === 0 || scope.some((area) => areaPath.includes(area));
