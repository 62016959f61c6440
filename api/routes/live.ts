/** What happens now: detections over server-sent events, pictures and video; each view stands in the audit log. */
import { Readable } from 'node:stream';
import Type, { type Static } from 'typebox';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import { FINDINGS } from '#models/schema/picture-finding.ts';
import { DETECTIONS_ALL, detectionsOfArea, detectionsOfCamera, readDetectionsSubject } from '#models/wire/subjects.ts';
import type { App } from '../app.ts';
import { findCamera } from '../cameras/view.ts';
import type { Context } from '../context.ts';
import { type DetectionCounts, streamDetections } from '../live/detections.ts';
import { openStream } from '../live/open-stream.ts';
import { openPictures, type PicturePurpose } from '../live/pictures.ts';
import { sendVideo } from '../live/video.ts';
import { authorize, type Principal } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';
import { CameraParams } from './cameras.ts';

const LiveQuery = Type.Object(
  {
    camera: Type.Optional(Id),
    cameras: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9-]+(,[a-z0-9-]+){0,31}$',
        description: 'Up to 32 cameras, with commas between them: one stream for a wall of pictures',
      }),
    ),
    area: Type.Optional(Id),
  },
  { additionalProperties: false },
);

const ProofParams = Type.Object({ id: Id, finding: Type.Enum(FINDINGS) });

export function addLiveRoutes(app: App, context: Context): void {
  const counts = countDetections(context);

  app.get('/detections/live', {
    config: { action: 'detection.read' },
    schema: {
      tags: ['live'],
      operationId: 'streamDetections',
      summary: 'Detections as they happen (server-sent events `detections`, `dropped`, `end`)',
      description: 'A reader that is too slow loses the oldest messages and is told how many by `dropped`.',
      querystring: LiveQuery,
      produces: ['text/event-stream'],
    },
    handler: (request, reply) => {
      const principal = principalOf(request);
      const filter = chooseSubjects(request.query, principal, context);
      const signal = openStream('detections', reply, { principal, context });
      const events = streamDetections(context.broker.connection, { ...filter, signal, counts });
      request.auditNote = { ...request.query };
      return reply
        .type('text/event-stream; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(events, { objectMode: false, highWaterMark: 64 * 1024 }));
    },
  });

  for (const [path, purpose] of [
    ['picture.jpg', 'jpeg'],
    ['live.mjpeg', 'mjpeg'],
  ] as const) {
    app.get(`/cameras/:id/${path}`, {
      config: { action: 'live.view' },
      schema: { tags: ['live'], ...describePicture(purpose), params: CameraParams },
      handler: async (request, reply) => {
        const principal = principalOf(request);
        const { id } = findCamera(request.params.id, principal, context);
        const signal = openStream('pictures', reply, { principal, context });
        const picture = await openPictures(context.broker.connection, id, { purpose, signal });
        if (picture.capturedAtMs !== undefined) reply.header('x-captured-at-ms', picture.capturedAtMs);
        return reply.type(picture.contentType).header('x-accel-buffering', 'no').send(picture.body);
      },
    });
  }

  app.get('/cameras/:id/findings/:finding/proof.jpg', {
    config: { action: 'live.view' },
    schema: {
      tags: ['live'],
      operationId: 'readProof',
      summary: 'The picture at which a finding of the camera’s state was raised, JPEG, while the finding holds',
      params: ProofParams,
      produces: ['image/jpeg'],
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { id } = findCamera(request.params.id, principal, context);
      const { finding } = request.params;
      request.auditNote = { finding };
      const signal = openStream('pictures', reply, { principal, context });
      const proof = await openPictures(context.broker.connection, id, { purpose: 'proof', finding, signal });
      if (proof.capturedAtMs !== undefined) reply.header('x-captured-at-ms', proof.capturedAtMs);
      return reply.type(proof.contentType).send(proof.body);
    },
  });

  app.route({
    method: 'GET',
    url: '/cameras/:id/video',
    config: { action: 'live.view' },
    schema: {
      tags: ['live'],
      operationId: 'streamVideo',
      summary: 'The live video over a WebSocket: fragmented MP4, each picture with the time at which it was seen',
      description: VIDEO_DESCRIPTION,
      params: CameraParams,
    },
    preHandler: async (request) => {
      findCamera(request.params.id, principalOf(request), context);
    },
    handler: () => {
      throw new FaultError('upgrade-required', 'this is a WebSocket, but the request did not ask to upgrade');
    },
    wsHandler: (socket, request) =>
      sendVideo(socket, request, { camera: (request.params as { id: string }).id, context }),
  });
}

const VIDEO_DESCRIPTION = `Binary messages, numbers big-endian: 1, length (u32) of JSON {codec, mime, width, height,
stream}, the JSON, an MP4 init segment; or 2, flags (u8, bit 0: keyframe), capturedAtMs (f64), shownAtS (f64), a fragment;
or 3, JSON {code, detail}. A viewer that is too slow loses pictures up to a keyframe. Close codes: 4401 the sign-in ended,
4408 too slow, 4415 the codec is none for browsers or the camera has privacy masks, 4429 refused, 4503 the worker changed; the reason is a fault code.`;

function describePicture(purpose: Exclude<PicturePurpose, 'proof'>) {
  return purpose === 'jpeg'
    ? { operationId: 'readPicture', summary: 'What the camera sees now, JPEG', produces: ['image/jpeg'] }
    : {
        operationId: 'streamPictures',
        summary: 'Live pictures, MJPEG; each part says when it was seen in X-Captured-At-Ms',
        produces: ['multipart/x-mixed-replace'],
      };
}

function countDetections({ metrics }: Context): DetectionCounts {
  const events = metrics.counter(
    'sharp_eyes_live_detections_total',
    'Messages for listeners of live detections; received = sent + dropped',
    ['outcome'],
  );
  return {
    received: () => events.inc({ outcome: 'received' }),
    sent: () => events.inc({ outcome: 'sent' }),
    dropped: (count) => events.inc({ outcome: 'dropped' }, count),
  };
}

type Filter = { subjects: string[]; isWanted: (subject: string) => boolean };

/** The narrowest subjects for the filter and the scope; a camera outside its filter's area gives none. */
function chooseSubjects(query: Static<typeof LiveQuery>, principal: Principal, context: Context): Filter {
  const { scope } = principal.user;
  const tree = context.tree();
  const areas = query.area === undefined ? scope : [query.area];
  if (query.area !== undefined) {
    if (context.areas.get(query.area) === undefined)
      throw new FaultError('not-found', `there is no area "${query.area}"`);
    authorize(principal, 'detection.read', { area: query.area, tree });
  }
  const isWithin = (path: readonly string[]) => areas.length === 0 || areas.some((area) => path.includes(area));
  const isWanted = (subject: string) => isWithin(readDetectionsSubject(subject).areaPath);
  const cameras = query.cameras?.split(',') ?? (query.camera === undefined ? [] : [query.camera]);
  if (cameras.length > 0) {
    for (const camera of cameras) findCamera(camera, principal, context);
    return { subjects: [...new Set(cameras)].map(detectionsOfCamera), isWanted };
  }
  if (areas.length === 0) return { subjects: [DETECTIONS_ALL], isWanted };
  // Of two areas, one below the other, the upper brings both; each message shall come once.
  const upper = areas.filter((area) => !areas.some((other) => other !== area && tree.isWithin(area, other)));
  const subjects = upper.flatMap((id) => {
    const level = context.areas.get(id)?.level;
    return level === undefined ? [] : [detectionsOfArea(level, id)];
  });
  return { subjects, isWanted };
}
