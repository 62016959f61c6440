/** What a rule would have done on the past: the engine tries it beside its live work, and the answer streams. */
import { Readable } from 'node:stream';
import Type from 'typebox';
import { checker } from '#models/schema/check.ts';
import { FAULTS, FaultError, faultCodeOf } from '#models/schema/fault.ts';
import type { Problem } from '#models/schema/problem.ts';
import { RuleTryQuestion } from '#models/schema/rule-try.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { askStream } from '#system/reply-stream.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { openStream } from '../live/open-stream.ts';
import { principalOf } from '../rights/enforce.ts';
import { readDraft } from '../rules/check.ts';
import { checkedByHand } from './rules.ts';

const DAYS_MAX = 92;
const DAY_MS = 86_400_000;

/** The rules are checked by their own words. */
const checkFrame = checker(
  'the question',
  Type.Object(
    { ...RuleTryQuestion.properties, rule: Type.Unknown(), against: Type.Optional(Type.Unknown()) },
    { additionalProperties: false },
  ),
);

export function addRuleTryRoute(app: App, context: Context): void {
  app.post('/rule-tries', {
    config: { action: 'rule.try' },
    validatorCompiler: checkedByHand,
    schema: {
      tags: ['alerts'],
      operationId: 'tryRule',
      summary: 'What a rule would have done over a time that is stored; it need not be saved or enabled',
      description:
        'Lines of JSON: `progress` from 0 to 1, then `result`, or `problem`. Closing the connection ends the try. One is tried at a time.',
      body: RuleTryQuestion,
      produces: ['application/x-ndjson'],
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const asked = checkFrame(request.body);
      const { fromMs, toMs, atMostPerDay } = asked;
      if (toMs <= fromMs) throw new FaultError('invalid-value', 'body.toMs must be after body.fromMs');
      if (toMs - fromMs > DAYS_MAX * DAY_MS)
        throw new FaultError('invalid-value', `at most ${DAYS_MAX} days can be tried`);
      const question: RuleTryQuestion = {
        ...{ rule: readDraft(asked.rule, principal, context), fromMs, toMs },
        ...(asked.against === undefined ? {} : { against: readDraft(asked.against, principal, context) }),
        ...(atMostPerDay === undefined ? {} : { atMostPerDay }),
      };
      request.auditNote = { rule: question.rule.id, fromMs, toMs };
      const signal = openStream('tries', reply, { principal, context });
      const pieces = await askStream(context.broker, CONTROL.tryRule, question, {
        signal,
        nobody: () => new FaultError('no-rule-engine', 'no engine of rules is there to try it'),
      });
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(asLines(pieces), { objectMode: false }));
    },
  });
}

/** A line comes in pieces, since a message of the broker holds no more than a megabyte. */
async function* asLines(pieces: AsyncIterable<unknown>): AsyncGenerator<string> {
  try {
    for await (const piece of pieces as AsyncIterable<{ text: string; isEnd: boolean }>) {
      yield piece.isEnd ? `${piece.text}\n` : piece.text;
    }
  } catch (error) {
    const code = faultCodeOf(error);
    const { title, status } = FAULTS[code];
    const { message, cure = FAULTS[code].cure } = error as Error & { cure?: string };
    const problem: Problem = { type: `urn:sharp-eyes:${code}`, title, status, detail: message, code, cure };
    yield `\n${JSON.stringify({ problem })}\n`;
  }
}
