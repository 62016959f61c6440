/**
 * Figures for everybody. What may be told is decided once per whole day, kind and place, over all levels at once, and
 * every public figure is a sum of what may be told: so no other choice of days, kinds or levels tells more.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { cellToParent } from 'h3-js';
import { AREA_LEVELS } from '#models/schema/area.ts';
import { FaultError } from '#models/schema/fault.ts';
import { DATABASE } from '#system/store-client.ts';
import { cutIntoSpans, fromSpans } from '../spans.ts';
import { daysOf, dayText, type Zone } from '../zones.ts';
import { readObserved } from './observed.ts';
import { ask, isCells, paramsOf, type ReadOptions, type Where } from './question.ts';
import { countMissingHours, type Figure, type Figures, type FiguresQuestion } from './read.ts';
import { type Node, untold } from './suppress.ts';

const DAYS_MAX = 31;
/** Of the finest places; more would not fit a process of the API. */
const ROWS_MAX = 1_000_000;
const PUBLIC_MEASURES = ['presence', 'tracks', 'concurrency', 'dwell'];
const RESOLUTIONS = [13, 12, 11, 10, 9] as const;
const LEVELS = AREA_LEVELS.map((_, index) => index + 1).reverse();

type PublicQuestion = FiguresQuestion & { zone: Zone };

/** Whole days within the period that are over; throws FaultError `invalid-value` where there are none or too many. */
function wholeDays({ fromMs, toMs, zone }: PublicQuestion): number[] {
  const edges = daysOf([fromMs, Math.min(toMs, Date.now()) + 1], zone);
  const days = edges[0] !== undefined && edges[0] < fromMs ? edges.slice(1) : edges;
  if (days.length >= 2 && days.length - 1 <= DAYS_MAX) return days;
  throw new FaultError('invalid-value', `public figures are of 1 to ${DAYS_MAX} whole days that are over`, {
    cure: `Ask from midnight to midnight; the period begins in ${dayText(fromMs, zone)} and ends in ${dayText(toMs, zone)}.`,
  });
}

function checkPublic({ measure, weekHours, compare, versusNormal }: FiguresQuestion): void {
  if (!PUBLIC_MEASURES.includes(measure))
    throw new FaultError('invalid-value', `public figures are ${PUBLIC_MEASURES.join(', ')}; "${measure}" is none`);
  if (weekHours !== undefined || compare !== undefined || versusNormal !== undefined) {
    const why = 'public figures are of whole days, without weekHours, compareFrom or versus';
    throw new FaultError('invalid-value', why, { cure: 'Ask for two periods one after the other.' });
  }
}

type Told = { tracks: number; us: number; isPartial: boolean };

/** `min`: fewer distinct tracks of a kind on a day are not told. */
export async function readPublicFigures(
  client: ClickHouseClient,
  question: PublicQuestion,
  { min, signal }: ReadOptions & { min: number },
): Promise<Figures> {
  checkPublic(question);
  const days = wholeDays(question);
  const options = signal === undefined ? {} : { signal };
  const span = { fromMs: days[0]!, toMs: days.at(-1)! };
  const spans = await cutIntoSpans(client, span, options);
  const time = { spans, samples: days.slice(0, -1) };
  // What may be told is decided over everything, whoever asks and for whatever part of it.
  const everywhere = { ...question, where: unlimited(question.where), scope: [] };
  const levels: Row[][] = [];
  for (const level of levelsOf(question.where))
    levels.push(await readLevel(client, { level, time, question: everywhere, ...options }));
  const told = addUp(levels, { where: question.where, min });
  const observed =
    (await readObserved(client, { spans }, { question, ...options })).get(0) ?? new Map<string, number>();
  const places = new Map<string, Figure>();
  for (const [place, observedS] of observed) {
    const one = told.get(place);
    const value = one === undefined ? emptyOf(question) : toldValue(one, { question, observedS });
    const isSuppressed = one !== undefined && one.tracks === 0 && one.us === 0;
    places.set(place, {
      value,
      observedS,
      ...(isSuppressed ? { isSuppressed } : one?.isPartial ? { isPartial: true } : {}),
    });
  }
  const missingHours = await countMissingHours(client, spans, { question, ...options });
  return { spans, elapsedMs: span.toMs - span.fromMs, places, missingHours };
}

const emptyOf = ({ measure }: FiguresQuestion) => (measure === 'dwell' ? null : 0);

function toldValue({ tracks, us }: Told, { question, observedS }: { question: FiguresQuestion; observedS: number }) {
  if (tracks === 0 && us === 0) return null;
  const presenceS = us / 1e6;
  if (question.measure === 'presence') return presenceS;
  if (question.measure === 'tracks') return tracks;
  if (question.measure === 'concurrency') return observedS > 0 ? presenceS / observedS : null;
  return tracks > 0 ? presenceS / tracks : null;
}

