/** `rule try`: what the rules of a file would have done over what was seen, before one is switched on. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { FaultError, isFaultCode } from '#models/schema/fault.ts';
import type { RuleTry, RuleTryLine, RuleTryQuestion } from '#models/schema/rule-try.ts';
import { loadConfig } from '#system/config.ts';
import { type ApiClient, openApi } from '../api-client.ts';
import { readDurationMs } from '../rules/duration.ts';
import { type ReadRule, readRuleFile } from '../rules/read-rules.ts';
import { tryText } from '../rules/try-text.ts';

type Options = { last: number; until?: string; against?: string; atMost?: number; rule?: string; json?: boolean };

const TRY_MAX_MS = 16 * 60_000;

export function addTryCommand(rule: Command): void {
  rule
    .command('try')
    .description('How many alerts a day a rule would have raised, when, and by which tracks; nothing is switched on.')
    .argument('<file>', 'YAML with one rule, or with many of which --rule names one')
    .option('--rule <id>', 'which rule of the file')
    .option('--last <duration>', 'over the last 24h, 7d, 30d', readDurationMs, 7 * 86_400_000)
    .option('--until <time>', 'the end of that time, ISO 8601; absent: now')
    .option('--against <file>', 'another version, tried over the same time and compared')
    .option('--at-most <number/day>', 'proposes a limit for no more alerts a day: 3/day', readPerDay)
    .option('--json', 'machine-readable, with the tracks')
    .action(async (file: string, options: Options) => {
      const question = questionOf(file, options, Date.now());
      const api = openApi(loadConfig());
      const result = await ask(api, question, (share) => tellProgress(share, options));
      if (options.json === true) console.log(JSON.stringify(result, null, 2));
      else console.log(tryText(question, result));
    });
}

function readPerDay(text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)(?:\/day)?$/.exec(text.trim()) ?? [];
  if (Number(number) > 0) return Number(number);
  throw new InvalidArgumentError(`"${text}" is no number a day: 3/day`);
}

function questionOf(file: string, { last, until, against, atMost, rule }: Options, nowMs: number): RuleTryQuestion {
  const toMs = until === undefined ? nowMs : Date.parse(until);
  if (Number.isNaN(toMs)) throw new FaultError('invalid-value', `--until: "${until}" is no time`);
  return {
    rule: chosen(readRuleFile(file), { file, rule }).draft,
    ...(against === undefined ? {} : { against: chosen(readRuleFile(against), { file: against, rule }).draft }),
    ...{ fromMs: Math.max(0, toMs - last), toMs },
    ...(atMost === undefined ? {} : { atMostPerDay: atMost }),
  };
}

function chosen(read: readonly ReadRule[], { file, rule }: { file: string; rule: string | undefined }): ReadRule {
  const found = rule === undefined && read.length === 1 ? read[0] : read.find(({ draft }) => draft.id === rule);
  if (found !== undefined) return found;
  const ids = read.map(({ draft }) => draft.id).join(', ');
  throw new FaultError('invalid-value', `${file} holds ${ids}: name one of them with --rule`);
}

async function ask(api: ApiClient, question: RuleTryQuestion, onProgress: (share: number) => void): Promise<RuleTry> {
  const response = await api.requestWithin(TRY_MAX_MS, 'POST', '/rule-tries', question);
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((one) => one !== '')) {
      const told = JSON.parse(line) as RuleTryLine;
      if ('progress' in told) onProgress(told.progress);
      if ('result' in told) return told.result;
      if ('problem' in told) {
        const { code, detail, cure } = told.problem;
        throw new FaultError(isFaultCode(code) ? code : 'internal', detail, cure === undefined ? {} : { cure });
      }
    }
  }
  throw new FaultError('rule-try-failed', 'the answer broke off');
}

/** On a terminal, in place. */
function tellProgress(share: number, { json }: Options): void {
  if (json !== true && process.stderr.isTTY) process.stderr.write(`\r${Math.round(share * 100)} % `);
}
