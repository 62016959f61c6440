/** How well a detector finds what is in labelled pictures, per kind and size, and how long it takes. */
import type { Box } from '../../schema/detection.ts';
import { KINDS, type Kind } from '../../schema/kind.ts';
import type { Detector } from '../detector.ts';
import {
  type Accuracy,
  atScore,
  bestPoint,
  judge,
  type LabelledPicture,
  type PrecisionPoint,
} from './average-precision.ts';
import type { LabelledFrame } from './labelled-frame.ts';
import { type ReliabilityBin, reliabilityOf } from './reliability.ts';

/** Longer side of a box as a share of the longer side of its picture. */
export const SIZES = { small: [0, 0.06], medium: [0.06, 0.2], large: [0.2, 2] } as const;
export type Size = keyof typeof SIZES;

export type KindReport = {
  kind: Kind;
  labels: number;
  ap50: number;
  /** Mean over overlaps of 0.5, 0.55 … 0.95. */
  ap50to95: number;
  /** Of the labels of a size alone; without any, it is not there. */
  ap50BySize: Partial<Record<Size, { labels: number; ap50: number }>>;
  /** At the threshold that was asked for. */
  chosen: PrecisionPoint;
  best: PrecisionPoint & { f1: number };
  curve: PrecisionPoint[];
  reliability: ReliabilityBin[];
};

export type Evaluation = {
  pictures: number;
  /** From a decoded picture to its detections; half of the pictures took no longer. */
  medianMs: number;
  kinds: KindReport[];
  /** Over the kinds that are labelled. */
  meanAp50: number;
  meanAp50to95: number;
};

/** Low, so that the whole curve is seen. */
const SCORE_LEAST = 0.01;
const OVERLAPS = Array.from({ length: 10 }, (_, step) => 0.5 + step * 0.05);

type Looked = {
  found: Awaited<ReturnType<Detector['detect']>>[number];
  frame: Omit<LabelledFrame, 'picture'>;
  aspect: number;
};

export async function evaluateDetector(
  detector: Detector,
  frames: AsyncIterable<LabelledFrame>,
  { scoreMin = detector.manifest.scoreMin }: { scoreMin?: number | undefined } = {},
): Promise<Evaluation> {
  const looked: Looked[] = [];
  const times: number[] = [];
  for await (const { picture, ...frame } of frames) {
    const beganMs = performance.now();
    const [found = []] = await detector.detect([picture], { scoreMin: SCORE_LEAST });
    times.push(performance.now() - beganMs);
    looked.push({ found, frame, aspect: picture.height / picture.width });
  }
  const kinds = KINDS.filter((kind) => looked.some(({ frame }) => frame.labels.some((label) => label.kind === kind)));
  const reports = kinds.map((kind) => reportKind(looked, kind, scoreMin));
  return {
    pictures: looked.length,
    medianMs: times.sort((a, b) => a - b)[times.length >> 1] ?? 0,
    kinds: reports,
    meanAp50: mean(reports.map(({ ap50 }) => ap50)),
    meanAp50to95: mean(reports.map(({ ap50to95 }) => ap50to95)),
  };
}

const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

function reportKind(looked: readonly Looked[], kind: Kind, scoreMin: number): KindReport {
  const pictures = looked.map((look) => picturesOf(look, kind));
  const at50 = judge(pictures);
  const rest = OVERLAPS.slice(1).map((iouMin) => judge(pictures, { iouMin }).averagePrecision);
  return {
    kind,
    labels: at50.labels,
    ap50: at50.averagePrecision,
    ap50to95: mean([at50.averagePrecision, ...rest]),
    ap50BySize: bySize(looked, kind),
    chosen: atScore(at50, scoreMin),
    best: bestPoint(at50),
    curve: at50.curve,
    reliability: reliabilityOf(at50.judged),
  };
}

function picturesOf({ found, frame }: Looked, kind: Kind): LabelledPicture {
  const isOf = (thing: { kind: Kind }) => thing.kind === kind;
  return { found: found.filter(isOf), labels: frame.labels.filter(isOf), regions: frame.regions };
}

/** Things of other sizes count neither way. */
function bySize(looked: readonly Looked[], kind: Kind): KindReport['ap50BySize'] {
  const report: KindReport['ap50BySize'] = {};
  for (const [size, [least, most]] of Object.entries(SIZES) as [Size, readonly [number, number]][]) {
    const accuracy: Accuracy = judge(
      looked.map((look) => {
        const { found, labels, ...rest } = picturesOf(look, kind);
        const isOther = ({ box }: { box: Box }) => {
          const longer = longerSide(box, look.aspect);
          return longer < least || longer >= most;
        };
        return {
          ...rest,
          found: found.map((each) => ({ ...each, isOptional: isOther(each) })),
          labels: labels.map((each) => ({ ...each, isIgnored: isOther(each) })),
        };
      }),
    );
    if (accuracy.labels > 0) report[size] = { labels: accuracy.labels, ap50: accuracy.averagePrecision };
  }
  return report;
}

function longerSide([, , width, height]: Box, aspect: number): number {
  return Math.max(width, height * aspect) / Math.max(1, aspect);
}
