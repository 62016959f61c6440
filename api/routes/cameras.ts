/** Cameras: list, add, read, edit, remove; workers take up every change by themselves. */
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { CameraInput, CameraPatch, CameraView } from '#models/schema/camera-view.ts';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import type { App } from '../app.ts';
import { type EditPlaces, editCamera, makeCamera } from '../cameras/edit.ts';
import { makeId } from '../cameras/names.ts';
import { findCamera, viewCamera } from '../cameras/view.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['cameras'];
export const CameraParams = Type.Object({ id: Id });
const CameraList = Type.Object({ cameras: Type.Array(CameraView) });
const IfMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The ETag that was read: refused where it changed since' })),
});

/** What an edit may refer to: an area outside the scope is unknown to whoever asks. */
function placesOf(principal: Principal, context: Context): EditPlaces {
  const tree = context.tree();
  const areas = context.areas.list().filter(({ id }) => isInScope(principal.user.scope, { area: id, tree }));
  return { config: context.config, sealKey: context.sealKey, areas };
}

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
      body: CameraInput,
      response: { 201: CameraView },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const id = request.body.id ?? makeId(request.body.name, (taken) => cameras.get(taken) !== undefined);
      const camera = makeCamera(id, request.body, placesOf(principal, context));
      refuseNowhere(camera.area, principal);
      request.auditNote.camera = id;
      const revision = await cameras.create(id, camera);
      return withTag(reply, revision)
        .code(201)
        .header('location', `/api/v1/cameras/${id}`)
        .send(viewCamera(camera, context));
    },
  });
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
      body: CameraPatch,
      response: { 200: CameraView },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const camera = findCamera(request.params.id, principal, context);
      const known = cameras.entry(camera.id)?.revision;
      const wanted = request.headers['if-match'];
      if (wanted !== undefined && wanted !== `"${known}"`) {
        throw new FaultError('changed-meanwhile', `camera "${camera.id}" is at "${known}", not at ${wanted}`);
      }
      const edited = editCamera(camera, request.body, placesOf(principal, context));
      refuseNowhere(edited.area, principal);
      const revision = await cameras.put(camera.id, edited, known);
      return withTag(reply, revision).send(viewCamera(edited, context));
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
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { id } = findCamera(request.params.id, principalOf(request), context);
      await cameras.remove(id);
      if (context.states.get(id) !== undefined) await context.states.remove(id);
      if (context.calibrations.get(id) !== undefined) await context.calibrations.remove(id);
      return reply.code(204).send(null);
    },
  });
}

/** Somebody with a scope cannot put a camera where they would not see it themselves. */
function refuseNowhere(area: string | null, principal: Principal): void {
  if (area !== null || principal.user.scope.length === 0) return;
  throw new FaultError('invalid-value', `body.area is expected: one of ${principal.user.scope.join(', ')} or below`);
}

function withTag(reply: FastifyReply, revision: number | undefined) {
  return revision === undefined ? reply : reply.header('etag', `"${revision}"`);
}
