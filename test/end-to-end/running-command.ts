/** Runs ./sharp-eyes as a person does, on free ports and a data folder of its own, and reads what it prints. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, ROOT_DIR } from '#system/config.ts';
import { until } from '#test/site/site.ts';

export type RunningCommand = {
  process: ChildProcess;
  /** Both streams, as a person sees them. */
  output: () => string;
  /** What a program reads. */
  answer: () => string;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
};

export function commandEnvironment(config: Config, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    SHARP_EYES_DATA_DIR: config.dataDir,
    SHARP_EYES_NATS_PORT: String(config.natsPort),
    SHARP_EYES_STORE_PORT: String(config.storePort),
    SHARP_EYES_API_PORT: String(config.apiPort),
    SHARP_EYES_WORKERS: '1',
    // A stop in peace is proven by its exit code, which a busy machine must not turn by its slowness.
    SHARP_EYES_STOP_TIMEOUT_S: '60',
    ...more,
  };
}

export function runCommand(args: string[], env: NodeJS.ProcessEnv): RunningCommand {
  const child = spawn(resolve(ROOT_DIR, 'sharp-eyes'), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const collect = (chunk: Buffer) => {
    text += chunk.toString();
  };
  let answer = '';
  child.stdout.on('data', (chunk: Buffer) => {
    answer += chunk.toString();
  });
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  return { process: child, output: () => text, answer: () => answer, ended };
}

/** Runs a command to its end; throws with its output when it takes longer than `timeoutMs`. */
export async function finishCommand(
  args: string[],
  env: NodeJS.ProcessEnv,
  timeoutMs = 120_000,
): Promise<{ code: number | null; output: string; answer: string }> {
  const command = runCommand(args, env);
  const timer = setTimeout(() => command.process.kill('SIGKILL'), timeoutMs);
  const code = await command.ended;
  clearTimeout(timer);
  return { code, output: command.output(), answer: command.answer() };
}

/** The one-time link that `up` and `demo` print. */
export async function waitForLink(
  command: RunningCommand,
  timeoutMs = 180_000,
): Promise<{ url: string; code: string }> {
  let link: RegExpExecArray | null = null;
  await until(
    'the sign-in link',
    () => {
      if (command.process.exitCode !== null) throw new Error(`it ended before: ${command.output()}`);
      link = /(http:\S+)\/#sign-in=(\S+)/.exec(command.output());
      return link !== null;
    },
    timeoutMs,
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${command.output()}`);
  });
  const found = link as unknown as RegExpExecArray;
  return { url: found[1] ?? '', code: found[2] ?? '' };
}

/** Processes whose command line or environment names the folder; nobody may be left when a command has ended. */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return environment.includes(`SHARP_EYES_DATA_DIR=${folder}`) && command !== '' ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}
