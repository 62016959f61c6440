/** A detector: frames in, detections out. One per worker process, long-lived; it runs on the thread that calls it. */
import type { Frame as AvFrame } from 'node-av/lib';
import type { Detection } from '../schema/detection.ts';
import type { ModelRuntime } from '../schema/execution-provider.ts';
import type { ModelManifest } from '../schema/model-manifest.ts';

export type Detector = AsyncDisposable & {
  manifest: ModelManifest;
  /** What it runs on, and what was asked for. */
  runtime: ModelRuntime;
  /** Most frames that one call takes at the manifest's own size; more throw. */
  maxBatch: number;
  /** Sizes that its input may have: the manifest's own, then the larger ones. One session serves all. */
  sizes: readonly InputSize[];
  /**
   * Decoded pictures of any size and pixel format (not disposed here) → per picture its detections, best score first,
   * boxes as fractions of that picture, overlapping boxes of a kind merged. `size` is an index into `sizes`.
   */
  detect: (frames: readonly AvFrame[], options?: LookOptions) => Promise<Detection[][]>;
};

export type LookOptions = { scoreMin?: number; size?: number };

/** Pixels; `maxBatch` frames at most in one call: fewer where they are larger, so that the memory stays the same. */
export type InputSize = { width: number; height: number; maxBatch: number };

export const sizeName = ({ width, height }: { width: number; height: number }): string => `${width}x${height}`;
