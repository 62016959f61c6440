/** Who changed a camera, when and how; and taking the last change back. */
import Type from 'typebox';
import { CameraChange } from '#models/schema/camera-change.ts';
import { CameraView } from '#models/schema/camera-view.ts';
import type { App } from '../app.ts';
import { refuseStale } from '../cameras/conflict.ts';
import { historyOf, undoLast } from '../cameras/history.ts';
import type { Context } from '../context.ts';
import { principalOf } from '../rights/enforce.ts';
import { CameraParams, IfMatch, settled, Wait, withTag } from './cameras.ts';

const tags = ['cameras'];
const Changes = Type.Object({ changes: Type.Array(CameraChange) });
/** `camera` is null where the change that was taken back had added it. */
const Undone = Type.Object({ undone: CameraChange, camera: Type.Union([CameraView, Type.Null()]) });

export function addCameraHistoryRoutes(app: App, context: Context): void {
  app.get('/cameras/:id/history', {
    config: { action: 'camera.history' },
    schema: {
      tags,
      operationId: 'readCameraHistory',
      summary: 'Every change of a camera that is on record, newest first; of a removed one as well',
      params: CameraParams,
      response: { 200: Changes },
    },
    handler: async (request) => ({ changes: await historyOf(request.params.id, principalOf(request), context) }),
  });

  app.post('/cameras/:id/undo', {
    config: { action: 'camera.change' },
    schema: {
      tags,
      operationId: 'undoCamera',
      summary: 'Take back the last change of a camera; a removed one comes back with its calibration',
      params: CameraParams,
      headers: IfMatch,
      querystring: Wait,
      response: { 200: Undone },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      request.auditNote.camera = id;
      await refuseStale(id, request.headers['if-match'], context);
      const { camera, undone } = await undoLast(id, principalOf(request), context);
      const revision = context.cameras.entry(id)?.revision;
      const { wait: waitS } = request.query;
      const view = camera === undefined ? null : await settled(camera, { revision, waitS, context });
      return withTag(reply, revision).send({ undone, camera: view });
    },
  });
}
