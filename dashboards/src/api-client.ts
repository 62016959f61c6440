/** The page's way to the API: JSON in and out, the session cookie, errors as problems with a cure. */

import type { AreaLevel } from '#models/schema/area.ts';
import type { Calibration, CalibrationInput, CalibrationTrial } from '#models/schema/calibration.ts';
import type { HeightCheck, WalkAsked, WalkCheck } from '#models/schema/calibration-check.ts';
import type { CameraInput, CameraPatch, CameraView } from '#models/schema/camera-view.ts';
import type { FIGURE_FORMATS } from '#models/schema/figure-query.ts';
import type { AreaFigures, Measure } from '#models/schema/heat-map.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { Me } from '#models/schema/person-view.ts';
import type { Problem } from '#models/schema/problem.ts';
import type { SignInWays } from '#models/schema/sign-in.ts';
import type { SiteView } from '#models/schema/site-view.ts';
import type { Summary } from '#models/schema/summary.ts';
import type { Why } from '#models/schema/why.ts';
import type { AreaCollection } from './map/areas.ts';

/** The API answered with a problem: `problem` is what it said. */
export class ApiProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiProblemError';
    this.problem = problem;
  }
}

/** The API did not answer at all, or with something that is not its own. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super('Sharp Eyes does not answer', { cause });
    this.name = 'UnreachableError';
  }
}

export type ApiError = ApiProblemError | UnreachableError;

type Signal = { signal?: AbortSignal };

/** Which figures: of what, when, against what. `hours` are hours of the week as text, read in `zone`. */
export type FigureQuery = {
  fromMs: number;
  toMs: number;
  kind: Kind | null;
  measure: Measure;
  hours: string;
  zone: string;
  compare: { fromMs: number; toMs: number } | null;
  isVersusNormal: boolean;
};

/** `step`: the time line hour by hour, whatever its length. */
export type WhyAsked = FigureQuery & { step?: 'hour' };

export type CellPart = { resolution: number; bbox: readonly number[] };
export type AreaPart = { level: AreaLevel; division: string };
export type ExportFormat = (typeof FIGURE_FORMATS)[number];

const ANSWER_TIMEOUT_MS = 15_000;
/** Beyond the time after which the API gives a figure up itself: who leaves earlier and asks again only adds to the load. */
const SAY_SO_MS = 10_000;
const GATEWAY_STATUS = [502, 503, 504];

let figureTimeoutMs = 30_000 + SAY_SO_MS;

/** How long a figure may take, as the API said when somebody signed in. */
export const figureDeadline = (): AbortSignal => AbortSignal.timeout(figureTimeoutMs);

const heed = (me: Me): Me => {
  // An API of before does not say it, while a site is brought up to date.
  if (Number.isFinite(me.figureTimeoutS)) figureTimeoutMs = me.figureTimeoutS * 1000 + SAY_SO_MS;
  return me;
};

export const apiBase = new URL('api/v1/', document.baseURI);

