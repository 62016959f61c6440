/** Has a device proved by an ingest worker: always the same one for the same host, as it remembers how logins went. */
import { createHash } from 'node:crypto';
import { seal } from '#models/registry/seal.ts';
import { FaultError } from '#models/schema/fault.ts';
import { type ProbeInput, type ProbeQuestion, type ProbeStep, sealOwnerOf } from '#models/schema/probe.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { askAll, type ProcessHealth } from '#system/control.ts';
import { askStream } from '#system/reply-stream.ts';
import type { Context } from '../context.ts';

/** Throws FaultError `no-worker`, `probe-busy`, or what the worker says at first. */
export async function askForProbe(
  input: ProbeInput,
  { context, signal }: { context: Pick<Context, 'broker' | 'sealKey'>; signal: AbortSignal },
): Promise<AsyncGenerator<ProbeStep>> {
  const { password, ...rest } = input;
  const host = input.host.trim();
  const sealedPassword =
    password === undefined ? {} : { sealedPassword: seal(password, context.sealKey, sealOwnerOf(host)) };
  const question: ProbeQuestion = { ...rest, host, ...sealedPassword };
  const nobody = () => new FaultError('no-worker', 'no ingest worker is there to prove a device');
  const worker = chooseWorker(await workersNow(context), host);
  if (worker === undefined) throw nobody();
  const steps = await askStream(context.broker, CONTROL.probe(worker), question, { signal, nobody });
  return steps as AsyncGenerator<ProbeStep>;
}

async function workersNow({ broker }: Pick<Context, 'broker'>): Promise<string[]> {
  const answers = (await askAll(broker.connection, CONTROL.health)) as ProcessHealth[];
  return answers.filter(({ role }) => role === 'ingest').map(({ process }) => process);
}

/** Rendezvous hashing: where a worker comes or goes, only the hosts it had or gets change hands. */
export function chooseWorker(workers: readonly string[], host: string): string | undefined {
  const plain = host
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/:\d+$/, '');
  const weight = (worker: string) => createHash('sha256').update(`${worker} ${plain}`).digest('hex');
  return workers.toSorted((a, b) => (weight(a) < weight(b) ? 1 : -1))[0];
}
