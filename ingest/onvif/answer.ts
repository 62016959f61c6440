/** Proves devices when the API asks this worker over NATS; it remembers its logins, so that no device locks anybody out. */
import { setMaxListeners } from 'node:events';
import type { NatsConnection } from '@nats-io/nats-core';
import { unseal } from '#models/registry/seal.ts';
import { checker } from '#models/schema/check.ts';
import { FaultError } from '#models/schema/fault.ts';
import { ProbeQuestion, type ProbeStep, sealOwnerOf } from '#models/schema/probe.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import type { Logger } from '#system/logs.ts';
import { answerStream } from '#system/reply-stream.ts';
import { createLogins, type Logins } from './logins.ts';
import { type ProbeOptions, probeDevice } from './probe.ts';
import { readTarget } from './target.ts';

const checkQuestion = checker('the probe', ProbeQuestion);

/** Each reads two streams at a time, in threads that cameras need too. */
const AT_ONCE = 3;
/** For the page. */
const PICTURE_WIDTH_MAX = 640;

/** `logins`: shared with whoever else signs in to devices in this process. */
type Parts = {
  worker: string;
  sealKey: Buffer;
  logger: Logger;
  logins?: Logins;
  /** A camera of this host has privacy masks: its device is proved without a picture. */
  isMasked?: (host: string) => boolean;
};

export function answerProbes(
  connection: NatsConnection,
  { worker, sealKey, logger, logins = createLogins(), isMasked = () => false }: Parts,
): Disposable {
  let running = 0;
  return answerStream(connection, CONTROL.probe(worker), {
    answer(question, signal) {
      if (running >= AT_ONCE) throw new FaultError('probe-busy', `this worker proves ${running} devices already`);
      setMaxListeners(0, signal);
      const asked = checkQuestion(question);
      const options = optionsOf(asked, sealKey);
      running += 1;
      logger.info({ host: options.host, user: asked.user }, 'probe begun');
      return whileRunning(probeDevice({ ...options, logins, signal, pictureWidthMax: PICTURE_WIDTH_MAX, isMasked }));
    },
  });

  async function* whileRunning(steps: AsyncIterable<ProbeStep>): AsyncGenerator<ProbeStep> {
    try {
      yield* steps;
    } finally {
      running -= 1;
    }
  }
}

function optionsOf(asked: ProbeQuestion, sealKey: Buffer): Omit<ProbeOptions, 'logins'> {
  const { host, port, user, sealedPassword, scheme, isBasicAllowed, measureS } = asked;
  const password = sealedPassword === undefined ? undefined : unseal(sealedPassword, sealKey, sealOwnerOf(host));
  return {
    ...readTarget(host),
    ...(port === undefined ? {} : { port }),
    ...{ user, password, isRtspOnly: scheme === 'rtsp' },
    ...(isBasicAllowed === undefined ? {} : { isBasicAllowed }),
    ...(measureS === undefined ? {} : { seconds: measureS }),
  };
}
