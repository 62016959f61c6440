/** A process of its own that tries one rule: the question comes in as a line of JSON, its answer goes out as lines. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ClickHouseClient } from '@clickhouse/client';
import { simpleParts } from '#models/registry/rule-check.ts';
import { FAULTS, faultCodeOf } from '#models/schema/fault.ts';
import type { Problem } from '#models/schema/problem.ts';
import type { RuleTryLine, RuleTryQuestion } from '#models/schema/rule-try.ts';
import { openBroker } from '#system/broker.ts';
import { type Config, loadConfig } from '#system/config.ts';
import { createLogger } from '#system/logs.ts';
import { openStoreClient } from '#system/store-client.ts';
import { readNormals } from '../normals.ts';
import { tryRule } from './try-rule.ts';
import { readWorld } from './world.ts';

const QUERY_MAX_S = 300;

const tell = (line: RuleTryLine) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function answer(question: RuleTryQuestion, config: Config, signal: AbortSignal): Promise<void> {
  const logger = createLogger('rule-try', config);
  await using broker = await openBroker(config, 'analytics', { logger, name: 'rule-try', signal });
  // As an analyst: what is tried waits behind queries of people, not the page behind it.
  const client = openStoreClient(config, 'analyst', { timeoutMs: QUERY_MAX_S * 1000, maxExecutionS: QUERY_MAX_S });
  try {
    const world = await readWorld(broker.connection);
    const onProgress = (progress: number) => void tell({ progress: Math.min(1, progress) });
    const zone = config.timeZone;
    const normals = await normalsOf(question, { client, zone, holidays: world.holidays });
    tell({ result: await tryRule(question, { client, world, zone, normals, signal, onProgress }) });
  } finally {
    await client.close();
  }
}

type NormalsParts = { client: ClickHouseClient; zone: string; holidays: ReadonlySet<string> };

/** What is normal as it is known now, also for the past: only where a rule asks. */
async function normalsOf(question: RuleTryQuestion, { client, zone, holidays }: NormalsParts) {
  const rules = [question.rule, question.against].filter((rule) => rule !== undefined);
  const isWanted = rules.some(({ when }) => simpleParts(when).some((part) => part.when.type === 'unlike-normal'));
  return isWanted ? await readNormals(client, { zone, asOfMs: Date.now(), holidays }) : undefined;
}

function problemOf(error: unknown): Problem {
  const known = faultCodeOf(error);
  const code = known === 'internal' ? 'rule-try-failed' : known;
  const { title, status, cure } = FAULTS[code];
  const { message } = error as Error;
  return { type: `urn:sharp-eyes:${code}`, title, status, detail: message, code, cure };
}

const leaving = new AbortController();
const lines = createInterface({ input: process.stdin });
// Whoever asked holds the other end: when it goes, however it goes, nobody waits for the answer.
lines.once('close', () => leaving.abort(new Error('nobody waits for it any more')));
process.once('SIGTERM', () => leaving.abort(new Error('it was ended')));
try {
  const [line] = (await once(lines, 'line')) as [string];
  await answer(JSON.parse(line) as RuleTryQuestion, loadConfig(), leaving.signal);
} catch (error) {
  if (!leaving.signal.aborted) tell({ problem: problemOf(error) });
  process.exitCode = 1;
} finally {
  lines.removeAllListeners('close');
  lines.close();
  process.stdin.destroy();
}
