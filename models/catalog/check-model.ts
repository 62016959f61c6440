/** `model check`: opens a model, runs a picture through it, measures it, and draws what it found. */
import { AV_PIX_FMT_RGB24 } from 'node-av/constants';
import sharp from 'sharp';
import { drawDetections } from '../detectors/draw.ts';
import { openDetector } from '../detectors/open.ts';
import { decodePicture, ownPicture, type Picture } from '../detectors/picture.ts';
import type { Detection } from '../schema/detection.ts';
import type { ExecutionProvider, ModelRuntime } from '../schema/execution-provider.ts';
import { FaultError } from '../schema/fault.ts';
import type { ModelManifest } from '../schema/model-manifest.ts';
import { type CatalogPlaces, resolveModel } from './resolve.ts';

export type CheckOptions = CatalogPlaces & {
  /** A name of the catalog, or a path. */
  name: string;
  /** A JPEG or PNG; absent: a generated one, on which nothing should be found. */
  picture?: string | undefined;
  /** Where to write the picture with its detections drawn (.jpg, .png or .webp). */
  annotate?: string | undefined;
  scoreMin?: number | undefined;
  /** Times that it is run to be measured. */
  runs?: number;
  /** What to run it on, the first that serves; absent: the CPU. */
  providers?: readonly ExecutionProvider[] | undefined;
};

export type ModelCheck = {
  manifest: ModelManifest;
  path: string;
  runtime: ModelRuntime;
  openMs: number;
  /** From a decoded picture to its detections, with one thread: half of the runs took no longer, and 95 in 100. */
  medianMs: number;
  p95Ms: number;
  runs: number;
  picture: { path: string | null; width: number; height: number };
  detections: Detection[];
  annotated: string | null;
};

/** Throws FaultError: what `resolveModel` and `openDetector` throw, `file-missing`, `file-unreadable`, `invalid-value`. */
export async function checkModel(options: CheckOptions): Promise<ModelCheck> {
  const { manifest, path } = resolveModel(options);
  const beganMs = performance.now();
  await using detector = await openDetector({
    manifest,
    path,
    ...(options.providers === undefined ? {} : { providers: options.providers }),
  });
  const openMs = performance.now() - beganMs;
  const picture = options.picture === undefined ? generatedPicture() : await decodePicture(options.picture);
  using frame = ownPicture(picture.data, { ...sizeOf(picture), format: AV_PIX_FMT_RGB24 });
  const runs = Math.max(1, options.runs ?? 20);
  const times: number[] = [];
  let detections: Detection[] = [];
  const asked = options.scoreMin === undefined ? {} : { scoreMin: options.scoreMin };
  // The first run is not counted: the runtime makes its plans in it.
  for (let run = 0; run <= runs; run++) {
    const fromMs = performance.now();
    [detections = []] = await detector.detect([frame], asked);
    if (run > 0) times.push(performance.now() - fromMs);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] as number;
  if (options.annotate !== undefined) await writeAnnotated(options.annotate, picture, detections);
  return {
    manifest,
    path,
    runtime: detector.runtime,
    openMs,
    medianMs: at(0.5),
    p95Ms: at(0.95),
    runs,
    picture: { path: options.picture ?? null, ...sizeOf(picture) },
    detections,
    annotated: options.annotate ?? null,
  };
}

const sizeOf = ({ width, height }: Picture) => ({ width, height });

/** Slopes of light over 1280 x 720, with grain. */
function generatedPicture(): Picture {
  const [width, height] = [1280, 720];
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0; at < data.length; at++) {
    const pixel = Math.floor(at / 3);
    data[at] = ((pixel % width) / width) * 120 + (Math.floor(pixel / width) / height) * 90 + ((at * 7919) % 23);
  }
  return { data, width, height };
}

async function writeAnnotated(path: string, picture: Picture, detections: readonly Detection[]): Promise<void> {
  const { width, height } = picture;
  const data = Buffer.from(picture.data);
  drawDetections({ data, width, height, stride: width * 3 }, detections);
  try {
    await sharp(data, { raw: { width, height, channels: 3 } }).toFile(path);
  } catch (error) {
    throw new FaultError('invalid-value', `${path} cannot be written as a picture`, {
      cause: error,
      about: { path },
      cure: 'Name a .jpg or .png in a folder that exists and may be written.',
    });
  }
}
