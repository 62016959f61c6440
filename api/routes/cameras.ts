/** Cameras: list, add, read, edit, remove; workers take up every change by themselves. */
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { changesBetween } from '#models/registry/camera-changes.ts';
import type { Camera } from '#models/schema/camera.ts';
import { CameraInput, CameraPatch, CameraView } from '#models/schema/camera-view.ts';
import { Id } from '#models/schema/id.ts';
import type { App } from '../app.ts';
import { WAIT_MAX_S, waitForApplied } from '../cameras/applied.ts';
import { refuseStale } from '../cameras/conflict.ts';
import { editCamera, makeCamera } from '../cameras/edit.ts';
import { withLogin } from '../cameras/logins.ts';
import { makeId } from '../cameras/names.ts';
import { placesOf, refuseNowhere } from '../cameras/places.ts';
import { findCamera, viewCamera } from '../cameras/view.ts';
import { writeCamera } from '../cameras/write.ts';
import type { Context } from '../context.ts';
import { isInScope } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['cameras'];
export const CameraParams = Type.Object({ id: Id });
const CameraList = Type.Object({ cameras: Type.Array(CameraView) });
export const IfMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The ETag that was read: refused where it changed since' })),
});

export const Wait = Type.Object(
  {
    wait: Type.Optional(
      Type.Number({ minimum: 0, maximum: WAIT_MAX_S, description: 'Seconds to wait for the worker to go by it' }),
    ),
  },
  { additionalProperties: false },
);

export function addCameraRoutes(app: App, context: Context): void {
  addReading(app, context);
  addAdding(app, context);
  addEditing(app, context);
  addRemoving(app, context);
}

function addReading(app: App, context: Context): void {
  const { cameras } = context;

  app.get('/cameras', {
    config: { action: 'camera.read' },
    schema: { tags, operationId: 'listCameras', summary: 'Every camera with its state', response: { 200: CameraList } },
    handler: async (request) => {
      const { scope } = principalOf(request).user;
      const seen = cameras.list().filter((camera) => isInScope(scope, { area: camera.area, tree: context.tree() }));
      return { cameras: seen.map((camera) => viewCamera(camera, context)) };
    },
  });

  app.get('/cameras/:id', {
    config: { action: 'camera.read' },
    schema: {
      tags,
      operationId: 'readCamera',
      summary: 'One camera',
      params: CameraParams,
      response: { 200: CameraView },
    },
    handler: async (request, reply) => {
      const camera = findCamera(request.params.id, principalOf(request), context);
      return withTag(reply, cameras.entry(camera.id)?.revision).send(viewCamera(camera, context));
    },
  });
}

function addAdding(app: App, context: Context): void {
  const { cameras } = context;
  app.post('/cameras', {
    config: { action: 'camera.change' },
    schema: {
      tags,
      operationId: 'addCamera',
      summary: 'Add a camera; it is live within seconds',
      querystring: Wait,
      body: CameraInput,
      response: { 201: CameraView },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const id = request.body.id ?? makeId(request.body.name, (taken) => cameras.get(taken) !== undefined);
      const input = withLogin(request.body, { former: undefined, principal, places: context });
      const camera = makeCamera(id, input, placesOf(principal, context));
      refuseNowhere(camera.area, principal);
      request.auditNote.camera = id;
      const added = { kind: 'added', before: undefined, after: camera, revision: undefined } as const;
      const revision = await writeCamera(added, principal, context);
      return withTag(reply, revision)
        .code(201)
        .header('location', `/api/v1/cameras/${id}`)
        .send(await settled(camera, { revision, waitS: request.query.wait, context }));
    },
  });
}

type Settling = { revision: number | undefined; waitS: number | undefined; context: Context };

/** The camera as it is seen now; with the word of its worker where that was asked for. */
export async function settled(camera: Camera, { revision, waitS, context }: Settling): Promise<CameraView> {
  if (waitS === undefined) return viewCamera(camera, context);
  const applied = await waitForApplied({ camera, revision, waitS }, context);
  return { ...viewCamera(camera, context), applied };
}

function addEditing(app: App, context: Context): void {
  const { cameras } = context;
  app.patch('/cameras/:id', {
    config: { action: 'camera.change' },
    schema: {
      tags,
      operationId: 'editCamera',
      summary: 'Change fields of a camera; what is absent stays, null clears',
      params: CameraParams,
      headers: IfMatch,
      querystring: Wait,
      body: CameraPatch,
      response: { 200: CameraView },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const camera = findCamera(request.params.id, principal, context);
      const known = cameras.entry(camera.id)?.revision;
      await refuseStale(camera.id, request.headers['if-match'], context);
      const patch = withLogin(request.body, { former: camera, principal, places: context });
      const edited = editCamera(camera, patch, placesOf(principal, context));
      refuseNowhere(edited.area, principal);
      request.auditNote.camera = camera.id;
      const isSame = changesBetween(camera, edited).length === 0;
      const write = { kind: 'edited', before: camera, after: edited, revision: known } as const;
      const revision = isSame ? known : await writeCamera(write, principal, context);
      return withTag(reply, revision).send(await settled(edited, { revision, waitS: request.query.wait, context }));
    },
  });
}

function addRemoving(app: App, context: Context): void {
  const { cameras } = context;
  app.delete('/cameras/:id', {
    config: { action: 'camera.change' },
    schema: {
      tags,
      operationId: 'removeCamera',
      summary: 'End a camera and forget its registration; what was counted stays',
      params: CameraParams,
      headers: IfMatch,
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const before = findCamera(request.params.id, principal, context);
      const revision = cameras.entry(before.id)?.revision;
      await refuseStale(before.id, request.headers['if-match'], context);
      request.auditNote.camera = before.id;
      await writeCamera({ kind: 'removed', before, after: undefined, revision }, principal, context);
      return reply.code(204).send(null);
    },
  });
}

export function withTag(reply: FastifyReply, revision: number | undefined) {
  return revision === undefined ? reply : reply.header('etag', `"${revision}"`);
}
