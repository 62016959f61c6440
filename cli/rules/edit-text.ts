/** Lets a person change a text in an editor of their choice. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';

/** Throws FaultError `invalid-value` where there is no editor or it ends with an error. */
export async function editText(text: string, name: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const editor = env.VISUAL ?? env.EDITOR;
  if (editor === undefined || editor === '') {
    throw new FaultError('invalid-value', 'neither VISUAL nor EDITOR names an editor', {
      cure: 'Set one of them, or write ./sharp-eyes rule show ID > rule.yaml, change it, and rule add --replace it.',
    });
  }
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-rule-'));
  try {
    const path = resolve(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    // The variable may hold arguments: EDITOR="code --wait".
    const child = spawn('sh', ['-c', `${editor} "$1"`, 'editor', path], { stdio: 'inherit' });
    const code = await new Promise<number | null>((done) => child.once('close', done));
    if (code !== 0) throw new FaultError('invalid-value', `${editor} ended with ${code}; nothing was written`);
    return readFileSync(path, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
