/** A process that blurs one clip and ends: an order on its standard input, the answer on its standard output; no disk. */
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { AV_LOG_FATAL } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { encodeBundle } from '#models/wire/evidence.ts';
import { readOrder } from './order.ts';
import { renderClip } from './render.ts';

/** Whoever looks at live pictures comes first; at the lowest priority a busy machine would never come to it. */
const LOWER_PRIORITY = 10;

async function main(): Promise<void> {
  setPriority(LOWER_PRIORITY);
  // What is written to the standard error is why it failed.
  Log.setLevel(AV_LOG_FATAL);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const { about, parts } = readOrder(Buffer.concat(chunks));
  const answer = await renderClip(about, parts.clip ?? Buffer.alloc(0));
  if (!process.stdout.write(encodeBundle(answer.about, answer.parts))) await once(process.stdout, 'drain');
}

// The worker is gone: nobody waits for the answer.
process.stdout.on('error', () => process.exit(1));

if (import.meta.main) {
  try {
    await main();
    process.stdout.end(() => process.exit(0));
  } catch (error) {
    process.stderr.write((error as Error).message);
    process.exitCode = 1;
  }
}
