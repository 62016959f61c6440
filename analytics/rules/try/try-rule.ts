/** A rule tried over what was seen: one pass for it and what it is compared with, two more where a limit is wanted. */
import type { ClickHouseClient } from '@clickhouse/client';
import { FaultError } from '#models/schema/fault.ts';
import type { Rule, RuleDraft } from '#models/schema/rule.ts';
import type { RuleTry, RuleTryQuestion, TriedRule } from '#models/schema/rule-try.ts';
import type { Normals } from '../normal-now.ts';
import { compare } from './compare.ts';
import { type Feeder, openFeeder, type Told } from './feeder.ts';
import { type Limit, limitOf, valuesBetween } from './limit.ts';
import { readSpans } from './read-looks.ts';
import { readWords } from './read-words.ts';
import { startRun, type TryRun, type Variant } from './run.ts';
import { readSamples } from './samples.ts';
import { readWanted } from './wanted.ts';
import { camerasOf, type TryWorld, versionOf } from './world.ts';

export type TryParts = {
  client: ClickHouseClient;
  world: TryWorld;
  zone: string;
  normals?: Normals | undefined;
  signal: AbortSignal;
  onProgress: (done: number) => void;
};

/** Before the period the engine gets to know what stands where. */
const WARM_MS = 600_000;
const VALUES = 8;
const PASSES = 2;
const DAY_MS = 86_400_000;

/** `watched`: cameras of which is told how long they watched. */
type Pass = { drafts: readonly { draft: RuleDraft; id: string }[]; watched?: readonly string[] };
type Fed = Told & { run: TryRun };

export async function tryRule(question: RuleTryQuestion, parts: TryParts): Promise<RuleTry> {
  const began = performance.now();
  const { rule, against, fromMs, toMs, atMostPerDay } = question;
  const cameras = camerasOf(rule.where, parts.world);
  if (cameras.length === 0) throw new FaultError('rule-camera-unknown', 'none of its cameras is registered');
  const passes = atMostPerDay === undefined ? 1 : 1 + PASSES;
  let done = 0;
  const feed = async (pass: Pass) => {
    const onProgress = (share: number) => parts.onProgress((done + share) / passes);
    const fed = await runPass(pass, question, { ...parts, onProgress });
    done++;
    return fed;
  };
  const drafts = [
    { draft: rule, id: rule.id },
    ...(against === undefined ? [] : [{ draft: against, id: otherId(rule, against) }]),
  ];
  const { run, looks, sightings, watched } = await feed({ drafts, watched: cameras });
  const [own, other] = run.variants as [Variant, Variant | undefined];
  const proposal =
    atMostPerDay === undefined
      ? null
      : await propose(rule, { own, atMostPerDay, days: (toMs - fromMs) / DAY_MS, feed });
  const tried = await triedOf(own, question, parts);
  const triedOther = other === undefined ? null : await triedOf(other, question, parts);
  const wantedS = ((toMs - fromMs) / 1000) * cameras.length;
  return {
    ...{ fromMs, toMs, zone: parts.zone, tried, against: triedOther },
    differences: other === undefined ? null : compare(own.tally, other.tally),
    ...{ proposal, looks, sightings, wantedS },
    observedS: watched.reduce((sum, { watchedShare }) => sum + (watchedShare * (toMs - fromMs)) / 1000, 0),
    watched,
    tookMs: Math.round(performance.now() - began),
  };
}

/** In one engine ids differ. */
const otherId = (rule: RuleDraft, against: RuleDraft) => (against.id === rule.id ? `${rule.id}-against` : against.id);

