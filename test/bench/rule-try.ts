/**
 * How long a rule takes that is tried over the simulated past of the city's twelve cameras: real store, the process that
 * tries, as the engine starts it. `node test/bench/rule-try.ts [days, default 30]` prints a table and a line of JSON.
 */
import { spawn } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import { TRY_PROCESS } from '#analytics/rules/try/serve.ts';
import { writeHistory } from '#demo/history/main.ts';
import { frameOf } from '#demo/world/incidents/frame.ts';
import { square } from '#demo/world/incidents/shapes.ts';
import { VIEWS, viewOf } from '#demo/world/views.ts';
import type { RuleDraft } from '#models/schema/rule.ts';
import type { RuleTry, RuleTryLine, RuleTryQuestion } from '#models/schema/rule-try.ts';
import { type Config, configEnvironment } from '#system/config.ts';
import { startPastSite } from '#test/demo/history/past-site.ts';
import { testLogger } from '#test/site/site.ts';

const MUST_REACH_S = 20;

const rule = (id: string, values: Pick<RuleDraft, 'where' | 'when'> & Partial<RuleDraft>): RuleDraft => ({
  ...{ id, name: id, isEnabled: true, severity: 'minor' },
  ...values,
});
const frame = frameOf(viewOf('crossing'));
const middle = (frame.nearM + frame.farM) / 2;
const zone = square(frame, 'picture', { left: -3, right: 3, near: middle - 3, far: middle + 3 });
const everywhere = { cameras: VIEWS.map(({ id }) => id) };

const RULES: readonly RuleDraft[] = [
  rule('zone of one camera', {
    where: { cameras: ['crossing'] },
    when: { type: 'zone', zone, event: 'entry' },
    kinds: ['person'],
  }),
  rule('crowd of one camera', {
    where: { cameras: ['square'] },
    when: { type: 'count', above: 25, forS: 30 },
    kinds: ['person'],
  }),
  rule('lorries, all cameras', { where: everywhere, when: { type: 'stopped', afterS: 300 }, kinds: ['truck'] }),
  rule('zone, all cameras', { where: everywhere, when: { type: 'zone', zone, event: 'presence', overS: 60 } }),
  rule('crowd, all cameras', { where: everywhere, when: { type: 'count', above: 25, forS: 30 }, kinds: ['person'] }),
  rule('everything, all cameras', { where: everywhere, when: { type: 'count', above: 60, forS: 30 } }),
];

async function main(days: number): Promise<void> {
  await using counting = await startPastSite();
  const { site } = counting;
  const { signal } = new AbortController();
  const wish = { config: site.config, days, untilMs: Date.now(), logger: testLogger, signal };
  const began = performance.now();
  const { range } = await writeHistory({
    ...wish,
    onPart: ({ done, of }) => console.error(`part ${done} of ${of} written`),
  });
  console.error(`written in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  console.log(
    '| rule | cameras | s | looks | sightings | alerts | held |\n| --- | --- | --- | --- | --- | --- | --- |',
  );
  const took: number[] = [];
  for (const one of RULES) {
    const { seconds, result } = await tryOne({ rule: one, fromMs: range[0], toMs: range[1] }, site.config);
    took.push(seconds);
    const { looks, sightings, tried, watched } = result;
    console.log(
      `| ${one.id} | ${watched.length} | ${seconds.toFixed(1)} | ${looks} | ${sightings} | ${tried.alerts} | ${tried.held} |`,
    );
  }
  const machine = `${cpus()[0]?.model} x${availableParallelism()}`;
  console.log(
    JSON.stringify({
      machine,
      load: loadavg()[0],
      days,
      took,
      mustReachS: MUST_REACH_S,
      isReached: days >= 30 && Math.max(...took) <= MUST_REACH_S,
    }),
  );
}

/** As `serve.ts` starts it, from the start of the process to its result. */
async function tryOne(question: RuleTryQuestion, config: Config): Promise<{ seconds: number; result: RuleTry }> {
  const began = performance.now();
  const child = spawn(process.execPath, TRY_PROCESS, {
    env: { ...process.env, ...configEnvironment(config) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.write(`${JSON.stringify(question)}\n`);
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as RuleTryLine;
    if ('problem' in line) throw new Error(line.problem.detail);
    if ('result' in line) return { seconds: (performance.now() - began) / 1000, result: line.result };
  }
  throw new Error(`${question.rule.id} gave no result`);
}

await main(Number(process.argv[2] ?? 30));
