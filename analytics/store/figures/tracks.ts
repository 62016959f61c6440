/** Some of the tracks that a figure is made of, drawn on the ground; from single sightings, as long as they are kept. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Kind } from '#models/schema/kind.ts';
import type { WhyTrack } from '#models/schema/why.ts';
import { DATABASE } from '#system/store-client.ts';
import { inRanges, MINUTE_MS } from '../time-ranges.ts';
import { ask, inScope, paramsOf, type ReadOptions } from './question.ts';
import type { WhyQuestion } from './why.ts';
import { conditionsOf } from './why-sql.ts';

const TRACKS_MAX = 20;
const POINTS_MAX = 200;
/** A track is drawn as far before and after the time in which it was in the place. */
const AROUND_MS = 5 * MINUTE_MS;
/** Longer times are looked through from their end, so that a busy month costs no more than a day. */
const LOOK_BACK_MS = 24 * 60 * MINUTE_MS;

type Found = { track: string; camera: string; firstKind: Kind; fromMs: number; toMs: number };
type Point = { track: string; lon: number; lat: number; atMs: number };

type Options = ReadOptions & { question: WhyQuestion; fromMs: number; toMs: number };

/** The latest first. */
export async function readTracks(client: ClickHouseClient, options: Options): Promise<WhyTrack[]> {
  const { question, signal } = options;
  const toMs = Math.min(options.toMs, Math.ceil(question.toMs / MINUTE_MS) * MINUTE_MS);
  const fromMs = Math.max(options.fromMs, toMs - LOOK_BACK_MS);
  const { place, rows } = conditionsOf(question);
  const asking = { params: paramsOf(question), signal };
  const millis = (expression: string) => `toFloat64(toUnixTimestamp64Milli(${expression}))`;
  const found = await ask<Found>(
    client,
    `SELECT track, camera, any(kind) AS firstKind, ${millis('min(captured_at)')} AS fromMs, ${millis('max(captured_at)')} AS toMs
      FROM ${DATABASE}.sightings FINAL
      WHERE ${inRanges('captured_at', [[fromMs, toMs]])} AND cells[1] != 0 AND ${rows} AND arrayExists(cell -> ${place}, cells)
      GROUP BY track, camera ORDER BY toMs DESC, track LIMIT ${TRACKS_MAX}`,
    asking,
  );
  if (found.length === 0) return [];
  const around = [
    Math.min(...found.map((track) => track.fromMs)) - AROUND_MS,
    Math.max(...found.map((track) => track.toMs)) + AROUND_MS,
  ] as const;
  const points = await ask<Point>(
    client,
    `SELECT track, lon, lat, ${millis('captured_at')} AS atMs FROM ${DATABASE}.sightings FINAL
      WHERE ${inRanges('captured_at', [around])} AND cells[1] != 0
        AND ${inScope(question.scope)} AND camera IN ({cameras:Array(String)}) AND track IN ({tracks:Array(String)})
      ORDER BY track, captured_at LIMIT ${10 * POINTS_MAX} BY track`,
    {
      params: {
        ...paramsOf(question),
        tracks: found.map(({ track }) => track),
        cameras: [...new Set(found.map(({ camera }) => camera))],
      },
      signal,
    },
  );
  const byTrack = Map.groupBy(points, ({ track }) => track);
  return found.map(({ track, firstKind: kind, ...rest }) => {
    const own = byTrack.get(track) ?? [];
    return { id: track, kind, ...rest, points: thinned(own).map(({ lon, lat, atMs }) => [lon, lat, atMs]) };
  });
}

/** At most so many, evenly, the first and the last among them. */
function thinned<T>(all: readonly T[]): T[] {
  if (all.length <= POINTS_MAX) return [...all];
  const step = (all.length - 1) / (POINTS_MAX - 1);
  return Array.from({ length: POINTS_MAX }, (_, index) => all[Math.round(index * step)]!);
}
