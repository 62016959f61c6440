/** What changed or stands out, in sentences: each group of claims asks the store for its facts, and says what they hold. */
import { CLAIM_GROUPS } from '#models/panels/sentences/all.ts';
import type { ClaimGroup, Facts, Words } from '#models/panels/sentences/claim.ts';
import { toSql } from '#models/panels/sql.ts';
import type { Sentence } from '#models/schema/dashboard.ts';
import type { Context } from '../context.ts';
import { storeFault } from '../figures/store-fault.ts';
import { askRows } from './ask-panel.ts';
import type { Gate } from './lanes.ts';
import type { Question } from './question.ts';

type Asking = { context: Pick<Context, 'reader' | 'areas' | 'cameras' | 'alerting'>; gate: Gate; signal: AbortSignal };

/** The weightiest first. */
export async function tellSentences(question: Question, asking: Asking): Promise<Sentence[]> {
  const { subject, values } = question;
  const wanted = CLAIM_GROUPS.filter(
    ({ subjects, needsBelow }) => subjects.includes(values.subject.type) && (!needsBelow || subject.below !== null),
  );
  const words = wordsOf(question, asking.context);
  const said = await Promise.all(wanted.map((group) => ask(group, { question, words, asking })));
  return said.flat().sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
}

type Group = { question: Question; words: Words; asking: Asking };

async function ask(group: ClaimGroup, { question: { values }, words, asking }: Group): Promise<Sentence[]> {
  const { context, gate, signal } = asking;
  const sql = toSql(group.sql, values);
  const { meta, data } = await gate(signal, () => askRows(context.reader, sql, signal)).catch((error) => {
    signal.throwIfAborted();
    throw storeFault(error, { isOurs: true });
  });
  const row = data[0];
  if (row === undefined) return [];
  const facts: Facts = {};
  for (const [index, { name }] of meta.entries()) {
    const value = row[index];
    // Lists are on the way to facts, not facts.
    if (typeof value === 'string' || typeof value === 'number') facts[name] = value;
  }
  return group.say(facts, words).map((one) => ({ ...one, facts, sql }));
}

function wordsOf({ values: { zone, fromMs, toMs } }: Question, { areas, cameras, alerting }: Asking['context']): Words {
  const named = { area: areas, camera: cameras, rule: alerting.rules };
  return { zone, fromMs, toMs, nameOf: (type, id) => named[type].get(id)?.name ?? id };
}
