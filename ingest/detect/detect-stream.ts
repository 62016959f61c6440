/** The body of `./sharp-eyes detect`: a file or a camera in, one line of detections per sampled frame out. */
import { readFile } from 'node:fs/promises';
import { readSource } from '#ingest/read/read-source.ts';
import type { Frame } from '#ingest/sight.ts';
import { createTracker, lowScoreMin } from '#ingest/track/tracker.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { openDetector } from '#models/detectors/open.ts';
import { checker } from '#models/schema/check.ts';
import type { Box, Detection } from '#models/schema/detection.ts';
import type { ExecutionProvider, ModelRuntime } from '#models/schema/execution-provider.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Kind } from '#models/schema/kind.ts';
import { PictureRings } from '#models/schema/mask.ts';
import type { Config } from '#system/config.ts';
import { type AnnotatedVideo, openAnnotatedVideo } from './annotated-video.ts';
import { sourceOf } from './source.ts';

export type DetectOptions = {
  /** Any file that FFmpeg reads, pictures too, or rtsp://… */
  url: string;
  config: Pick<Config, 'model' | 'modelsDir' | 'materialDir'>;
  /** A name of the catalog or a path; absent: the configured one, else the first that is there. */
  model?: string | undefined;
  /** Frames per second of the stream's time; absent: every one. */
  fps?: number | undefined;
  /** Absent: the model's own. */
  scoreMin?: number | undefined;
  /** What to run the model on, the first that serves; absent: the CPU. */
  providers?: readonly ExecutionProvider[] | undefined;
  /** Told once, before the first line. */
  onOpened?: (model: string, runtime: ModelRuntime) => void;
  /** A JSON file with rings of [x, y]: blanked before anything looks, and in what is written. */
  mask?: string | undefined;
  /** Where to write an MP4 with the detections drawn. */
  annotate?: string | undefined;
  user?: string | undefined;
  password?: string | undefined;
  passwordFile?: string | undefined;
  transport?: 'tcp' | 'udp' | undefined;
  signal: AbortSignal;
};

/** `track` is the id of the confirmed track that the detection belongs to, null where there is none (yet). */
export type DetectLine = {
  t: number;
  seq: number;
  detections: { kind: Kind; score: number; box: Box; track: string | null }[];
};

/**
 * Every detection of `scoreMin` and above stands in its line, tracked or not, with the detector's own kind: what is
 * judged against a truth is what the detector said. Nothing of a file is left out; a camera's frames that come faster
 * than they are looked at are. An abort ends it, with the video finished. Throws FaultError.
 */
export async function* detectStream(options: DetectOptions): AsyncGenerator<DetectLine> {
  const { url, config, signal, annotate } = options;
  checkNumbers(options);
  const { source, password } = sourceOf(url, { ...options, password: await passwordOf(options) });
  const found = resolveModel({ ...config, name: options.model ?? config.model });
  const { providers } = options;
  await using detector = await openDetector({ ...found, ...(providers === undefined ? {} : { providers }) });
  options.onOpened?.(detector.manifest.name, detector.runtime);
  const scoreMin = options.scoreMin ?? detector.manifest.scoreMin;
  const tracker = createTracker({ scoreMin });
  await using video = annotate === undefined ? undefined : await openAnnotatedVideo(annotate);
  const privacyMasks = options.mask === undefined ? undefined : await masksOf(options.mask);
  const reading = { signal, password, sampleFps: options.fps, isGated: false, privacyMasks };
  for await (const sight of readSource(source, reading)) {
    if (sight.type !== 'frame') continue;
    using frame = sight.frame;
    if (frame.isOvertaken?.() === true) {
      frame.letGo?.();
      continue;
    }
    frame.begin();
    const [all = []] = await detector.detect([frame.av], { scoreMin: lowScoreMin(scoreMin) });
    const tracked = tracker.update(all, { atMs: frame.t * 1000 });
    const trackOf = new Map(tracked.map(({ box, track }) => [box, track]));
    const detections = all.filter(({ score }) => score >= scoreMin);
    await show(video, frame, detections);
    yield lineOf(frame, detections, trackOf);
  }
}

async function show(video: AnnotatedVideo | undefined, frame: Frame, detections: readonly Detection[]): Promise<void> {
  await video?.write(frame.av, { t: frame.t, detections });
}

function lineOf(frame: Frame, detections: readonly Detection[], trackOf: ReadonlyMap<Box, string>): DetectLine {
  return {
    t: round(frame.t, 3),
    seq: frame.sequence,
    detections: detections.map(({ kind, score, box }) => ({
      kind,
      score: round(score, 4),
      box: box.map((value) => round(value, 5)) as Box,
      track: trackOf.get(box) ?? null,
    })),
  };
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

function checkNumbers({ fps, scoreMin }: DetectOptions): void {
  if (fps !== undefined && !(fps > 0)) {
    throw new FaultError('invalid-value', `--fps expects a number above 0, got ${fps}`);
  }
  if (scoreMin !== undefined && !(scoreMin >= 0 && scoreMin <= 1)) {
    throw new FaultError('invalid-value', `--score-min expects a number from 0 to 1, got ${scoreMin}`);
  }
}

const checkMasks = checker('the mask', PictureRings);

async function masksOf(path: string): Promise<PictureRings> {
  try {
    return checkMasks(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new FaultError('invalid-value', `--mask ${path}: ${(cause as Error).message}`, {
      cause,
      cure: 'Write rings of fractions of the picture: [[[0, 0], [0.5, 0], [0.5, 1]]].',
    });
  }
}

async function passwordOf({ password, passwordFile }: DetectOptions): Promise<string | undefined> {
  if (password !== undefined || passwordFile === undefined) return password;
  try {
    return (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new FaultError('file-missing', `the password file ${passwordFile} cannot be read`, {
      cause: error,
      about: { path: passwordFile },
      cure: 'Correct the path, and see that you may read the file.',
    });
  }
}
