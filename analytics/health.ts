/** How this process is, in the words that doctor and the health page show. */
import { FAULTS, type FaultCode } from '#models/schema/fault.ts';
import type { Broker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import type { ProcessHealth } from '#system/control.ts';
import { storeUrl } from '#system/store-client.ts';
import type { StageHealth, Stages } from './metrics.ts';

/** More waiting messages than this mean that the store does not keep up. */
const PENDING_MAX = 100_000;

export function createHealth(
  stages: Stages,
  { broker, config }: { broker: Broker; config: Config },
): () => ProcessHealth {
  const startedAtMs = Date.now();
  return () => {
    const details = stages.health();
    const trouble = broker.isConnected() ? troubleOf(details, config) : BROKER_GONE;
    return {
      role: 'analytics',
      process: `analytics-${process.pid}`,
      isWell: trouble === undefined,
      ...(trouble === undefined ? {} : { message: trouble.message, cure: trouble.cure }),
      ...warningsOf(details),
      startedAtMs,
      details: trouble?.code === undefined ? details : { ...details, code: trouble.code },
    };
  };
}

function warningsOf({ hoursWithoutTotals }: StageHealth): Pick<ProcessHealth, 'warnings'> {
  if (hoursWithoutTotals === 0) return {};
  const message = `${hoursWithoutTotals} hours lack their totals of areas, and are being filled in`;
  return { warnings: [{ code: 'totals-lacking', message, cure: FAULTS['totals-lacking'].cure }] };
}

type Trouble = { code?: FaultCode; message: string; cure: string };

const known = (code: FaultCode, message: string): Trouble => ({ code, message, cure: FAULTS[code].cure });

const BROKER_GONE = known('broker-unreachable', 'the broker does not answer');

function troubleOf(details: StageHealth, config: Config): Trouble | undefined {
  const { isStoreReachable, lastError, pending, termsBehind } = details;
  if (!isStoreReachable) {
    const message = `the store at ${new URL(storeUrl(config)).host} does not take rows: ${lastError ?? 'no answer'}`;
    return known('store-unreachable', message);
  }
  if (pending > PENDING_MAX) {
    const cure =
      'Look at the load of the store and its disk; where only analytics is busy, start another ./sharp-eyes analytics.';
    return { message: `${pending} messages wait in NATS: the store does not keep up`, cure };
  }
  if (termsBehind === null) return undefined;
  const { camera, revision, limit } = termsBehind;
  const message = `the store knows revision ${revision} of camera ${camera}, but leases give at most ${limit} now: what workers see is set aside as stale`;
  return known('terms-behind', message);
}
