/** The process that makes variants, so that the one that plays stays small: jobs come by IPC, one after the other. */
import { setPriority } from 'node:os';
import { type Job, transcode } from './transcode.ts';

export type JobAnswer = { to: string; error?: string };

if (import.meta.main) {
  setPriority(Number(process.argv[2] ?? 0));
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
