/** The process that makes variants, so that the one that plays stays small: jobs come by IPC, one after the other. */
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { type Job, transcode } from './transcode.ts';

/** It leads a session of its own, which has a priority beside that of its threads where Linux shares out by sessions. */
function giveWay(nice: number): void {
  setPriority(nice);
  try {
    if (nice > 0) writeFileSync('/proc/self/autogroup', String(nice));
  } catch {
    // Another system, or a Linux that does not.
  }
}

export type JobAnswer = { to: string; error?: string };

if (import.meta.main) {
  giveWay(Number(process.argv[2] ?? 0));
  let last: Promise<void> = Promise.resolve();
  process.on('message', (job: Job) => {
    last = last.then(async () => {
      const error = await transcode(job).then(
        () => undefined,
        (reason: Error) => reason.message,
      );
      process.send?.({ to: job.to, ...(error === undefined ? {} : { error }) } satisfies JobAnswer);
    });
  });
  process.once('disconnect', () => process.exit());
}
