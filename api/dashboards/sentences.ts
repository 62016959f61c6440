/** Sentences of a dashboard. */
import type { Sentence } from '#models/schema/dashboard.ts';
import type { Context } from '../context.ts';
import type { Gate } from './lanes.ts';
import type { Question } from './question.ts';

export async function tellSentences(
  _question: Question,
  _asking: { context: Context; gate: Gate; signal: AbortSignal },
): Promise<Sentence[]> {
  return [];
}
