/** Sends camera events out; while the broker is away the newest wait, the oldest of too many go and are counted. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { AreaPath } from '#models/schema/area.ts';
import type { CameraEvent } from '#models/schema/camera-event.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { healthSubject } from '#models/wire/subjects.ts';
import type { Logger } from '#system/logs.ts';

export type EventTeller = Disposable & { tell: (event: CameraEvent) => void };

export type TellerOptions = {
  connection: Pick<NatsConnection, 'publish'>;
  isConnected: () => boolean;
  areaPathOf: (camera: string) => AreaPath;
  logger: Logger;
};

const WAITING_MAX = 1000;
const RETRY_MS = 1000;

export function createEventTeller({ connection, isConnected, areaPathOf, logger }: TellerOptions): EventTeller {
  const waiting: CameraEvent[] = [];
  let dropped = 0;
  const flush = () => {
    while (waiting.length > 0 && isConnected()) {
      const event = waiting[0] as CameraEvent;
      connection.publish(healthSubject(areaPathOf(event.camera), event.camera), encodeMessage(event));
      waiting.shift();
    }
    if (dropped > 0 && waiting.length === 0) {
      logger.warn({ dropped }, 'camera events dropped while the broker was away');
      dropped = 0;
    }
  };
  const timer = setInterval(flush, RETRY_MS).unref();
  return {
    tell(event) {
      waiting.push(event);
      if (waiting.length > WAITING_MAX) {
        waiting.shift();
        dropped++;
      }
      flush();
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
