/** `camera probe`: proves a device step by step, from this machine; it changes nothing and no password is shown. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { FaultError, isFaultCode } from '#models/schema/fault.ts';
import type { ProbeStep } from '#models/schema/probe.ts';
import { probeBySite } from '../cameras/probe-by-site.ts';
import { findPassword } from '../password.ts';

export type ProbeTarget = {
  host: string;
  user?: string | undefined;
  password?: string | undefined;
  /** One that the site remembers: the site then probes. */
  login?: string | undefined;
  basic?: boolean | undefined;
  seconds?: number | undefined;
  /** Only this channel of a recorder is measured, or the first. */
  measured?: { channel: string | undefined } | undefined;
};

type Options = {
  user?: string;
  login?: string;
  passwordFile?: string;
  basic?: boolean;
  seconds: number;
  json?: boolean;
  snapshot?: string;
};

export function addProbeCommand(camera: Command): void {
  camera
    .command('probe')
    .description('Proves a device step by step: login, streams as promised and as measured, what to detect on.')
    .argument('<host>', 'host, host:port or the URL of its device service; without a port the usual ones are tried')
    .option('--user <user>', 'user of the device')
    .option('--login <id>', 'a login that the site remembers (camera login list): the site probes')
    .option('--password-file <file>', 'file with its password (or SHARP_EYES_PASSWORD; else you are asked)')
    .option('--basic', 'let the password go out readable where the device takes nothing else')
    .option('--seconds <number>', 'how long each stream is measured', readSeconds, 4)
    .option('--snapshot <file>', 'where to save what it sees, JPEG')
    .option('--json', 'one JSON object per step')
    .action(async (host: string, options: Options) => {
      const isJson = options.json === true;
      let hasFailed = false;
      let file = options.snapshot;
      const password = await findPassword(options, `password of ${options.user ?? ''} at ${host}: `);
      for await (const step of probeSteps({ host, ...options, password })) {
        hasFailed ||= step.verdict === 'wrong';
        const { jpegBase64, ...shown } = step;
        if (jpegBase64 !== undefined && file !== undefined) {
          await writeFile(file, Buffer.from(jpegBase64, 'base64'));
          file = undefined;
        }
        console.log(isJson ? JSON.stringify(shown) : stepText(step));
      }
      if (hasFailed) process.exitCode = 1;
    });
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds >= 1 && seconds <= 60) return seconds;
  throw new FaultError('invalid-value', `--seconds should be from 1 to 60, but is "${text}"`);
}

/** Ends early at an interrupt, so that the device is told. */
export async function* probeSteps(target: ProbeTarget): AsyncGenerator<ProbeStep> {
  const { login } = target;
  if (login !== undefined) return yield* probeBySite({ ...target, login });
  const { createLogins, probeDevice, readTarget } = await import('#ingest/main.ts');
  const named = readTarget(target.host);
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  try {
    yield* probeDevice({
      ...named,
      ...{ user: target.user, password: target.password, logins: createLogins(), signal: stopping.signal },
      isBasicAllowed: target.basic === true,
      ...(target.measured === undefined ? {} : { measured: target.measured }),
      ...(target.seconds === undefined ? {} : { seconds: target.seconds }),
    });
  } finally {
    process.off('SIGINT', stop);
  }
}

/** A line of its own for what to do, where something is not well. */
export function stepText({ step, verdict, message, code, cure }: ProbeStep): string {
  const told = isFaultCode(code) ? ` (${code})` : '';
  const line = `${step.padEnd(10)} ${verdict.padEnd(8)} ${message}${told}`;
  return cure === undefined ? line : `${line}\n${' '.repeat(20)}what to do: ${cure}`;
}
