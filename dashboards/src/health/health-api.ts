/** What the wall of health asks the API. */
import type { CameraHealthList, CameraHistory, HealthPictures } from '#models/schema/camera-health.ts';
import { apiUrl, json } from '../api-client.ts';
import { zoneOffsetMs } from '../workspace/zone-time.ts';

export type HealthFilter = {
  area: string | null;
  make: string | null;
  tag: string | null;
  state: string | null;
  reason: string | null;
  text: string | null;
};

export const NO_FILTER: HealthFilter = { area: null, make: null, tag: null, state: null, reason: null, text: null };

const SPAN_MS = { day: 86_400_000, week: 7 * 86_400_000, quarter: 90 * 86_400_000 } as const;
export type SpanName = keyof typeof SPAN_MS;
export const SPANS = Object.keys(SPAN_MS) as SpanName[];

/** Letters of a strip; each is about a pixel and a half. */
const STEPS = 96;
const ROWS_MAX = 5000;

type Signal = { signal: AbortSignal };

const spanOf = (span: SpanName) => ({ from: Date.now() - SPAN_MS[span] });

export const healthApi = {
  readWall: (filter: HealthFilter, options: Signal) =>
    json<CameraHealthList>(apiUrl('camera-health', { ...filter, limit: ROWS_MAX }), options),
  readHistory: (
    cameras: readonly string[],
    { span, isDetailed }: { span: SpanName; isDetailed: boolean },
    options: Signal,
  ) =>
    json<CameraHistory>(
      apiUrl('camera-health/history', {
        ...spanOf(span),
        camera: cameras.join(','),
        steps: STEPS,
        intervals: isDetailed ? 'true' : null,
      }),
      options,
    ),
  readPictures: (cameras: readonly string[], options: Signal) =>
    json<HealthPictures>(apiUrl('camera-health/pictures', { camera: cameras.join(',') }), options),
  wallCsv: (filter: HealthFilter) => apiUrl('camera-health.csv', filter).href,
  /** Its days are the zone's. */
  historyCsv: (area: string | null, span: SpanName, zone: string) => {
    const utcOffsetMin = Math.round(zoneOffsetMs(Date.now(), zone) / 60_000);
    return apiUrl('camera-health/history.csv', { ...spanOf(span), utcOffsetMin, area }).href;
  },
};
