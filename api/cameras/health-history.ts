/** How cameras were over a period: availability per camera, area and day, and a strip or intervals to draw. */
import {
  addInto,
  availabilityOf,
  emptyTally,
  type Interval,
  stripOf,
  type Tally,
  timelineOf,
  within,
} from '#analytics/store/availability.ts';
import { readStates } from '#analytics/store/camera-states.ts';
import type { Camera } from '#models/schema/camera.ts';
import type { CameraHistory, HistoryFigures } from '#models/schema/camera-health.ts';
import type { Context } from '../context.ts';

export type HistoryQuestion = {
  cameras: readonly Camera[];
  fromMs: number;
  toMs: number;
  utcOffsetMin: number;
  /** Letters of each camera's strip; none where absent. */
  steps?: number;
  isDetailed: boolean;
};

export type CameraLine = { camera: Camera; intervals: Interval[] };

const DAY_MS = 86_400_000;

/** How each was, from its registration or the begin of the period on. */
export async function readLines(
  { cameras, fromMs, toMs }: Pick<HistoryQuestion, 'cameras' | 'fromMs' | 'toMs'>,
  { reader }: Pick<Context, 'reader'>,
  signal: AbortSignal,
): Promise<CameraLine[]> {
  const said = await readStates(reader, { cameras: cameras.map(({ id }) => id), fromMs, toMs }, { signal });
  return cameras.map((camera) => {
    const wantedFromMs = Math.min(Math.max(fromMs, camera.createdAtMs), toMs);
    return { camera, intervals: timelineOf(said.get(camera.id) ?? [], { fromMs: wantedFromMs, toMs }) };
  });
}

export async function readHistory(
  question: HistoryQuestion,
  context: Context,
  signal: AbortSignal,
): Promise<CameraHistory> {
  const { fromMs, toMs, utcOffsetMin, steps, isDetailed } = question;
  const lines = await readLines(question, context, signal);
  const cameras = lines.map(({ camera, intervals }) => ({
    camera: camera.id,
    name: camera.name,
    area: camera.area,
    ...figuresOf(addInto(emptyTally(), intervals)),
    ...(steps === undefined ? {} : { strip: stripOf(intervals, { fromMs, toMs, steps }) }),
    ...(isDetailed ? { intervals } : {}),
  }));
  return {
    ...{ fromMs, toMs, utcOffsetMin },
    total: figuresOf(sumOf(lines)),
    days: daysOf(question).map(({ day, ...span }) => ({ day, ...figuresOf(sumOf(lines, span)) })),
    areas: areasOf(lines, context),
    cameras: cameras.sort((a, b) => (a.availability ?? 2) - (b.availability ?? 2) || (a.camera < b.camera ? -1 : 1)),
  };
}

export type Day = { day: string; fromMs: number; toMs: number };

/** The days of the period, as they are at the offset; the first and the last may be cut. */
export function daysOf({
  fromMs,
  toMs,
  utcOffsetMin,
}: Pick<HistoryQuestion, 'fromMs' | 'toMs' | 'utcOffsetMin'>): Day[] {
  const offsetMs = utcOffsetMin * 60_000;
  const first = Math.floor((fromMs + offsetMs) / DAY_MS);
  const last = Math.floor((toMs - 1 + offsetMs) / DAY_MS);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const startMs = (first + index) * DAY_MS;
    return {
      day: new Date(startMs).toISOString().slice(0, 10),
      fromMs: Math.max(fromMs, startMs - offsetMs),
      toMs: Math.min(toMs, startMs + DAY_MS - offsetMs),
    };
  });
}

export function figuresOf(tally: Tally): HistoryFigures {
  const seconds = (ms: number) => Math.round(ms / 100) / 10;
  return {
    availability: availabilityOf(tally),
    liveS: seconds(tally.live),
    degradedS: seconds(tally.degraded),
    downS: seconds(tally.down),
    disabledS: seconds(tally.disabled),
    unknownS: seconds(tally.unknown),
  };
}

function sumOf(lines: readonly CameraLine[], span?: { fromMs: number; toMs: number }): Tally {
  const tally = emptyTally();
  for (const { intervals } of lines) {
    addInto(tally, span === undefined ? intervals : within(intervals, span.fromMs, span.toMs));
  }
  return tally;
}

/** Every area that one of the cameras stands in or below. */
function areasOf(lines: readonly CameraLine[], context: Context): CameraHistory['areas'] {
  const tree = context.tree();
  const byArea = new Map<string, CameraLine[]>();
  for (const line of lines) {
    for (const area of tree.pathOf(line.camera.area).filter((id) => id !== '_')) {
      byArea.set(area, [...(byArea.get(area) ?? []), line]);
    }
  }
  return [...byArea].map(([area, inside]) => ({
    area,
    name: context.areas.get(area)?.name ?? area,
    cameras: inside.length,
    ...figuresOf(sumOf(inside)),
  }));
}
