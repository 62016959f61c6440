/** Pictures of alerts: blurred for who may see alerts' pictures; unblurred for a right and a reason, written down first. */
import Type from 'typebox';
import { openPictureStore, type Picture, readBlurred, readUnblurred } from '#analytics/store/pictures/kept.ts';
import { createSealer } from '#analytics/store/pictures/sealed.ts';
import { AlertId } from '#models/schema/alert.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { App } from '../app.ts';
import { entryOf } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { findPictures } from '../evidence/find.ts';
import { createUnblurredPasses } from '../evidence/pass.ts';
import { sendPicture } from '../evidence/send.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['alerts'];
const Params = Type.Object({ id: AlertId });
const PictureParams = Type.Object({ id: AlertId, picture: Type.Enum(['clip', 'still']) });
const Reason = Type.Object(
  {
    reason: Type.String({
      minLength: 8,
      maxLength: 500,
      pattern: '\\S.*\\S',
      description: 'Why it must be seen; kept',
    }),
  },
  { additionalProperties: false },
);
const Links = Type.Object({
  clip: Type.String({ description: 'Of this API, for you alone, for a few minutes' }),
  still: Type.String(),
  expiresAtMs: Type.Integer(),
});
const PassQuery = Type.Object({ pass: Type.String({ maxLength: 200 }) }, { additionalProperties: false });
const TYPES: Record<Picture, string> = { clip: 'video/mp4', still: 'image/jpeg' };

export function addEvidenceRoutes(app: App, context: Context): void {
  const store = openPictureStore(context.config);
  context.signal.addEventListener('abort', () => store.close(), { once: true });
  const sealer = createSealer(context.sealKey);
  const passes = createUnblurredPasses(context.sealKey);

  for (const picture of ['clip', 'still'] as const) {
    app.get(`/alerts/:id/${picture}`, {
      config: { action: 'evidence.read' },
      schema: {
        tags,
        operationId: picture === 'clip' ? 'readAlertClip' : 'readAlertStill',
        summary:
          picture === 'clip'
            ? 'Seconds before and after an alert, MP4 (H.264), people blurred; answers ranges'
            : 'The frame that decided, JPEG, the thing framed, people blurred',
        params: Params,
        produces: [TYPES[picture]],
      },
      handler: async (request, reply) => {
        const { id } = request.params;
        request.auditNote = { alert: id };
        const { evidence } = await findPictures(id, { principal: principalOf(request), context, store });
        request.auditNote = { alert: id, camera: evidence.camera };
        const bytes = await readBlurred(store, id, picture);
        if (bytes === undefined) throw new FaultError('evidence-deleted', 'the pictures have been deleted');
        return sendPicture(request, reply, { bytes, type: TYPES[picture] });
      },
    });
  }

  app.post('/alerts/:id/unblurred', {
    config: { action: 'evidence.unblur' },
    schema: {
      tags,
      operationId: 'unblurAlert',
      summary: 'Links to the pictures as the camera saw them, for a reason, which the audit log keeps',
      params: Params,
      body: Reason,
      response: { 200: Links },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { user } = principalOf(request);
      const { reason } = request.body;
      request.auditNote = { alert: id, reason };
      const { evidence } = await findPictures(id, { principal: principalOf(request), context, store });
      request.auditNote = { alert: id, camera: evidence.camera, reason };
      // Not only before the answer leaves: without this line there is no link.
      const stands = context.audit.write({
        ...entryOf(request, { action: 'evidence.unblur', status: 200 }),
        step: 'asked',
      });
      if (!stands) throw new FaultError('audit-unwritable', 'the reason could not be written into the audit log');
      const { pass, expiresAtMs } = passes.issue(id, user.id);
      const link = (picture: Picture) => `/api/v1/alerts/${id}/unblurred/${picture}?pass=${pass}`;
      return { clip: link('clip'), still: link('still'), expiresAtMs };
    },
  });

  app.get('/alerts/:id/unblurred/:picture', {
    config: { action: 'evidence.unblur' },
    schema: {
      tags,
      operationId: 'readUnblurred',
      summary:
        'What the link shows: the clip in the camera’s own codec (browsers play H.265 only with hardware), or the still',
      params: PictureParams,
      querystring: PassQuery,
      produces: Object.values(TYPES),
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { id, picture } = request.params;
      request.auditNote = { alert: id, picture };
      if (!passes.isGood(request.query.pass, { alert: id, user: principal.user.id }))
        throw new FaultError('forbidden', 'the link is not yours, or too old: ask again, with a reason');
      const { evidence } = await findPictures(id, { principal, context, store });
      request.auditNote = { alert: id, picture, camera: evidence.camera };
      const bytes = await readUnblurred(store, id, { picture, sealer });
      if (bytes === undefined) {
        const cure = 'They are kept for evidenceUnblurredDays; the blurred ones are there still.';
        throw new FaultError('evidence-deleted', 'the unblurred pictures are not kept any more', { cure });
      }
      return sendPicture(request, reply, { bytes, type: TYPES[picture] });
    },
  });
}
