/** Why a figure is what it is: of one cell or area every measure, its time line, its cameras and some of its tracks. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Why } from '#models/schema/why.ts';
import { cutIntoSpans, fromSpans, type Spans } from '../spans.ts';
import { floorTo } from '../time-ranges.ts';
import { coveredSql, readObserved, watchedSql } from './observed.ts';
import { ask, type FigureQuestion, paramsOf, placeSql, type ReadOptions, rowFilter } from './question.ts';
import { type FiguresQuestion, spansOf } from './read.ts';
import { readTracks } from './tracks.ts';
import { readValues } from './values.ts';
import { whySql } from './why-sql.ts';

type WhyCamera = Omit<Why['cameras'][number], 'name' | 'grade'>;
export type WhyRead = Omit<Why, 'cell' | 'area' | 'name' | 'cameras'> & { cameras: WhyCamera[] };

/** `place` is the one cell or area that `where` is limited to. */
export type WhyQuestion = FiguresQuestion & {
  place: string;
  zoneName: string;
  /** Length of a step of the time line; absent: about a hundred steps. */
  stepS?: number | undefined;
};

export async function readWhy(
  client: ClickHouseClient,
  question: WhyQuestion,
  { signal }: ReadOptions = {},
): Promise<WhyRead> {
  const options = signal === undefined ? {} : { signal };
  const { fromMs, toMs, kind, measure } = question;
  const spans = await spansOf(client, { question, period: { fromMs, toMs } }, options);
  const [figures, line, cameras] = await Promise.all([
    readAll(client, { question, spans, ...options }),
    readSeries(client, { question, spans, ...options }),
    readCameras(client, { question, spans, ...options }),
  ]);
  const last = line.series.findLast(({ tracks }) => tracks > 0);
  const samples =
    last === undefined
      ? []
      : await readTracks(client, {
          question,
          fromMs: last.bucketMs,
          toMs: last.bucketMs + line.bucketS * 1000,
          ...options,
        });
  const sql = whySql(question, spans);
  return { fromMs: spans.fromMs, toMs: spans.toMs, kind, measure, figures, ...line, cameras, samples, sql };
}

type Options = ReadOptions & { question: WhyQuestion; spans: Spans };

async function readAll(client: ClickHouseClient, { question, spans, signal }: Options): Promise<Why['figures']> {
  const value = async (measure: FigureQuestion['measure']) =>
    (await readValues(client, { spans }, { question: { ...question, measure }, signal })).get(0)?.get(question.place);
  const [presence, tracks, concurrency, peak, speed, observed] = await Promise.all([
    value('presence'),
    value('tracks'),
    value('concurrency'),
    value('peak'),
    value('speed'),
    readObserved(client, { spans }, { question, signal }),
  ]);
  const observedS = observed.get(0)?.get(question.place) ?? 0;
  const none = observedS > 0 ? 0 : null;
  const isSeen = presence?.value != null && tracks?.value != null && tracks.value > 0;
  return {
    presence: presence?.value ?? none,
    tracks: tracks?.value ?? none,
    concurrency: concurrency?.value ?? none,
    peak: peak?.value ?? none,
    speed: speed?.value ?? null,
    dwell: isSeen ? presence.value! / tracks.value! : null,
    observedS,
    errorM: presence?.errorM ?? null,
  };
}

/** Steps that give about a hundred points at most. */
const STEPS_S = [60, 300, 900, 3600, 3 * 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600];

async function readSeries(client: ClickHouseClient, { question, spans, signal }: Options) {
  const { fromMs, toMs } = spans;
  const wide = STEPS_S.find((step) => (toMs - fromMs) / 1000 / step <= 100) ?? STEPS_S.at(-1)!;
  const bucketS = question.stepS ?? wide;
  const samples: number[] = [];
  for (let at = floorTo(fromMs, bucketS * 1000); at < toMs; at += bucketS * 1000) samples.push(at);
  // Steps finer than an hour need minutes all through.
  const ranges = [...spans.hours, ...spans.minutes, ...spans.slices].sort(([a], [b]) => a - b);
  const finer = { fromMs, toMs, ranges, finest: 'minute' } as const;
  const own = bucketS < 3600 ? await cutIntoSpans(client, finer, signal === undefined ? {} : { signal }) : spans;
  const time = { spans: own, samples };
  const read = (measure: 'presence' | 'tracks') =>
    readValues(client, time, { question: { ...question, measure }, signal });
  const [presence, tracks, observed] = await Promise.all([
    read('presence'),
    read('tracks'),
    readObserved(client, time, { question, signal }),
  ]);
  const { place } = question;
  const series = samples.map((bucketMs) => ({
    bucketMs,
    presenceS: presence.get(bucketMs)?.get(place)?.value ?? 0,
    tracks: tracks.get(bucketMs)?.get(place)?.value ?? 0,
    observedS: observed.get(bucketMs)?.get(place) ?? 0,
  }));
  return { bucketS, series };
}

type CameraRow = { camera: string; calibrationVersion: number; observedS: number };

/** Cameras that watched it, under which calibration and for how long, with what each saw there. */
async function readCameras(client: ClickHouseClient, { question, spans, signal }: Options): Promise<WhyCamera[]> {
  const { key, join, isKnown } = placeSql(question.where);
  const rows = fromSpans(spans, {
    tables: 'cells',
    columns: `camera, ${key}, presence_us, tracks`,
    filter: rowFilter(question),
  });
  const options = { params: paramsOf(question), signal };
  const [watched, seen] = await Promise.all([
    ask<CameraRow>(
      client,
      `SELECT camera, calibration_version AS calibrationVersion, any(ms) / 1000 AS observedS
        FROM (${coveredSql(question, placeSql(question.where))}) AS seen
        INNER JOIN (${watchedSql({ spans })}) AS watched USING (camera, calibration_version)
        GROUP BY camera, calibration_version ORDER BY observedS DESC LIMIT ${CAMERAS_MAX}`,
      options,
    ),
    ask<{ camera: string; presenceS: number; tracks: number }>(
      client,
      `SELECT camera, sum(presence_us) / 1e6 AS presenceS, toFloat64(uniqCombinedMerge(12)(tracks)) AS tracks
        FROM (${rows}) AS counted ${join} WHERE ${isKnown} GROUP BY camera`,
      options,
    ),
  ]);
  const byCamera = new Map(seen.map((row) => [row.camera, row]));
  return watched.map((row) => {
    const { presenceS = 0, tracks = 0 } = byCamera.get(row.camera) ?? {};
    return { ...row, presenceS, tracks };
  });
}

const CAMERAS_MAX = 200;
