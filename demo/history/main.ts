/**
 * Writes a past for the cameras of a running demo: base rows by the real placer, rolled up by the store's own code, a day
 * at a time, the newest first; in the background by a few hours. Each part is noted when it is whole, so that a run that
 * was cut goes on where it was and a second one changes nothing. It ends where real cameras begin, and nothing hides what it is: model `simulated`,
 * revision 0, and the table `simulated`.
 */
import { setImmediate } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { createPlacer, type Placer } from '#analytics/place/placer.ts';
import { watchPlaces } from '#analytics/place/watch.ts';
import { closeHours, closeMinutes } from '#analytics/store/close.ts';
import { writeSettings } from '#analytics/store/dialect.ts';
import { markOpen, type Settings } from '#analytics/store/roll-up.ts';
import { noteSimulated, readLiveBegin, readSimulated } from '#analytics/store/simulated.ts';
import { floorTo, HOUR_MS, MINUTE_MS, type Range, without } from '#analytics/store/time-ranges.ts';
import { createWriter, insertBlocks } from '#analytics/store/writer.ts';
import { watchedSpans } from '#demo/world/past/outages.ts';
import { VIEWS } from '#demo/world/views.ts';
import { buildAreaTree } from '#models/registry/area-tree.ts';
import { openRegistry, type Registry } from '#models/registry/registry.ts';
import { FaultError } from '#models/schema/fault.ts';
import { openBroker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import type { Logger } from '#system/logs.ts';
import { openStoreClient } from '#system/store-client.ts';
import { createLooks } from './looks.ts';
import { atOnce, createPace, type Pace, readLag } from './pace.ts';
import { createPastRows } from './past-rows.ts';
import { createTemplates, type Templates } from './templates.ts';

const DAY_MS = 86_400_000;
/** What is written at once beside live cameras: a statement of it takes some half a second of one core. */
const BACKGROUND_PART_MS = 6 * HOUR_MS;
/**
 * Rows of one insert, some eight hours of the city. Its block is made at one go, which must be over long before the store
 * closes an idle socket, on a busy machine too: a block of a day took seconds there, and the next request met a closed one.
 */
const INSERT_ROWS = 200_000;
/** The oldest day's base rows must outlive the writing. */
const KEPT_MARGIN_MS = 2 * HOUR_MS;

export type HistoryWish = {
  config: Config;
  days: number;
  /** The end, where no real camera begins before (ms). */
  untilMs: number;
  logger: Logger;
  signal: AbortSignal;
  onPart: (told: { range: Range; sightings: number; done: number; of: number }) => void;
  /** One thread of the engine instead of all, in small parts with rests: live cameras go first. */
  isInBackground?: boolean;
};

export type HistoryWritten = { range: Range; cameras: string[]; parts: number; sightings: number; looks: number };

type Camera = { id: string; looks: ReturnType<typeof createLooks> };

export async function writeHistory(wish: HistoryWish): Promise<HistoryWritten> {
  const { config, logger, signal } = wish;
  await using broker = await openBroker(config, 'analytics', { logger, name: 'history', signal });
  const client = openStoreClient(config, 'writer', { timeoutMs: 600_000 });
  try {
    const isInBackground = wish.isInBackground === true;
    const settings = { ...writeSettings(config), ...(isInBackground ? { max_threads: 1 } : {}) };
    const pace = isInBackground ? createPace(() => readLag(broker), { signal }) : atOnce;
    const placer = createPlacer({ errorMaxM: config.placeErrorMaxM });
    const registry = await openRegistry(broker.connection);
    await readPlaces(registry, placer, logger);
    const templates = createTemplates();
    const cameras = await settledCameras(registry, placer, templates);
    const whole = await rangeOf(client, wish);
    const sizeMs = timesAsLong(cameras.length) * (isInBackground ? BACKGROUND_PART_MS : DAY_MS);
    const chunks = chunksOf(whole, await readSimulated(client), sizeMs);
    const total = { range: whole, cameras: cameras.map(({ id }) => id), parts: 0, sightings: 0, looks: 0 };
    let closing: Promise<void> = Promise.resolve();
    for (const chunk of chunks) {
      if (isInBackground) await closing;
      const base = await writeBase(client, { cameras, templates, chunk, whole, settings, signal, pace });
      await createWriter(client, config).writeCoverage(placer.takeCoverage());
      await closing;
      if (signal.aborted) return total;
      closing = rollUp(client, chunk, { settings, pace }).then(() =>
        noteSimulated(client, settings, { range: chunk, ...base }),
      );
      // It is awaited after the next day's rows; until then a failure must not end the process.
      closing.catch(() => {});
      total.parts += 1;
      total.sightings += base.sightings;
      total.looks += base.looks;
      wish.onPart({ range: chunk, sightings: base.sightings, done: total.parts, of: chunks.length });
    }
    await closing;
    return total;
  } finally {
    await client.close();
  }
}

/** As they are registered now; what changes while the past is written does not reach it. */
async function readPlaces(registry: Registry, placer: Placer, logger: Logger): Promise<void> {
  const reading = new AbortController();
  await watchPlaces(registry, { placer }, { signal: reading.signal, logger });
  reading.abort();
}

/** The city's views that are registered and calibrated. */
async function settledCameras(registry: Registry, placer: Placer, templates: Templates): Promise<Camera[]> {
  const [cameras, areas, calibrations] = await Promise.all([
    registry.cameras.list(),
    registry.areas.list(),
    registry.calibrations.list(),
  ]);
  const tree = buildAreaTree(areas.map(({ value }) => value));
  const calibrated = new Set(calibrations.map(({ key }) => key));
  const found = VIEWS.flatMap((view): Camera[] => {
    const camera = cameras.find(({ key }) => key === view.id)?.value;
    if (camera === undefined || !calibrated.has(view.id)) return [];
    return [{ id: view.id, looks: createLooks({ view, areaPath: tree.pathOf(camera.area), placer }, templates) }];
  });
  if (found.length === 0) {
    throw new FaultError('no-city-cameras', 'no camera of the demo’s city is registered and calibrated in this site');
  }
  return found;
}

/** Whole hours at the beginning, whole minutes at the end: a minute never holds both a simulated and a real look. */
async function rangeOf(client: ClickHouseClient, { config, days, untilMs }: HistoryWish): Promise<Range> {
  const liveMs = (await readLiveBegin(client)) ?? Number.POSITIVE_INFINITY;
  const toMs = floorTo(Math.min(untilMs, liveMs), MINUTE_MS);
  const keptMs = Date.now() - config.sightingsTtlDays * DAY_MS + KEPT_MARGIN_MS;
  const fromMs = Math.max(floorTo(toMs - days * DAY_MS, HOUR_MS), Math.ceil(keptMs / HOUR_MS) * HOUR_MS);
  return [Math.min(fromMs, toMs), toMs];
}

/** A part of few cameras is longer, since it costs a dozen statements however little is in it. */
const timesAsLong = (cameras: number) => Math.max(1, Math.min(7, Math.floor(VIEWS.length / cameras)));

/** What is not written yet, cut at every so many days since 1970 (UTC), the newest first. */
function chunksOf([fromMs, toMs]: Range, done: readonly Range[], sizeMs: number): Range[] {
  const within = done.flatMap(([begin, end]): Range[] => {
    const range: Range = [Math.max(begin, fromMs), Math.min(end, toMs)];
    return range[0] < range[1] ? [range] : [];
  });
  const chunks: Range[] = [];
  for (const [begin, end] of without([fromMs, toMs], within)) {
    for (let at = begin; at < end; at = floorTo(at, sizeMs) + sizeMs)
      chunks.push([at, Math.min(end, floorTo(at, sizeMs) + sizeMs)]);
  }
  return chunks.reverse();
}

type Base = {
  cameras: readonly Camera[];
  templates: Templates;
  chunk: Range;
  whole: Range;
  settings: Settings;
  signal: AbortSignal;
  pace: Pace;
};

/** While one insert is on its way the next one's rows are made. */
async function writeBase(client: ClickHouseClient, base: Base): Promise<{ sightings: number; looks: number }> {
  const { cameras, templates, chunk, whole, settings, signal, pace } = base;
  const sum = { sightings: 0, looks: 0 };
  let inserting: Promise<unknown> = Promise.resolve();
  let rows = createPastRows(templates);
  const flush = async () => {
    const blocks = rows.blocks();
    rows = createPastRows(templates);
    sum.sightings += blocks.sightings.rows;
    sum.looks += blocks.looks.rows;
    // What closed while the block was made is seen before the next request.
    await setImmediate();
    await inserting;
    inserting = blocks.looks.rows === 0 ? Promise.resolve() : pace(() => insertBlocks(client, blocks, settings));
    inserting.catch(() => {});
  };
  // Hour by hour, so that a part holds a short time and reading one does not touch them all.
  for (let fromMs = chunk[0]; fromMs < chunk[1] && !signal.aborted; fromMs = floorTo(fromMs, HOUR_MS) + HOUR_MS) {
    const hour = { fromMs, toMs: Math.min(chunk[1], floorTo(fromMs, HOUR_MS) + HOUR_MS) };
    const around = [Math.max(whole[0], fromMs - DAY_MS), Math.min(whole[1], hour.toMs + DAY_MS)] as const;
    for (const { id, looks } of cameras) {
      // Making rows blocks the loop: the insert that is under way and the closing of idle sockets want their turn.
      await setImmediate();
      for (const span of watchedSpans(id, ...around))
        if (span.toMs > hour.fromMs && span.fromMs < hour.toMs) looks({ span, chunk: hour, into: rows });
    }
    if (rows.sightings() >= INSERT_ROWS) await flush();
  }
  await flush();
  await inserting;
  return sum;
}

/** Minutes and hours straight from the base. An hour that real cameras share, or that is not over, is left to analytics. */
async function rollUp(
  client: ClickHouseClient,
  [fromMs, toMs]: Range,
  { settings, pace }: { settings: Settings; pace: Pace },
): Promise<void> {
  await pace(() => closeMinutes(client, begins(MINUTE_MS, [fromMs, toMs]), settings));
  const hours = begins(HOUR_MS, [fromMs, toMs]);
  const isOver = (hour: number) => hour + HOUR_MS <= toMs;
  await pace(() => closeHours(client, hours.filter(isOver), settings));
  const rest = hours.filter((hour) => !isOver(hour));
  if (rest.length > 0) await markOpen(client, 'hour', { begins: rest, settings });
}

function begins(sizeMs: number, [fromMs, toMs]: Range): number[] {
  const first = floorTo(fromMs, sizeMs);
  return Array.from({ length: Math.ceil((toMs - first) / sizeMs) }, (_, index) => first + index * sizeMs);
}
