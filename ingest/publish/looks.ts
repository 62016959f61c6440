/** Looks for the rules, each at once: nobody waits for an answer, because the detections stream has the same look later. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { looksSubject } from '#models/wire/subjects.ts';

type Options = {
  connection: Pick<NatsConnection, 'publish'>;
  /** While the broker is away nothing is told: what waited in the client's memory would come late and without bound. */
  isConnected: () => boolean;
};

export function looksTeller({ connection, isConnected }: Options): (message: DetectionMessage) => void {
  return (message) => {
    if (isConnected()) connection.publish(looksSubject(message.areaPath, message.camera), encodeMessage(message));
  };
}
