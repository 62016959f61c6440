/** How cameras are and were: the wall of health, its pictures, and the history with availability; as JSON and CSV. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { addInto, emptyTally, within } from '#analytics/store/availability.ts';
import { CAMERA_STATES, type Camera } from '#models/schema/camera.ts';
import { type CameraHealth, CameraHealthList, CameraHistory, HealthPictures } from '#models/schema/camera-health.ts';
import { FaultError } from '#models/schema/fault.ts';
import { Id, isId } from '#models/schema/id.ts';
import type { App } from '../app.ts';
import { readCameraHealth } from '../cameras/health.ts';
import { type CameraLine, daysOf, figuresOf, readHistory, readLines } from '../cameras/health-history.ts';
import { readThumbnails } from '../cameras/thumbnails.ts';
import type { Context } from '../context.ts';
import { askFigure } from '../figures/ask.ts';
import { readPeriod } from '../figures/period.ts';
import { CSV_TYPE, toCsv } from '../http/csv.ts';
import { authorize, isInScope, type Principal } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['camera health'];
const PICTURES_MAX = 100;
const DETAILED_MAX = 100;
const LIMIT_MAX = 5000;

const text = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });

const filter = {
  area: Type.Optional(Id),
  make: Type.Optional(text('Manufacturer')),
  tag: Type.Optional(text('Tag')),
  state: Type.Optional(Type.Enum(CAMERA_STATES)),
  reason: Type.Optional(text('Code of the troubleshooting page')),
  text: Type.Optional(text('Part of the name, the id or the address')),
};
const WallQuery = Type.Object(
  {
    ...filter,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: 1000 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  },
  { additionalProperties: false },
);
const FilterQuery = Type.Object(filter, { additionalProperties: false });

const Cameras = Type.String({ minLength: 1, maxLength: 8000, description: 'Ids, separated by commas' });
const Time = Type.String({ maxLength: 40, description: 'ISO 8601, or UTC milliseconds; the last day without' });
const period = {
  camera: Type.Optional(Cameras),
  area: Type.Optional(Id),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  utcOffsetMin: Type.Optional(
    Type.Integer({ minimum: -840, maximum: 840, default: 0, description: 'Where days begin: 480 in China' }),
  ),
};
const HistoryQuery = Type.Object(
  {
    ...period,
    steps: Type.Optional(Type.Integer({ minimum: 1, maximum: 400, description: 'Letters of each camera’s strip' })),
    intervals: Type.Optional(Type.Boolean({ description: `Each interval too; at most ${DETAILED_MAX} cameras` })),
  },
  { additionalProperties: false },
);
const HistoryCsvQuery = Type.Object(
  { ...period, rows: Type.Optional(Type.Enum(['days', 'intervals'], { default: 'days' })) },
  { additionalProperties: false },
);

export function addCameraHealthRoutes(app: App, context: Context): void {
  addWall(app, context);
  addPictures(app, context);
  addHistory(app, context);
}

function addWall(app: App, context: Context): void {
  app.get('/camera-health', {
    config: { action: 'camera.read' },
    schema: {
      tags,
      operationId: 'readCameraHealth',
      summary: 'How every camera is, worst first, with reason and cure',
      querystring: WallQuery,
      response: { 200: CameraHealthList },
    },
    handler: async (request) => {
      const { limit = 1000, offset = 0, ...wanted } = request.query;
      const all = readCameraHealth(askerOf(request, wanted.area, context), wanted, context);
      return { ...all, cameras: all.cameras.slice(offset, offset + limit) };
    },
  });
  app.get('/camera-health.csv', {
    config: { action: 'health.export' },
    schema: {
      tags,
      operationId: 'exportCameraHealth',
      summary: 'The wall of health as CSV',
      querystring: FilterQuery,
      produces: ['text/csv'],
    },
    handler: async (request, reply) => {
      const { cameras } = readCameraHealth(askerOf(request, request.query.area, context), request.query, context);
      request.auditNote = { ...request.query };
      return sendCsv(reply, 'camera-health', toCsv(cameras.map(asCsvRow), WALL_COLUMNS));
    },
  });
}

const WALL_COLUMNS = [
  ...['camera', 'name', 'area', 'make', 'model', 'address', 'tags', 'importance', 'state', 'reason', 'since'],
  ...['message', 'cure', 'last_picture', 'next_try', 'codec', 'width', 'height', 'fps_promised', 'fps'],
  ...['bitrate_kbps', 'decode_cost_ms', 'reconnects', 'worker'],
];

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

function asCsvRow(row: CameraHealth) {
  const { camera, name, area, make, model, address, importance, state, reason, message, cure } = row;
  const { codec, width, height, fps, reconnects, worker } = row;
  return {
    ...{ camera, name, area, make, model, address, importance, state, reason, message, cure },
    ...{ codec, width, height, fps, reconnects, worker },
    tags: row.tags.join(' '),
    since: iso(row.sinceMs),
    last_picture: iso(row.lastPictureAtMs),
    next_try: iso(row.nextTryAtMs),
    fps_promised: row.fpsPromised,
    bitrate_kbps: row.bitrateKbps,
    decode_cost_ms: row.decodeCostMs,
  };
}

function addPictures(app: App, context: Context): void {
  app.get('/camera-health/pictures', {
    config: { action: 'live.view' },
    schema: {
      tags,
      operationId: 'readHealthPictures',
      summary: 'The newest small picture of each camera that has one; those of cameras that are down are their last',
      querystring: Type.Object({ camera: Cameras }, { additionalProperties: false }),
      response: { 200: HealthPictures },
    },
    handler: async (request) => {
      const cameras = chooseCameras(request.query, principalOf(request), context).map(({ id }) => id);
      if (cameras.length > PICTURES_MAX) throw tooMany(cameras.length, PICTURES_MAX);
      request.auditNote = { cameras };
      return readThumbnails(context.broker.connection, cameras);
    },
  });
}

function addHistory(app: App, context: Context): void {
  app.get('/camera-health/history', {
    config: { action: 'camera.read' },
    schema: {
      tags,
      operationId: 'readCameraHealthHistory',
      summary: 'How cameras were, and how available, per camera, area and day',
      description:
        'Time that a camera was switched off and time that nobody watched it (unknown) count neither as up nor as down.',
      querystring: HistoryQuery,
      response: { 200: CameraHistory },
    },
    handler: async (request, reply) => {
      const { steps, intervals: isDetailed = false } = request.query;
      const question = readQuestion(request, request.query, context);
      if (isDetailed && question.cameras.length > DETAILED_MAX) throw tooMany(question.cameras.length, DETAILED_MAX);
      const asked = { ...question, isDetailed, ...(steps === undefined ? {} : { steps }) };
      return askFigure({ request, reply, context }, (signal) => readHistory(asked, context, signal));
    },
  });
  app.get('/camera-health/history.csv', {
    config: { action: 'health.export' },
    schema: {
      tags,
      operationId: 'exportCameraHistory',
      summary: 'The history as CSV: a row per camera and day, or per interval',
      querystring: HistoryCsvQuery,
      produces: ['text/csv'],
    },
    handler: async (request, reply) => {
      const question = readQuestion(request, request.query, context);
      request.auditNote = { ...request.query };
      const lines = await askFigure({ request, reply, context }, (signal) => readLines(question, context, signal));
      const csv = request.query.rows === 'intervals' ? intervalsCsv(lines) : daysCsv(lines, question);
      return sendCsv(reply, 'camera-history', csv);
    },
  });
}

function daysCsv(lines: readonly CameraLine[], question: Parameters<typeof daysOf>[0]): string {
  const days = daysOf(question);
  const rows = lines.flatMap(({ camera, intervals }) =>
    days.map(({ day, fromMs, toMs }) => {
      const figures = figuresOf(addInto(emptyTally(), within(intervals, fromMs, toMs)));
      const { availability, liveS, degradedS, downS, disabledS, unknownS } = figures;
      return {
        ...{ camera: camera.id, name: camera.name, area: camera.area, day, availability },
        ...{ live_s: liveS, degraded_s: degradedS, down_s: downS, disabled_s: disabledS, unknown_s: unknownS },
      };
    }),
  );
  const seconds = ['live_s', 'degraded_s', 'down_s', 'disabled_s', 'unknown_s'];
  return toCsv(rows, ['camera', 'name', 'area', 'day', 'availability', ...seconds]);
}

function intervalsCsv(lines: readonly CameraLine[]): string {
  const rows = lines.flatMap(({ camera, intervals }) =>
    intervals.map(({ condition, reason, fromMs, toMs }) => ({
      ...{ camera: camera.id, name: camera.name, area: camera.area, condition, reason },
      ...{ from: iso(fromMs), to: iso(toMs), seconds: Math.round((toMs - fromMs) / 1000) },
    })),
  );
  return toCsv(rows, ['camera', 'name', 'area', 'condition', 'reason', 'from', 'to', 'seconds']);
}

type PeriodQuery = Static<typeof HistoryCsvQuery>;

const DAY_MS = 86_400_000;

function readQuestion(request: FastifyRequest, query: Omit<PeriodQuery, 'rows'>, context: Context) {
  const principal = askerOf(request, query.area, context);
  const nowMs = Date.now();
  const { from = String(nowMs - DAY_MS), to = String(nowMs), utcOffsetMin = 0 } = query;
  const { fromMs, toMs } = readPeriod({ from, to });
  const cameras = chooseCameras(query, principal, context);
  return { cameras, fromMs: Math.min(fromMs, nowMs - 1), toMs: Math.min(toMs, nowMs), utcOffsetMin };
}

/** Those named, those of the area, or all; of them those in the asker's scope. One that is not there is left out. */
function chooseCameras(query: { camera?: string; area?: string }, { user }: Principal, context: Context): Camera[] {
  const tree = context.tree();
  const named = query.camera?.split(',').map((id) => id.trim());
  const wrong = named?.find((id) => !isId(id));
  if (wrong !== undefined) throw new FaultError('invalid-value', `query.camera should be ids, but has "${wrong}"`);
  return context.cameras
    .list()
    .filter(
      ({ id, area }) =>
        isInScope(user.scope, { area, tree }) &&
        (named === undefined || named.includes(id)) &&
        (query.area === undefined || tree.isWithin(area, query.area)),
    );
}

/** Who asks; throws FaultError `not-found` for an area that is not theirs. */
function askerOf(request: FastifyRequest, area: string | undefined, context: Context): Principal {
  const principal = principalOf(request);
  if (area === undefined) return principal;
  if (context.areas.get(area) === undefined) throw new FaultError('not-found', `there is no area "${area}"`);
  authorize(principal, 'camera.read', { area, tree: context.tree() });
  return principal;
}

const tooMany = (cameras: number, most: number) =>
  new FaultError('invalid-value', `${cameras} cameras are more than ${most} at once`, {
    cure: 'Name fewer cameras, or a smaller area.',
  });

function sendCsv(reply: FastifyReply, name: string, csv: string) {
  const day = new Date().toISOString().slice(0, 10);
  return reply.type(CSV_TYPE).header('content-disposition', `attachment; filename="${name}-${day}.csv"`).send(csv);
}
