/** How this process is, in the words that doctor and the health page show. */
import type { Broker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import type { ProcessHealth } from '#system/control.ts';
import { storeUrl } from '#system/store-client.ts';
import type { Stages } from './metrics.ts';

/** More waiting messages than this mean that the store does not keep up. */
const PENDING_MAX = 100_000;

export function createHealth(
  stages: Stages,
  { broker, config }: { broker: Broker; config: Config },
): () => ProcessHealth {
  const startedAtMs = Date.now();
  return () => {
    const details = stages.health();
    const place = new URL(storeUrl(config)).host;
    const behind = details.termsBehind;
    const message = !broker.isConnected()
      ? 'The broker does not answer; see that nats-server runs.'
      : !details.isStoreReachable
        ? `The store at ${place} does not take rows (${details.lastError ?? 'no answer'}); messages wait in NATS until it does.`
        : details.pending > PENDING_MAX
          ? `${details.pending} messages wait in NATS: the store does not keep up; look at its load.`
          : behind !== null
            ? `The store knows revision ${behind.revision} of camera ${behind.camera}, but leases give at most ${behind.limit} now: what workers see is set aside as stale.`
            : undefined;
    return {
      role: 'analytics',
      process: `analytics-${process.pid}`,
      isWell: message === undefined,
      ...(message === undefined ? {} : { message }),
      startedAtMs,
      details: behind === null ? details : { ...details, code: 'terms-behind' },
    };
  };
}
