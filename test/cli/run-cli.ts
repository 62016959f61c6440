/** Runs the command line as a program against an API of a test. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { configEnvironment, ROOT_DIR } from '#system/config.ts';
import type { ApiSite } from '#test/api/api-site.ts';

export type CliAnswer = { code: number | null; out: string; err: string };

const TIMEOUT_MS = 120_000;

/** As the site's administrator, unless `env` brings another token. */
export async function runCli(
  api: Pick<ApiSite, 'config' | 'url'>,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<CliAnswer> {
  const child = spawn(process.execPath, [resolve(ROOT_DIR, 'cli/main.ts'), ...args], {
    env: { ...process.env, ...configEnvironment(api.config), SHARP_EYES_URL: api.url, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  });
  const answer: CliAnswer = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    answer.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    answer.err += chunk.toString();
  });
  answer.code = await new Promise<number | null>((done) => child.once('close', done));
  return answer;
}
