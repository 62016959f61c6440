/** Is a camera's calibration right: by the heights of people who were seen, and by a walk along a known path. */
import Type from 'typebox';
import { readPersonBoxes } from '#analytics/store/person-boxes.ts';
import { checkHeights } from '#models/registry/heights.ts';
import { checkWalk } from '#models/registry/walk.ts';
import { HeightCheck, WalkAsked, WalkCheck } from '#models/schema/calibration-check.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { App } from '../app.ts';
import { aspectOf, calibrationOf } from '../cameras/calibration.ts';
import { findCamera } from '../cameras/view.ts';
import type { Context } from '../context.ts';
import { askFigure } from '../figures/ask.ts';
import { readPeriod } from '../figures/period.ts';
import { principalOf } from '../rights/enforce.ts';
import { CameraParams } from './cameras.ts';

const tags = ['cameras'];
const DAY_MS = 86_400_000;
/** The rows of people are read through without an index by camera. */
const PERIOD_MAX_MS = 7 * DAY_MS;
const WALK_MS = 120_000;
const WALK_MAX_MS = 3_600_000;
const HEIGHT_ROWS_MAX = 4000;
const WALK_ROWS_MAX = 20_000;

const CheckQuery = Type.Object(
  {
    from: Type.Optional(Type.String({ description: 'ISO 8601 or milliseconds; absent: a day before `to`' })),
    to: Type.Optional(Type.String({ description: 'Absent: now' })),
  },
  { additionalProperties: false },
);

export function addCalibrationCheckRoutes(app: App, context: Context): void {
  const { reader } = context;

  app.get('/cameras/:id/calibration/heights', {
    config: { action: 'calibration.read' },
    schema: {
      tags,
      operationId: 'checkHeights',
      summary: 'How tall people come out by the calibration, near and far: a wrong tilt or height of the camera shows',
      params: CameraParams,
      querystring: CheckQuery,
      response: { 200: HeightCheck },
    },
    handler: async (request, reply) => {
      const camera = findCamera(request.params.id, principalOf(request), context);
      const calibration = calibrationOf(camera.id, context);
      const period = periodOf(request.query, { spanMs: DAY_MS, mostMs: PERIOD_MAX_MS });
      const asked = { camera: camera.id, ...period, eachMax: 20, rowsMax: HEIGHT_ROWS_MAX };
      const boxes = await askFigure({ request, reply, context }, (signal) =>
        readPersonBoxes(reader, asked, { signal }),
      );
      return { ...period, ...checkHeights(calibration, boxes, { aspect: aspectOf(camera, context) }) };
    },
  });

  app.post('/cameras/:id/calibration/walk', {
    config: { action: 'calibration.read' },
    schema: {
      tags,
      operationId: 'checkWalk',
      summary: 'How far a person who walked a known path is placed from it',
      params: CameraParams,
      body: WalkAsked,
      response: { 200: WalkCheck },
    },
    handler: async (request, reply) => {
      const camera = findCamera(request.params.id, principalOf(request), context);
      const calibration = calibrationOf(camera.id, context);
      const { path, track } = request.body;
      const period = periodOf(request.body, { spanMs: WALK_MS, mostMs: WALK_MAX_MS });
      const asked = { camera: camera.id, ...period, eachMax: 2000, rowsMax: WALK_ROWS_MAX, track };
      request.auditNote = { track: track ?? null, ...period };
      const boxes = await askFigure({ request, reply, context }, (signal) =>
        readPersonBoxes(reader, asked, { signal }),
      );
      return { ...period, ...checkWalk(calibration, boxes, { path, track }) };
    },
  });
}

function periodOf(
  { from, to }: { from?: string; to?: string },
  { spanMs, mostMs }: { spanMs: number; mostMs: number },
) {
  const end = readPeriod(to === undefined ? {} : { to }).toMs;
  const period = readPeriod({ from: from ?? String(end - spanMs), to: String(end) });
  if (period.toMs - period.fromMs <= mostMs) return period;
  throw new FaultError('invalid-value', `query.from to query.to are more than ${mostMs / 3_600_000} hours`, {
    cure: 'Ask for a shorter time.',
  });
}
