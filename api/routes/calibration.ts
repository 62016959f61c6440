/** A camera's calibration: read it, or solve a new version from pairs of picture and map points. */
import { Kvm } from '@nats-io/kv';
import Type from 'typebox';
import { groundNet, seenGround } from '#models/registry/ground-net.ts';
import { missesOfPoints, solveCalibration } from '#models/registry/homography.ts';
import { Calibration, CalibrationPoint, CalibrationTrial } from '#models/schema/calibration.ts';
import { FaultError } from '#models/schema/fault.ts';
import { BUCKETS } from '#models/wire/streams.ts';
import type { App } from '../app.ts';
import { atItsPose, standOf } from '../cameras/pose.ts';
import { findCamera, stateOf } from '../cameras/view.ts';
import type { Context } from '../context.ts';
import { principalOf } from '../rights/enforce.ts';
import { CameraParams } from './cameras.ts';

const tags = ['cameras'];
const Points = Type.Object(
  { points: Type.Array(CalibrationPoint, { minItems: 1, maxItems: 200 }) },
  { additionalProperties: false },
);

const Wanted = Type.Object(
  {
    ...Points.properties,
    preset: Type.Optional(
      Type.String({ maxLength: 200, description: 'Token of the preset that a camera that turns must stand at' }),
    ),
  },
  { additionalProperties: false },
);

export function addCalibrationRoutes(app: App, context: Context): void {
  const { calibrations } = context;

  app.get('/cameras/:id/calibration', {
    config: { action: 'calibration.read' },
    schema: {
      tags,
      operationId: 'readCalibration',
      summary: 'How the picture lies on the ground',
      params: CameraParams,
      response: { 200: Calibration },
    },
    handler: async (request) => {
      const { id } = findCamera(request.params.id, principalOf(request), context);
      const calibration = calibrations.get(id);
      if (calibration === undefined) {
        throw new FaultError('not-found', `camera "${id}" has no calibration`, {
          cure: 'Give at least four pairs of picture and map points: PUT to the same address.',
        });
      }
      return calibration;
    },
  });

  app.put('/cameras/:id/calibration', {
    config: { action: 'calibration.change' },
    schema: {
      tags,
      operationId: 'calibrate',
      summary: 'Solve a new version from at least four pairs of points',
      params: CameraParams,
      body: Wanted,
      response: { 200: Calibration },
    },
    handler: async (request) => {
      const camera = findCamera(request.params.id, principalOf(request), context);
      const { id } = camera;
      const stand = standOf(id, request.body.preset, stateOf(camera, context, Date.now()));
      const revision = calibrations.entry(id)?.revision;
      const version = (calibrations.get(id)?.version ?? (await lastVersion(id, context))) + 1;
      const { points } = request.body;
      const solved = solveCalibration({ camera: id, version, points, createdAtMs: Date.now() });
      const calibration = atItsPose(solved, stand, calibrations.get(id));
      request.auditNote = { version, residualM: calibration.residualM };
      await (revision === undefined
        ? calibrations.create(id, calibration)
        : calibrations.put(id, calibration, revision));
      return calibration;
    },
  });
  addTrial(app, context);
}

function addTrial(app: App, context: Context): void {
  app.post('/cameras/:id/calibration/trial', {
    config: { action: 'calibration.read' },
    schema: {
      tags,
      operationId: 'tryCalibration',
      summary: 'Solve from pairs of points and keep nothing: misses by point, a net on the ground, the seen ground',
      params: CameraParams,
      body: Points,
      response: { 200: CalibrationTrial },
    },
    handler: async (request) => {
      const { id } = findCamera(request.params.id, principalOf(request), context);
      const tried = solveCalibration({ camera: id, version: 1, points: request.body.points, createdAtMs: Date.now() });
      const { residualM, horizonY } = tried;
      return { residualM, horizonY, ...missesOfPoints(tried), ...groundNet(tried), seen: seenGround(tried) };
    },
  });
}

/** Rows keep the version that placed them: a camera that is added again under its id must not count from 1 anew. */
async function lastVersion(camera: string, { broker }: Context): Promise<number> {
  const bucket = await new Kvm(broker.connection).open(BUCKETS.calibrations.name);
  let version = 0;
  for await (const entry of await bucket.history({ key: camera })) {
    if (entry.operation === 'PUT') version = Math.max(version, entry.json<{ version: number }>().version);
  }
  return version;
}
