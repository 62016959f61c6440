/** Answers "where is this camera's live picture?" over NATS, for as long as this worker has the camera. */
import type { NatsConnection } from '@nats-io/nats-core';
import Type from 'typebox';
import { checker } from '#models/schema/check.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import type { LiveServer } from './server.ts';
import { LIVE_PURPOSES } from './token.ts';

const checkRequest = checker('the request for live pictures', Type.Object({ purpose: Type.Enum(LIVE_PURPOSES) }));

export function answerLive(connection: NatsConnection, camera: string, server: LiveServer): Disposable {
  const subscription = connection.subscribe(CONTROL.live(camera), {
    callback: (_error, message) => {
      try {
        const { purpose } = checkRequest(message.json());
        message.respond(JSON.stringify(server.invite(camera, purpose)));
      } catch (error) {
        message.respond(JSON.stringify({ code: 'invalid-value', detail: (error as Error).message }));
      }
    },
  });
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}
