import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openChain } from '#api/audit/chain.ts';
import { listAudit } from '#api/audit/list.ts';
import { verifyAudit } from '#api/audit/verify.ts';

const KEY = Buffer.alloc(32, 7);
const DAYS = ['2026-11-24', '2026-11-25', '2026-11-26'] as const;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Five lines a day. */
function fill(): void {
  using chain = openChain(folder, KEY);
  for (const day of DAYS)
    for (let index = 0; index < 5; index++)
      chain.append({ at: `${day}T0${index}:00:00Z`, action: 'live.view', user: 'ann', index }, day);
}
const pathOf = (day: string) => resolve(folder, `${day}.jsonl`);
const linesOf = (day: string) => readFileSync(pathOf(day), 'utf8').trimEnd().split('\n');
const put = (day: string, lines: readonly string[]) => writeFileSync(pathOf(day), `${lines.join('\n')}\n`);
const verify = (from?: string) => verifyAudit(folder, KEY, from);

describe('the audit log', () => {
  it('is intact as it was written, over days', async () => {
    fill();
    expect(await verify()).toEqual({ isIntact: true, lines: 15, unchained: 0, first: DAYS[0], last: DAYS[2] });
    expect(await verify(DAYS[1])).toMatchObject({ isIntact: true, lines: 10, first: DAYS[1] });
  });

  it('names a line that was changed, also when it is the very last', async () => {
    fill();
    const lines = linesOf(DAYS[1]);
    put(DAYS[1], lines.with(2, lines[2]!.replace('ann', 'bob')));
    const changed = { file: `${DAYS[1]}.jsonl`, line: 3, seq: 8, what: expect.stringMatching(/changed/) };
    expect(await verify()).toMatchObject({ isIntact: false, broken: changed });
    put(DAYS[1], lines);
    const last = linesOf(DAYS[2]);
    put(DAYS[2], last.with(4, last[4]!.replace('live.view', 'self.read')));
    expect((await verify()).broken).toMatchObject({ file: `${DAYS[2]}.jsonl`, line: 5, seq: 15 });
  });

  it('names the place of lines that were removed: in the middle, at the end, and of a whole day', async () => {
    fill();
    const lines = linesOf(DAYS[1]);
    put(DAYS[1], lines.toSpliced(1, 2));
    const missing = { file: `${DAYS[1]}.jsonl`, line: 2, what: 'lines 7 to 8 are missing before it' };
    expect((await verify()).broken).toMatchObject(missing);
    rmSync(pathOf(DAYS[1]));
    expect((await verify()).broken).toMatchObject({ file: `${DAYS[2]}.jsonl`, line: 1 });
    put(DAYS[1], lines);
    put(DAYS[2], linesOf(DAYS[2]).slice(0, 3));
    expect((await verify()).broken).toMatchObject({ line: 3, what: 'lines 14 to 15 are missing after it' });
    rmSync(pathOf(DAYS[2]));
    expect((await verify()).broken).toMatchObject({ file: `${DAYS[1]}.jsonl`, line: 5 });
  });

  it('still tells of removed last lines after others were written', async () => {
    fill();
    put(DAYS[2], linesOf(DAYS[2]).slice(0, 3));
    using chain = openChain(folder, KEY);
    chain.append({ action: 'later' }, DAYS[2]);
    expect((await verify()).broken).toMatchObject({ line: 4, what: 'lines 14 to 15 are missing before it' });
  });

  it('names lines that were swapped, put in, or written by who has no key', async () => {
    fill();
    const lines = linesOf(DAYS[0]);
    put(DAYS[0], lines.with(1, lines[2]!).with(2, lines[1]!));
    expect((await verify()).broken).toMatchObject({ file: `${DAYS[0]}.jsonl`, line: 2 });
    put(DAYS[0], lines.toSpliced(3, 0, lines[1]!));
    expect((await verify()).broken).toMatchObject({ line: 4, what: expect.stringMatching(/not written/) });
    put(DAYS[0], lines.toSpliced(3, 0, '{"action":"put in"}'));
    expect((await verify()).broken).toMatchObject({ line: 4 });
    put(DAYS[0], lines);
    expect((await verifyAudit(folder, Buffer.alloc(32, 8))).broken).toMatchObject({ file: 'head.db' });
  });

  it('does not heal in silence when its sealed end is gone', async () => {
    fill();
    for (const file of readdirSync(folder)) if (file.startsWith('head.db')) rmSync(resolve(folder, file));
    expect((await verify()).broken).toMatchObject({ file: 'head.db', what: 'the sealed end of the log is missing' });
    using chain = openChain(folder, KEY);
    chain.append({ action: 'next' }, DAYS[2]);
    const { entries } = await listAudit(folder, { limit: 10 });
    expect(entries.slice(0, 2)).toMatchObject([{ action: 'next' }, { action: 'audit.head-lost', after: 15 }]);
  });

  it('can still be checked after old days went, whose end is sealed', async () => {
    fill();
    {
      using chain = openChain(folder, KEY);
      chain.forget(DAYS[1]);
    }
    expect(existsSync(pathOf(DAYS[0]))).toBe(false);
    expect(await verify()).toMatchObject({ isIntact: true, lines: 10, first: DAYS[1] });
    put(DAYS[1], linesOf(DAYS[1]).slice(1));
    expect((await verify()).broken).toMatchObject({ file: `${DAYS[1]}.jsonl`, line: 1 });
    const anchor = resolve(folder, 'anchor.json');
    writeFileSync(anchor, readFileSync(anchor, 'utf8').replace('"seq":5', '"seq":6'));
    expect((await verify()).broken).toMatchObject({ file: 'anchor.json' });
  });

  it('counts lines of before it was chained apart, and takes none of their kind later', async () => {
    writeFileSync(pathOf(DAYS[0]), '{"action":"old"}\n{"action":"older"}\n');
    fill();
    expect(await verify()).toMatchObject({ isIntact: true, lines: 15, unchained: 2 });
    appendFileSync(pathOf(DAYS[0]), '{"action":"new"}\n');
    expect((await verify()).broken).toMatchObject({ file: `${DAYS[0]}.jsonl`, line: 8 });
  });

  it('goes on behind a line that a power cut tore, which nobody was told to stand', async () => {
    fill();
    appendFileSync(pathOf(DAYS[2]), '{"seq":16,"prev":"ab');
    using chain = openChain(folder, KEY);
    chain.append({ action: 'after' }, DAYS[2]);
    expect(await verify()).toMatchObject({ isIntact: true, lines: 16 });
  });

  it('is one chain for several processes, of which one is killed in the middle', async () => {
    const script = resolve(import.meta.dirname, 'write-many.ts');
    const start = (name: string, count: number) => fork(script, [folder, KEY.toString('hex'), name, String(count)]);
    const [doomed, ...others] = [start('doomed', 100_000), start('one', 150), start('two', 150)];
    const ends = others.map(async (child) => (await once(child, 'exit'))[0] as number);
    await once(doomed!, 'message');
    doomed!.kill('SIGKILL');
    const codes = await Promise.all(ends);
    expect(codes).toEqual([0, 0]);
    const found = await verify();
    expect(found).toMatchObject({ isIntact: true });
    expect(found.lines).toBeGreaterThan(310);
    const { entries } = await listAudit(folder, { limit: 1000, user: 'two' });
    expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: 150 }, (_, index) => 149 - index));
  });
});
