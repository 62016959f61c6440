/** A camera's calibration: read it, try one, or solve a new version from points, a pose or a file. */
import { Kvm } from '@nats-io/kv';
import Type from 'typebox';
import { calibrate } from '#models/registry/calibrate.ts';
import { gradeOf } from '#models/registry/grade.ts';
import { groundNet, seenGround } from '#models/registry/ground-net.ts';
import { missesOfPoints } from '#models/registry/homography.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import { bentBy, viewpointOf } from '#models/registry/viewpoint.ts';
import { Calibration, CalibrationInput, CalibrationTrial } from '#models/schema/calibration.ts';
import type { Camera } from '#models/schema/camera.ts';
import { BUCKETS } from '#models/wire/streams.ts';
import type { App } from '../app.ts';
import { aspectOf, calibrationOf } from '../cameras/calibration.ts';
import { atItsPose, standOf } from '../cameras/pose.ts';
import { findCamera, stateOf } from '../cameras/view.ts';
import type { Context } from '../context.ts';
import { principalOf } from '../rights/enforce.ts';
import { CameraParams } from './cameras.ts';

const tags = ['cameras'];

const Wanted = Type.Object(
  {
    ...CalibrationInput.properties,
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
      return calibrationOf(id, context);
    },
  });

  app.put('/cameras/:id/calibration', {
    config: { action: 'calibration.change' },
    schema: {
      tags,
      operationId: 'calibrate',
      summary: 'Make a new version of at least four pairs of points, of a viewpoint, or of a file from elsewhere',
      description:
        'One of points, viewpoint and import. What does not fit is refused whole, and the former version stays.',
      params: CameraParams,
      body: Wanted,
      response: { 200: Calibration },
    },
    handler: async (request) => {
      const camera = findCamera(request.params.id, principalOf(request), context);
      const { id } = camera;
      const { preset, ...input } = request.body;
      const stand = standOf(id, preset, stateOf(camera, context, Date.now()));
      const revision = calibrations.entry(id)?.revision;
      const version = (calibrations.get(id)?.version ?? (await lastVersion(id, context))) + 1;
      const solved = calibrate(input, askedOf(camera, version, context)).calibration;
      const calibration = atItsPose(solved, stand, calibrations.get(id));
      const { method, residualM, grade } = calibration;
      request.auditNote = { version, method, residualM, grade };
      await (revision === undefined
        ? calibrations.create(id, calibration)
        : calibrations.put(id, calibration, revision));
      return calibration;
    },
  });
  addTrials(app, context);
}

function addTrials(app: App, context: Context): void {
  app.post('/cameras/:id/calibration/trial', {
    config: { action: 'calibration.read' },
    schema: {
      tags,
      operationId: 'tryCalibration',
      summary: 'Make one and keep nothing: misses by point, a net on the ground, the seen ground, its grade',
      params: CameraParams,
      body: CalibrationInput,
      response: { 200: CalibrationTrial },
    },
    handler: async (request) => {
      const camera = findCamera(request.params.id, principalOf(request), context);
      return describe(calibrate(request.body, askedOf(camera, 1, context)).calibration, camera, context);
    },
  });

  app.get('/cameras/:id/calibration/ground', {
    config: { action: 'calibration.read' },
    schema: {
      tags,
      operationId: 'readGround',
      summary: 'What the calibration means: its net, the seen ground, and the error at 10, 30 and 60 m as ellipses',
      params: CameraParams,
      response: { 200: CalibrationTrial },
    },
    handler: async (request) => {
      const camera = findCamera(request.params.id, principalOf(request), context);
      return describe(calibrationOf(camera.id, context), camera, context);
    },
  });
}

function askedOf(camera: Camera, version: number, context: Context) {
  const { id, position } = camera;
  return { camera: id, version, createdAtMs: Date.now(), position, aspect: aspectOf(camera, context) };
}

function describe(calibration: Calibration, camera: Camera, context: Context): CalibrationTrial {
  const { residualM, horizonY, points, originLon, originLat, lens } = calibration;
  const { toDegrees } = tangentPlane(originLon, originLat);
  const aspect = lens === undefined ? aspectOf(camera, context) : lens.fy / lens.fx;
  const found = viewpointOf(calibration.homography, { originLon, originLat, aspect, toDegrees });
  return {
    ...{ residualM, horizonY, points, ...missesOfPoints(calibration), ...groundNet(calibration) },
    seen: seenGround(calibration),
    viewpoint: calibration.viewpoint ?? (found === undefined ? null : bentBy(found, lens)),
    lens: lens ?? null,
    ...gradeOf(calibration, camera.position),
  };
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
