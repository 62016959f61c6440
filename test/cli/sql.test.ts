import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMeta, statementOf } from '#cli/sql-prompt.ts';
import { configEnvironment, ROOT_DIR } from '#system/config.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { startStore } from '#test/site/store.ts';
import { runCli } from './run-cli.ts';

describe('a line of the prompt', () => {
  it('describes tables and columns, changes the format, helps, and ends', () => {
    expect(readMeta('\\d')).toMatchObject({ query: expect.stringContaining('system.tables') });
    expect(readMeta('\\d looks;')).toMatchObject({ query: expect.stringContaining("table = 'looks'") });
    expect(readMeta('\\format Vertical')).toEqual({ format: 'Vertical' });
    expect(readMeta('\\q')).toEqual({ isOver: true });
    expect(readMeta("\\d x' OR 1")).toMatchObject({ say: expect.stringContaining('\\d NAME') });
  });

  it('is a statement once it ends with a semicolon', () => {
    expect(statementOf(['SELECT 1,'])).toBeUndefined();
    expect(statementOf(['SELECT 1,', '  2; '])).toBe('SELECT 1,\n  2');
  });
});

describe('./sharp-eyes sql', () => {
  let api: ApiSite;
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-sql-'));
  beforeAll(async () => {
    api = await startApi();
    await startStore(api.site);
    await api.site.children.start({
      name: 'analytics',
      command: process.execPath,
      args: [resolve(ROOT_DIR, 'analytics/main.ts')],
      env: api.site.env,
    });
  });
  afterAll(async () => {
    await api?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What somebody types, line by line, until Ctrl-D. */
  async function type(lines: string): Promise<string> {
    const child = spawn(process.execPath, [resolve(ROOT_DIR, 'cli/main.ts'), 'sql', '--format', 'TSV'], {
      env: { ...process.env, ...configEnvironment(api.config), SHARP_EYES_URL: api.url },
      timeout: 60_000,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
    child.stdin.end(lines);
    await new Promise((done) => child.once('close', done));
    return text;
  }

  it('answers a statement of several lines, goes on after an error, and keeps what was asked', async () => {
    const text = await type('SELECT 40\n  + 2;\nSELECT nothing_such;\n\\d visits\nDROP TABLE looks;\nSELECT 7 * 11;\n');
    expect(text).toContain('42');
    expect(text).toContain('nothing_such');
    expect(text).toContain('argMin(lon, captured_at)');
    expect(text).toMatch(/DROP is refused: this account only reads/);
    expect(text).toContain('77');
  });

  it('writes a Parquet file that DuckDB reads, and no second one over it', async () => {
    const out = resolve(folder, 'numbers.parquet');
    const query = "SELECT number AS n, 'gate' AS camera, now64(3) AS at FROM numbers(1000)";
    expect(await runCli(api, ['sql', '--format', 'Parquet', '--out', out, query])).toMatchObject({ code: 0, out: '' });
    const duck = await (await DuckDBInstance.create()).connect();
    const reader = await duck.runAndReadAll(`SELECT sum(n)::INTEGER AS s, any_value(camera) AS c FROM '${out}'`);
    expect(reader.getRows()).toEqual([[499_500, 'gate']]);
    duck.closeSync();
    const before = readFileSync(out);
    expect(await runCli(api, ['sql', '--out', out, 'SELECT 1'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('already'),
    });
    expect(readFileSync(out).equals(before)).toBe(true);
  });

  it('leaves no file where the question is wrong', async () => {
    const out = resolve(folder, 'wrong.csv');
    expect((await runCli(api, ['sql', '--out', out, 'SELECT nothing_such'])).code).toBe(1);
    expect(existsSync(out)).toBe(false);
  });
});
