/** A detector: frames in, detections out. One per worker process, long-lived; it runs on the thread that calls it. */
import type { Frame as AvFrame } from 'node-av/lib';
import type { Detection } from '../schema/detection.ts';
import type { ModelRuntime } from '../schema/execution-provider.ts';
import type { ModelManifest } from '../schema/model-manifest.ts';

export type Detector = AsyncDisposable & {
  manifest: ModelManifest;
  /** What it runs on, and what was asked for. */
  runtime: ModelRuntime;
  /** Most frames that one call takes; more throw. */
  maxBatch: number;
  /**
   * Decoded pictures of any size and pixel format (not disposed here) → per picture its detections, best score first,
   * boxes as fractions of that picture, overlapping boxes of a kind merged.
   */
  detect: (frames: readonly AvFrame[], options?: { scoreMin?: number }) => Promise<Detection[][]>;
};
