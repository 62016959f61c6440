/** Passwords come from a file or the environment, never from the command line, where everyone could read them. */
import { readFileSync } from 'node:fs';
import { FaultError } from '#models/schema/fault.ts';

/** The file's text without its last line end; without a file, SHARP_EYES_PASSWORD. */
export function readPassword(path: string | undefined): string | undefined {
  if (path === undefined) return process.env.SHARP_EYES_PASSWORD;
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new FaultError('file-missing', `the password file ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}
