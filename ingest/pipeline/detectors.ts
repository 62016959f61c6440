/** The detectors of a worker: one per model, opened when the first camera needs it, shared by all that use it. */
import { resolveModel } from '#models/catalog/resolve.ts';
import { openDetector } from '#models/detectors/open.ts';
import { describeFallback } from '#models/schema/execution-provider.ts';
import { type FaultCode, FaultError, faultCodeOf } from '#models/schema/fault.ts';
import type { Config } from '#system/config.ts';
import type { Logger } from '#system/logs.ts';
import { type Lane, type LaneOptions, openLane } from './lane.ts';

export type ModelTrouble = { code: FaultCode; message: string; cure: string };

export type Detectors = AsyncDisposable & {
  /** The lane of a model, '' being the default one; or why there is none. Models that appear later are found. */
  laneOf: (model: string) => Promise<Lane | ModelTrouble>;
  lanes: () => readonly Lane[];
};

/** A model that is not there is looked for again this often. */
const RETRY_MS = 10_000;

type Slot = { opened: Promise<Lane | ModelTrouble>; lane: Lane | undefined; triedAtMs: number };

export function createDetectors(config: Config, options: LaneOptions & { logger: Logger }): Detectors {
  const slots = new Map<string, Slot>();

  async function open(name: string): Promise<Lane | ModelTrouble> {
    try {
      const { manifest, path } = resolveModel({ name, modelsDir: config.modelsDir, materialDir: config.materialDir });
      const detector = await openDetector({ manifest, path, providers: config.executionProviders, isApart: true });
      const lane = openLane(detector, options);
      const { provider, parts } = detector.runtime;
      options.logger.info({ model: manifest.name, maxBatch: detector.maxBatch, provider, parts }, 'detector opened');
      const fallback = describeFallback(manifest.name, detector.runtime);
      if (fallback !== undefined) options.logger.warn(fallback, 'execution provider not had');
      return lane;
    } catch (error) {
      const trouble = troubleOf(error);
      options.logger.warn({ model: name, code: trouble.code, message: trouble.message }, 'detector not opened');
      return trouble;
    }
  }

  return {
    laneOf(model) {
      const name = model === '' ? config.model : model;
      const known = slots.get(name);
      if (known !== undefined && (known.lane !== undefined || performance.now() - known.triedAtMs < RETRY_MS)) {
        return known.opened;
      }
      const slot: Slot = { opened: open(name), lane: undefined, triedAtMs: performance.now() };
      slots.set(name, slot);
      void slot.opened.then((result) => {
        if (isLane(result)) slot.lane = result;
      });
      return slot.opened;
    },
    lanes: () => [...slots.values()].flatMap(({ lane }) => (lane === undefined ? [] : [lane])),
    async [Symbol.asyncDispose]() {
      for (const { opened } of slots.values()) {
        const result = await opened;
        if (isLane(result)) await result[Symbol.asyncDispose]();
      }
      slots.clear();
    },
  };
}

export function isLane(result: Lane | ModelTrouble): result is Lane {
  return 'detector' in result;
}

function troubleOf(error: unknown): ModelTrouble {
  const fault = error instanceof FaultError ? error : new FaultError('internal', (error as Error).message);
  return { code: faultCodeOf(fault), message: fault.message, cure: fault.cure };
}
