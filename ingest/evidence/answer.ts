/** Answers "may I have pictures of this alert?" over NATS, for as long as this worker has the camera. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { LiveServer } from '#ingest/live/server.ts';
import { checker } from '#models/schema/check.ts';
import { FaultError, faultCodeOf } from '#models/schema/fault.ts';
import { CLIP_MAX_MS, EvidenceRequest } from '#models/wire/evidence.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import type { EvidenceDesk } from './desk.ts';

const checkRequest = checker('the request for pictures of an alert', EvidenceRequest);

type Options = { desk: EvidenceDesk; server: LiveServer };

export function answerEvidence(connection: NatsConnection, camera: string, { desk, server }: Options): Disposable {
  const subscription = connection.subscribe(CONTROL.evidence(camera), {
    callback: (_error, message) => {
      try {
        const request = checkRequest(message.json());
        const { fromMs, toMs, atMs } = request;
        if (!(fromMs <= atMs && atMs <= toMs) || toMs - fromMs > CLIP_MAX_MS)
          throw new FaultError(
            'invalid-value',
            `a clip lasts at most ${CLIP_MAX_MS / 1000} s, and shows what is asked for`,
          );
        const { url, expiresAtMs } = server.invite(camera, 'evidence');
        message.respond(JSON.stringify({ url: `${url}&ask=${desk.ask(request)}`, expiresAtMs }));
      } catch (error) {
        message.respond(JSON.stringify({ code: faultCodeOf(error), detail: (error as Error).message }));
      }
    },
  });
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}
