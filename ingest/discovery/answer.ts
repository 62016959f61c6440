/** Searches for devices when the API asks over NATS: one search at a time in this worker. */
import { setMaxListeners } from 'node:events';
import type { NatsConnection } from '@nats-io/nats-core';
import { checker } from '#models/schema/check.ts';
import { DiscoveryInput } from '#models/schema/discovered-device.ts';
import { FaultError } from '#models/schema/fault.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import type { Logger } from '#system/logs.ts';
import { answerStream } from '#system/reply-stream.ts';
import { discover } from './discover.ts';
import { findTargets } from './targets.ts';

const checkInput = checker('the search', DiscoveryInput);

export function answerDiscovery(connection: NatsConnection, { logger }: { logger: Logger }): Disposable {
  let isBusy = false;
  return answerStream(connection, CONTROL.discover, {
    queue: 'ingest',
    async answer(question, signal) {
      // What cannot be searched for is said whether the worker is busy or not.
      const input = checkInput(question);
      const targets = await findTargets(input);
      if (isBusy) throw new FaultError('discovery-busy', 'this worker searches already');
      isBusy = true;
      setMaxListeners(0, signal);
      logger.info({ hosts: targets.length, isEverybody: targets.length === 0 }, 'search begun');
      return whileBusy(search(input, { targets, signal, logger }));
    },
  });

  async function* whileBusy(news: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    try {
      yield* news;
    } finally {
      isBusy = false;
    }
  }
}

type Searching = { targets: Awaited<ReturnType<typeof findTargets>>; signal: AbortSignal; logger: Logger };

function search({ ports = [], seconds }: DiscoveryInput, options: Searching) {
  return discover({ ...options, ports, ...(seconds === undefined ? {} : { listenS: seconds }) });
}
