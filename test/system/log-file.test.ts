import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogFile } from '#system/log-file.ts';

describe('a log file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-log-'));
    path = resolve(folder, 'a.log');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (log: Writable, text: string) => new Promise<void>((done) => void log.write(text, () => done()));
  const end = async (log: Writable) => {
    log.end();
    await finished(log);
  };

  it('goes on where it was, and keeps one before it when it is full', async () => {
    for (const line of ['one\n', 'two\n', 'three\n']) {
      const log = openLogFile(path, { bytesMax: 10 });
      await write(log, line);
      await end(log);
    }
    expect([readFileSync(`${path}.1`, 'utf8'), readFileSync(path, 'utf8')]).toEqual(['one\ntwo\n', 'three\n']);
  });

  it('loses what cannot be written, goes on, and says how much it was', async () => {
    mkdirSync(path);
    const log = openLogFile(path);
    await write(log, '12345\n');
    await write(log, '67\n');
    rmdirSync(path);
    await write(log, 'after\n');
    await end(log);
    const [, lost, after] = readFileSync(path, 'utf8').split('\n');
    expect(JSON.parse(lost ?? '')).toMatchObject({ level: 'warn', lostBytes: 9 });
    expect(after).toBe('after');
  });

  it('on a full disk ends nobody', async () => {
    const log = openLogFile('/dev/full');
    await write(log, 'nobody reads this\n');
    await end(log);
    expect(log.errored).toBeNull();
  });
});
