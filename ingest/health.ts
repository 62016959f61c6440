/** What a worker answers when it is asked how it is. */
import { describeFallback } from '#models/schema/execution-provider.ts';
import { FAULTS, type FaultCode } from '#models/schema/fault.ts';
import type { Warning } from '#models/schema/site-view.ts';
import type { ProcessHealth } from '#system/control.ts';
import type { Claims } from './lease/claims.ts';
import type { Detectors } from './pipeline/detectors.ts';
import type { StageMetrics } from './pipeline/stage-metrics.ts';
import type { States } from './pipeline/states.ts';
import type { Outbox } from './publish/outbox.ts';
import type { Spool } from './spool/spool.ts';

export type HealthParts = {
  worker: string;
  cameraCap: number;
  claims: Claims;
  detectors: Detectors;
  outbox: Outbox;
  spool: Spool;
  stages: StageMetrics;
  states: States;
};

export function describeHealth(parts: HealthParts): () => ProcessHealth {
  const startedAtMs = Date.now();
  return () => {
    const { worker, claims, detectors, outbox, spool, stages, states } = parts;
    const counts = claims.counts();
    const cameras: Record<string, number> = {};
    for (const { state } of states.all()) cameras[state] = (cameras[state] ?? 0) + 1;
    const { code, ...trouble } = troubleOf(parts) ?? {};
    const running = detectors.lanes().map(({ detector }) => detector);
    return {
      role: 'ingest',
      process: worker,
      isWell: code === undefined,
      ...trouble,
      warnings: running.flatMap(({ manifest, runtime }): Warning[] => {
        const fallback = describeFallback(manifest.name, runtime);
        return fallback === undefined ? [] : [{ code: 'provider-unavailable', ...fallback }];
      }),
      startedAtMs,
      details: {
        ...(code === undefined ? {} : { code }),
        cameras,
        held: claims.held().size,
        registered: counts.cameras,
        workers: counts.workers,
        unclaimed: counts.unclaimed,
        models: running.map(({ manifest }) => manifest.name),
        runtimes: Object.fromEntries(running.map(({ manifest, runtime }) => [manifest.name, runtime])),
        detectMs: stages.detectMs(),
        publishing: outbox.state(),
        inFlightMessages: outbox.inFlight(),
        spoolBytes: spool.sizeBytes(),
        spoolMessages: spool.messages(),
        messagesGivenUp: stages.lostMessages(),
      },
    };
  };
}

/** A camera that is down is the camera's trouble and stands at the camera; here is what this process suffers from. */
function troubleOf({
  claims,
  cameraCap,
  spool,
}: HealthParts): { code: FaultCode; message: string; cure: string } | undefined {
  if (spool.isDiskFull()) {
    const message = 'the disk has no room for the spool: messages are given up';
    return { code: 'disk-full', message, cure: FAULTS['disk-full'].cure };
  }
  const { unclaimed } = claims.counts();
  if (unclaimed > 0 && claims.held().size >= cameraCap) {
    const message = `${unclaimed} cameras have no worker, and this one has as many as it may (${cameraCap})`;
    return {
      code: 'no-worker',
      message,
      cure: 'Start another worker (./sharp-eyes ingest --name …), or raise SHARP_EYES_WORKER_CAMERAS.',
    };
  }
  return undefined;
}
