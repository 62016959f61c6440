/** What is wrong with, or worth knowing of, the pictures of a camera whose stream is well. */
import Type, { type Static } from 'typebox';
import { TimeMs } from './id.ts';

export const FINDINGS = ['black', 'white', 'covered', 'blurred', 'frozen', 'moved', 'infra-red', 'noisy'] as const;
export type FindingName = (typeof FINDINGS)[number];

/** `infra-red` and `noisy` are only told; the others make the camera degraded. */
export const PictureFinding = Type.Object({
  finding: Type.Enum(FINDINGS),
  score: Type.Number({ minimum: 0, maximum: 1, description: '1: without any doubt' }),
  threshold: Type.Number({ description: 'The score from which it is raised' }),
  sinceMs: TimeMs,
  isBlind: Type.Boolean({ description: 'Nothing can be seen: the time does not count as watched' }),
  hasProof: Type.Boolean({ description: 'The worker keeps the picture at which it was raised' }),
});
export type PictureFinding = Static<typeof PictureFinding>;
