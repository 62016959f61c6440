/**
 * Says of one camera's pictures what is wrong with them. Fed about once a second with a small picture.
 *
 * States: *learning* (no reference of the view is known: what needs none is judged) → *watching* (the view is compared
 * with its references; in a light that was not seen yet one is learned for it, as long as the view is in place). A new
 * calibration leads back to *learning*. Each finding has an alarm of its own; what is in between stays as it was.
 */
import type { FaultCode } from '#models/schema/fault.ts';
import { FINDINGS, type FindingName, type PictureFinding } from '#models/schema/picture-finding.ts';
import { createAlarm } from './alarm.ts';
import { lightOf } from './light.ts';
import { blend, energyOf, type Orientation, orientationOf } from './orientation.ts';
import {
  BLIND_BLURRED,
  BLIND_LOST,
  PARTLY_COVERED_RAISE_S,
  REASONS,
  type Seen,
  scoresOf,
  TIMINGS,
  type Timings,
} from './rules.ts';
import type { SmallPicture } from './small-picture.ts';
import { type Sent, watchStillness } from './stillness.ts';
import { createViewMemory, type KeptView, type Shade, WELL_KNOWN } from './view-memory.ts';

export type DiagnosisOptions = {
  /** Pictures of one light whose mean is the reference. */
  learnPictures?: number;
  /** Whether references may be learned now; absent: always. */
  mayLearn?: () => boolean;
  timings?: Partial<Record<FindingName, Timings>>;
};

export type Diagnosis = {
  /** Returns what is raised by this picture. `atS` of a clock that only goes forward. */
  see: (picture: SmallPicture, sent: Sent) => FindingName[];
  /** `hasProof` is the caller's to say. */
  findings: () => Omit<PictureFinding, 'hasProof'>[];
  /** Why nothing can be seen: raised, or so plain in the last picture that waiting would only count lies. */
  blindReason: () => FaultCode | undefined;
  /** The view is not the calibrated one. */
  isMoved: () => boolean;
  /** undefined while nothing is learned. `version`: of the calibration, 0 where there is none. */
  reference: () => KeptView | undefined;
  /** A reference was completed since the last call. */
  takeLearned: () => boolean;
  restore: (kept: KeptView) => void;
  /** The view was calibrated anew: what it looks like now is right. */
  learnAnew: () => void;
};

/** A minute while something moves; behind a closed gate three. */
const LEARN_PICTURES = 60;
/** The mean of edges over about so long is what is compared: who passes is no longer in it. */
const RECENT_S = 5;
/** After a longer gap what was seen before it says nothing. */
const GAP_S = 30;
/** The rendered city's fog has 1.4 levels of colour, infra-red light none. */
const GREY_BELOW = 0.7;

export function createDiagnosis(options: DiagnosisOptions = {}): Diagnosis {
  const { learnPictures = LEARN_PICTURES, mayLearn = () => true } = options;
  const times = { ...TIMINGS, ...options.timings };
  const alarms = Object.fromEntries(FINDINGS.map((finding) => [finding, createAlarm()])) as Record<
    FindingName,
    ReturnType<typeof createAlarm>
  >;
  const since = new Map<FindingName, number>();
  const memory = createViewMemory({ learnPictures });
  const stillness = watchStillness();
  let recent: { field: Orientation; atS: number } | undefined;
  let hopeless: 'black' | 'white' | undefined;
  let hasLearned = false;

  function average(field: Orientation, atS: number): Orientation {
    const gapS = recent === undefined ? Number.POSITIVE_INFINITY : atS - recent.atS;
    if (recent === undefined || gapS > GAP_S || gapS < 0 || recent.field.along.length !== field.along.length) {
      recent = { field: { ...field, along: field.along.slice(), across: field.across.slice() }, atS };
    } else {
      blend(recent.field, field, 1 - Math.exp(-gapS / RECENT_S));
      recent.atS = atS;
    }
    return recent.field;
  }

  function learn(field: Orientation, shade: Shade, { match }: Seen): void {
    const isFirst = match === undefined;
    const isTroubled = UNLEARNED.some((finding) => alarms[finding].isRaised() || alarms[finding].isDoubtful());
    // In another light a view is at least this much like itself; less may be another view.
    const isInPlace = isFirst || (match.likeness >= CROSS_LIGHT_MIN && match.likeness < WELL_KNOWN);
    if (isTroubled || !isInPlace) memory.stopLearning();
    else hasLearned = memory.learn(field, shade) || hasLearned;
  }

  return {
    see(picture, sent) {
      const { atS } = sent;
      const light = lightOf(picture);
      const shade = { brightness: light.median, isGrey: light.colour < GREY_BELOW };
      const field = orientationOf(picture);
      const now = average(field, atS);
      const structure = energyOf(now) / now.along.length;
      const match = memory.match(now, shade, { atS });
      const seen = { light, stillness: stillness.see(picture, sent), match, structure };
      const scores = scoresOf(seen);
      hopeless = (['black', 'white'] as const).find(
        (name) => (scores[name]?.score ?? 0) >= (scores[name]?.threshold ?? 1),
      );
      const raised: FindingName[] = [];
      for (const finding of FINDINGS) {
        const alarm = alarms[finding];
        const was = alarm.isRaised();
        const { raiseS, clearS } = times[finding];
        const isPartly = finding === 'covered' && (scores.covered?.score ?? 0) < BLIND_LOST;
        const isRaised = alarm.judge(scores[finding], {
          atS,
          raiseS: isPartly ? Math.max(raiseS, PARTLY_COVERED_RAISE_S) : raiseS,
          clearS,
        });
        if (isRaised && !was) {
          raised.push(finding);
          since.set(finding, Date.now());
        }
      }
      if (hopeless !== undefined || !mayLearn()) memory.stopLearning();
      else learn(field, shade, seen);
      return raised;
    },
    findings: () =>
      FINDINGS.filter((finding) => alarms[finding].isRaised()).map((finding) => {
        const { score, threshold } = alarms[finding].last()!;
        const isBlind = isBlinding(finding, score);
        return { finding, score: Math.round(score * 100) / 100, threshold, sinceMs: since.get(finding)!, isBlind };
      }),
    blindReason() {
      if (hopeless !== undefined) return REASONS[hopeless];
      return BLINDING.flatMap((finding) =>
        alarms[finding].isRaised() && isBlinding(finding, alarms[finding].last()!.score) ? [REASONS[finding]] : [],
      )[0];
    },
    isMoved: () => alarms.moved.isRaised(),
    reference: memory.snapshot,
    takeLearned() {
      const taken = hasLearned;
      hasLearned = false;
      return taken;
    },
    restore: memory.restore,
    learnAnew() {
      memory.forget();
      for (const finding of ['moved', 'covered'] as const) alarms[finding].reset();
    },
  };
}

/** In the order in which one of them is the reason. */
const BLINDING = ['black', 'white', 'covered', 'frozen', 'blurred'] as const satisfies (keyof typeof REASONS)[];

const UNLEARNED = ['covered', 'blurred', 'frozen', 'moved'] as const;
const CROSS_LIGHT_MIN = 0.2;

function isBlinding(finding: FindingName, score: number): boolean {
  if (finding === 'covered') return score >= BLIND_LOST;
  if (finding === 'blurred') return score >= BLIND_BLURRED;
  return finding === 'black' || finding === 'white' || finding === 'frozen';
}
