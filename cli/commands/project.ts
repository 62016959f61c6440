/** `test` and `bench`: what proves the product, run as anyone can run it. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FaultError } from '#models/schema/fault.ts';
import { nearest, ROOT_DIR } from '#system/config.ts';

const BENCH_DIR = resolve(ROOT_DIR, 'test/bench');

export function addProjectCommands(program: Command): void {
  program
    .command('bench')
    .description('Measures throughput, latency and CPU as ratios on this machine.')
    .argument('[names...]', 'which; none: all')
    .option('--list', 'say which there are')
    .action(runBench);
  program
    .command('test')
    .description('Type check, lint and all tests.')
    .argument('[filters...]', 'only test files whose path holds one of these; skips type check and lint')
    .action(async (filters: string[]) => {
      if (filters.length === 0) {
        await run('type check', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.']);
        await run('lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']);
      }
      await run('tests', ['node_modules/vitest/vitest.mjs', 'run', ...filters]);
    });
}

async function run(title: string, args: string[]): Promise<void> {
  console.log(`— ${title}`);
  const child = spawn(process.execPath, args, { cwd: ROOT_DIR, stdio: 'inherit' });
  const code = await new Promise<number>((done) => child.once('close', (exit) => done(exit ?? 1)));
  if (code !== 0) throw new FaultError('check-failed', `${title} found something`);
}

async function runBench(names: string[], options: { list?: boolean }): Promise<void> {
  const known = existsSync(BENCH_DIR)
    ? readdirSync(BENCH_DIR, { withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => entry.name.replace(/\.ts$/, ''))
    : [];
  if (options.list === true) {
    console.log(known.join('\n'));
    return;
  }
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw new FaultError(
      'invalid-value',
      `no benchmark "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    );
  }
  for (const name of names.length === 0 ? known : names) await run(`bench ${name}`, [resolve(BENCH_DIR, `${name}.ts`)]);
}