export function apiUrl(path: string, query: Record<string, string | number | null | undefined> = {}): URL {
  const url = new URL(path, apiBase);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function figureQuery({ fromMs, toMs, kind, measure, hours, zone, compare, isVersusNormal }: FigureQuery) {
  return {
    ...{ from: fromMs, to: toMs, kind, measure },
    ...(hours === '' ? {} : { weekHours: hours }),
    ...(hours === '' && !isVersusNormal ? {} : { zone }),
    ...(compare === null ? {} : { compareFrom: compare.fromMs, compareTo: compare.toMs }),
    ...(isVersusNormal ? { versus: 'normal' } : {}),
  };
}

const cellQuery = ({ resolution, bbox }: CellPart) => ({ resolution, bbox: bbox.join(',') });

export const heatMapUrl = (query: FigureQuery, part: CellPart): URL =>
  apiUrl('heat-map', { ...figureQuery(query), ...cellQuery(part) });

/** Where a file of the same figures is downloaded from. */
export const exportUrl = (format: ExportFormat, query: FigureQuery, part: CellPart | AreaPart): URL =>
  apiUrl('heat-map/export', { format, ...figureQuery(query), ...('level' in part ? part : cellQuery(part)) });

async function problemOf(response: Response): Promise<ApiError> {
  if (response.headers.get('content-type')?.includes('json') === true) {
    const body = (await response.json().catch(() => null)) as Partial<Problem> | null;
    if (typeof body?.detail === 'string' && typeof body.code === 'string') return new ApiProblemError(body as Problem);
  }
  if (GATEWAY_STATUS.includes(response.status)) return new UnreachableError(`HTTP ${response.status}`);
  return new ApiProblemError({
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: `HTTP ${response.status} ${response.statusText}`.trim(),
    code: 'internal',
  });
}

/** Sends one request; throws ApiProblemError, UnreachableError, or the abort reason of `signal`. */
export async function request(url: URL, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'same-origin', cache: 'no-store', ...init });
  } catch (error) {
    if (init.signal?.aborted === true && (init.signal.reason as Error | undefined)?.name !== 'TimeoutError')
      throw error;
    throw new UnreachableError(error);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function json<Answer>(url: URL, options: RequestInit & { deadline?: AbortSignal } = {}): Promise<Answer> {
  const { deadline = AbortSignal.timeout(ANSWER_TIMEOUT_MS), ...init } = options;
  const signal = init.signal == null ? deadline : AbortSignal.any([init.signal, deadline]);
  const response = await request(url, { ...init, signal });
  return response.status === 204 ? (undefined as Answer) : ((await response.json()) as Answer);
}

const sending = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const post = <Answer>(path: string, body: unknown, options: Signal = {}): Promise<Answer> =>
  json<Answer>(apiUrl(path), { ...sending('POST', body), ...options });

/** Sends a body and reads the answer line by line as it comes: NDJSON. Ends with the answer, or at the abort. */
export async function* postLines<Line>(path: string, body: unknown, { signal }: Signal): AsyncGenerator<Line> {
  const response = await request(apiUrl(path), {
    ...sending('POST', body),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = `${rest}${value ?? ''}`.split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as Line;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

export const api = {
  signIn: (user: string, password: string) => post<Me>('sign-in', { user, password }).then(heed),
  signInByLink: (code: string) => post<Me>('sign-in/link', { code }).then(heed),
  readSignInWays: (options: Signal = {}) => json<SignInWays>(apiUrl('sign-in/ways'), options),
  signOut: () => post<void>('sign-out', {}),
  readMe: (options: Signal = {}) => json<Me>(apiUrl('me'), options).then(heed),
  readSite: (options: Signal = {}) => json<SiteView>(apiUrl('site'), options),
  readCameras: async (options: Signal = {}) =>
    (await json<{ cameras: CameraView[] }>(apiUrl('cameras'), options)).cameras,
  readAreas: (options: Signal = {}) => json<AreaCollection>(apiUrl('areas'), options),
  readAreaFigures: (query: FigureQuery, part: AreaPart, options: Signal = {}) =>
    json<AreaFigures>(apiUrl('area-figures', { ...figureQuery(query), ...part }), {
      ...options,
      deadline: figureDeadline(),
    }),
  /** Of a cell or an area: what it is made of. Two periods are not asked for here. */
  readWhy: (what: 'cells' | 'areas', id: string, query: WhyAsked, options: Signal = {}) => {
    const step = query.step === undefined ? {} : { step: query.step };
    const figures = figureQuery({ ...query, compare: null, isVersusNormal: false });
    return json<Why>(apiUrl(`${what}/${id}/why`, { ...figures, ...step }), {
      ...options,
      deadline: figureDeadline(),
    });
  },
  readSummary: ({ fromMs, toMs }: { fromMs: number; toMs: number }, options: Signal = {}) =>
    json<Summary>(apiUrl('summary', { from: fromMs, to: toMs }), { ...options, deadline: figureDeadline() }),
  locateArea: async (at: { lon: number; lat: number }, options: Signal = {}) =>
    (await json<{ area: string | null }>(apiUrl('area-at', at), options)).area,
  addCamera: (camera: CameraInput) => post<CameraView>('cameras', camera),
  /** Refused where the camera is no longer at the revision that was read: the problem says who changed what. */
  editCamera: (id: string, patch: CameraPatch, revision: number) =>
    json<CameraView>(apiUrl(`cameras/${id}`), sending('PATCH', patch, { 'if-match': `"${revision}"` })),
  /** Answers when the camera's worker goes by the masks, or says why it does not. */
  maskCamera: (id: string, masks: Pick<CameraPatch, 'privacyMasks' | 'groundMask'>, revision: number) =>
    json<CameraView>(apiUrl(`cameras/${id}`, { wait: 10 }), sending('PATCH', masks, { 'if-match': `"${revision}"` })),
  readCamera: (id: string, options: Signal = {}) => json<CameraView>(apiUrl(`cameras/${id}`), options),
  readPicture: async (id: string, { signal }: Signal = {}) => {
    const deadline = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const both = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    return (await request(apiUrl(`cameras/${id}/picture.jpg`), { signal: both })).blob();
  },
  readCalibration: (id: string, options: Signal = {}) =>
    json<Calibration>(apiUrl(`cameras/${id}/calibration`), options),
  /** What the calibration that is there means; refused where there is none. */
  readGround: (id: string, options: Signal = {}) =>
    json<CalibrationTrial>(apiUrl(`cameras/${id}/calibration/ground`), options),
  tryCalibration: (id: string, input: CalibrationInput, options: Signal = {}) =>
    post<CalibrationTrial>(`cameras/${id}/calibration/trial`, input, options),
  calibrate: (id: string, input: CalibrationInput) =>
    json<Calibration>(apiUrl(`cameras/${id}/calibration`), sending('PUT', input)),
  checkHeights: (id: string, hours: number, options: Signal = {}) => {
    const to = Date.now();
    return json<HeightCheck>(
      apiUrl(`cameras/${id}/calibration/heights`, { from: to - hours * 3_600_000, to }),
      options,
    );
  },
  checkWalk: (id: string, asked: WalkAsked, options: Signal = {}) =>
    post<WalkCheck>(`cameras/${id}/calibration/walk`, asked, options),
};
