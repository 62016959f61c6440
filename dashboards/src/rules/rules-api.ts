/** What the page of rules asks the API. */
import type { Quiet, RuleDraft } from '#models/schema/rule.ts';
import type { RuleTry, RuleTryQuestion } from '#models/schema/rule-try.ts';
import type { RuleView } from '#models/schema/rule-view.ts';
import { apiUrl, json, request } from '../api-client.ts';

type Signal = { signal?: AbortSignal };

const sending = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const ifMatch = (revision: number) => ({ 'if-match': `"${revision}"` });

export const rulesApi = {
  readRules: (options: Signal = {}) => json<{ rules: RuleView[] }>(apiUrl('rules'), options),
  create: (draft: RuleDraft) => json<RuleView>(apiUrl('rules'), sending('POST', draft)),
  change: (draft: RuleDraft, revision: number) =>
    json<RuleView>(apiUrl(`rules/${draft.id}`), sending('PUT', draft, ifMatch(revision))),
  remove: async (id: string, revision: number) =>
    void (await request(apiUrl(`rules/${id}`), { method: 'DELETE', headers: ifMatch(revision) })),
  readQuiets: async (options: Signal = {}) => (await json<{ quiets: Quiet[] }>(apiUrl('quiets'), options)).quiets,
  endQuiet: async (id: string) => void (await request(apiUrl(`quiets/${id}`), { method: 'DELETE' })),
  /** Reads the answer line by line until the result; aborting ends the try at the engine as well. */
  tryRule: async (
    question: RuleTryQuestion,
    { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number) => void },
  ): Promise<RuleTry> => {
    const response = await request(apiUrl('rule-tries'), { ...sending('POST', question), signal });
    if (response.body === null) throw new Error('the answer has no body');
    for await (const line of linesOf(response.body)) {
      const said = JSON.parse(line) as { progress?: number; result?: RuleTry; problem?: { detail: string } };
      if (said.progress !== undefined) onProgress(said.progress);
      if (said.problem !== undefined) throw new Error(said.problem.detail);
      if (said.result !== undefined) return said.result;
    }
    throw new Error('the answer ended before its result');
  },
};

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let kept = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (kept + value).split('\n');
    kept = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  if (kept !== '') yield kept;
}

/** What is not a person's to change. */
const KEPT: readonly string[] = [
  'version',
  'updatedAtMs',
  'updatedBy',
  'revision',
  'state',
  'precision',
] satisfies (keyof RuleView)[];

export function draftOf(view: RuleView): RuleDraft {
  return Object.fromEntries(Object.entries(view).filter(([name]) => !KEPT.includes(name))) as RuleDraft;
}
