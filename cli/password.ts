/** Passwords come from a file, the environment or a prompt, never from the command line, where everyone could read them. */
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

/** As above; where there is neither and somebody sits at a terminal, they are asked. Undefined without a user. */
export async function findPassword(
  { user, passwordFile }: { user?: string | undefined; passwordFile?: string | undefined },
  prompt: string,
): Promise<string | undefined> {
  const given = readPassword(passwordFile);
  if (given !== undefined || user === undefined || !process.stdin.isTTY) return given;
  return await askPassword(prompt);
}

/** Reads a line from the terminal without showing it. */
function askPassword(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(prompt);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (then: () => void) => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      then();
    };
    const onData = (text: string) => {
      for (const key of text) {
        if (key === '\r' || key === '\n' || key === '\u0004') return end(() => resolve(typed));
        if (key === '\u0003') return end(() => reject(new FaultError('invalid-value', 'no password was given')));
        if (key === '\u007f' || key === '\b') typed = [...typed].slice(0, -1).join('');
        else typed += key;
      }
    };
    stdin.on('data', onData);
  });
}