async function runPass({ drafts, watched = [] }: Pass, question: RuleTryQuestion, parts: TryParts): Promise<Fed> {
  const { client, world, zone, normals, signal, onProgress } = parts;
  const { fromMs, toMs } = question;
  const rules = drafts.map(({ draft, id }): Rule => {
    return { ...draft, id, isEnabled: true, version: versionOf(draft, world), updatedAtMs: 0, updatedBy: 'try' };
  });
  const cameras = [...new Set(drafts.flatMap(({ draft }) => camerasOf(draft.where, world)))].sort();
  const run = startRun({ rules, world, zone, fromMs, normals });
  const span = { cameras, fromMs: Math.max(0, fromMs - WARM_MS), toMs };
  const [words, wanted] = await Promise.all([
    readWords(client, span, { rules, signal }),
    readWanted(client, rules, { ...span, signal }),
  ]);
  const asked = { ...span, wanted };
  const feeding = { run, rules, world, zone, normals, words, watched, period: { fromMs, toMs }, signal };
  let feeder: Feeder | undefined;
  try {
    for await (const one of readSpans(client, asked, { signal })) {
      feeder ??= await openFeeder(client, { first: one, asked }, feeding);
      await feeder.take(one);
      onProgress(Math.max(0, one.toMs - fromMs) / (toMs - fromMs));
    }
    signal.throwIfAborted();
    return { run, ...((await feeder?.told()) ?? { looks: 0, sightings: 0, watched: [] }) };
  } finally {
    await feeder?.[Symbol.asyncDispose]();
  }
}

type Proposing = {
  own: Variant;
  atMostPerDay: number;
  days: number;
  feed: (pass: Pass) => Promise<Fed>;
};
type Counted = { value: number; alerts: number; held: number };

/** Many values at once, first over the whole range, then between the last that is too loud and the first that is not. */
async function propose(rule: RuleDraft, { own, atMostPerDay, days, feed }: Proposing): Promise<RuleTry['proposal']> {
  const limit = limitOf(rule);
  const isEnough = ({ alerts }: Pick<Counted, 'alerts'>) => alerts / days <= atMostPerDay;
  const counted: Counted[] = [{ value: limit.loosest, alerts: own.tally.alerts(), held: own.tally.held() }];
  let [loose, strict] = [limit.loosest, limit.strictest];
  for (let pass = 0; pass < PASSES && !isEnough(counted[0]!); pass++) {
    const values = valuesBetween(loose, strict, { count: VALUES, isWhole: limit.isWhole }).filter(
      (value) => !counted.some((one) => one.value === value),
    );
    if (values.length === 0) break;
    counted.push(...(await countValues(values, limit, feed)));
    const byStrictness = [...counted].sort((a, b) => strictness(limit, a.value) - strictness(limit, b.value));
    const first = byStrictness.findIndex(isEnough);
    if (first < 0) break;
    [loose, strict] = [byStrictness[first - 1]?.value ?? loose, byStrictness[first]!.value];
  }
  counted.sort((a, b) => strictness(limit, a.value) - strictness(limit, b.value));
  const found = counted.find(isEnough) ?? counted.at(-1)!;
  return {
    ...{ path: limit.field, now: limit.now, value: found.value, isEnough: isEnough(found) },
    alertsPerDay: found.alerts / days,
    perValue: counted,
  };
}

const strictness = ({ loosest, strictest }: Limit, value: number) => (strictest >= loosest ? value : -value);

async function countValues(values: readonly number[], limit: Limit, feed: Proposing['feed']): Promise<Counted[]> {
  const drafts = values.map((value, index) => {
    const draft = limit.withValue(value);
    return { draft, id: `${draft.id}-try-${index}` };
  });
  const { run } = await feed({ drafts });
  return run.variants.map(({ tally }, index) => ({
    value: values[index]!,
    alerts: tally.alerts(),
    held: tally.held(),
  }));
}

async function triedOf({ tally, outcome }: Variant, span: RuleTryQuestion, parts: TryParts): Promise<TriedRule> {
  const samples = await readSamples(parts.client, tally.samples(), { signal: parts.signal });
  return { ...tally.counts(span), samples, ...(outcome.message === undefined ? {} : { note: outcome.message }) };
}