/** Cells of all levels, whatever the box; areas of all levels, within whatever. */
function unlimited(where: Where): Where {
  return isCells(where) ? { resolution: where.resolution } : { level: where.level, division: where.division };
}

const levelsOf = (where: Where): readonly number[] => (isCells(where) ? RESOLUTIONS : LEVELS);

type Row = { sample: number; kind: string; place: string; tracks: number; us: number };

type LevelOptions = ReadOptions & {
  level: number;
  time: { spans: Figures['spans']; samples: number[] };
  question: FiguresQuestion;
};

/** Cells by index; areas by their path down to the level, so that parents are found in it. */
async function readLevel(client: ClickHouseClient, { level, time, question, signal }: LevelOptions): Promise<Row[]> {
  const { where, kind } = question;
  const begins = time.samples.map((ms) => Math.floor(ms / 1000)).join(', ');
  const path = (column: string) => `arrayStringConcat(arraySlice(splitByChar('.', ${column}), 1, ${level}), '.')`;
  const isThen = !isCells(where) && where.division === 'then';
  const filter = kind === null ? 'true' : 'kind = {kind:String}';
  const rows = fromSpans(time.spans, {
    tables: 'cells',
    ...(isThen ? { hourTable: 'areas_hour', hourFilter: filter } : {}),
    columns: `bucket, kind, ${isThen ? 'area_path' : 'cell'}, presence_us, tracks`,
    filter: `cell != 0 AND ${filter}`,
  });
  const place = isCells(where)
    ? level === 13
      ? 'h3ToString(cell)'
      : `h3ToString(h3ToParent(cell, ${level}))`
    : path(isThen ? 'area_path' : 'divided.area_path');
  const join =
    isCells(where) || isThen
      ? ''
      : `INNER JOIN (SELECT cell, area_path FROM ${DATABASE}.cell_areas FINAL WHERE division = ${where.division}) AS divided USING (cell)`;
  const query = `SELECT roundDown(toUnixTimestamp(bucket), [${begins}]) AS sample, toString(kind) AS kind, ${place} AS place,
      toFloat64(uniqCombinedMerge(12)(tracks)) AS tracks, toFloat64(sum(presence_us)) AS us
    FROM (${rows}) AS counted ${join} GROUP BY sample, kind, place HAVING tracks > 0 LIMIT ${ROWS_MAX + 1}`;
  const found = await ask<Row>(client, query, { params: paramsOf(question), signal });
  if (found.length <= ROWS_MAX) return found;
  throw new FaultError('invalid-value', `the public figures of these days have more than ${ROWS_MAX} parts`, {
    cure: 'Ask for fewer days, or for one kind.',
  });
}

type AddUp = { where: Where; min: number };

/** What may be told of the level that was asked for, summed over days and kinds. */
function addUp(levels: readonly Row[][], { where, min }: AddUp): Map<string, Told> {
  const trees = new Map<string, Map<string, Node>>();
  const treeOf = ({ sample, kind }: Row) => {
    const key = `${sample} ${kind}`;
    return trees.get(key) ?? trees.set(key, new Map()).get(key)!;
  };
  for (const [index, rows] of levels.entries()) {
    const isTop = index === levels.length - 1;
    for (const row of rows)
      treeOf(row).set(row.place, { parent: isTop ? TOP : parentOf(row.place, index, where), tracks: row.tracks });
  }
  // The whole is told as well, by other figures: where it has one part only, that part is as small as the whole.
  for (const tree of trees.values()) {
    const tops = [...tree.values()].filter(({ parent }) => parent === TOP);
    tree.set(TOP, { parent: null, tracks: Math.max(...tops.map(({ tracks }) => tracks)) });
  }
  const hidden = new Map([...trees].map(([key, tree]) => [key, untold(tree, min)]));
  const wanted = isCells(where)
    ? RESOLUTIONS.indexOf(where.resolution as 13)
    : LEVELS.indexOf(AREA_LEVELS.indexOf(where.level) + 1);
  const told = new Map<string, Told>();
  for (const row of levels[wanted]!) {
    const place = isCells(where) ? row.place : row.place.slice(row.place.lastIndexOf('.') + 1);
    const one = told.get(place) ?? { tracks: 0, us: 0, isPartial: false };
    if (hidden.get(`${row.sample} ${row.kind}`)!.has(row.place)) one.isPartial = true;
    else {
      one.tracks += row.tracks;
      one.us += row.us;
    }
    told.set(place, one);
  }
  return told;
}

const TOP = 'top';

const parentOf = (place: string, index: number, where: Where) =>
  isCells(where) ? cellToParent(place, RESOLUTIONS[index + 1]!) : place.slice(0, place.lastIndexOf('.'));
