import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '#ingest/spool/lock.ts';
import type { SpoolRecord } from '#ingest/spool/segment.ts';
import { openSpool, type Spool, type SpoolLoss, type SpoolOptions } from '#ingest/spool/spool.ts';
import { ROOT_DIR } from '#system/config.ts';
import { until } from '#test/site/site.ts';

let root: string;
let losses: SpoolLoss[];

beforeEach(() => {
  root = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-spool-'));
  losses = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const record = (number: number, bytes = 10): SpoolRecord => ({
  subject: 'sharpeyes.detections._._._._._.gate-3',
  id: `gate-3:7:${number}`,
  data: new Uint8Array(bytes).fill(number % 256),
});

function open(name: string, options: Partial<SpoolOptions> = {}): Spool {
  const spool = openSpool(resolve(root, name), {
    maxBytes: 1024 ** 2,
    maxAgeMs: 60 * 60_000,
    onLoss: (loss) => losses.push(loss),
    ...options,
  });
  if (spool === undefined) throw new Error('the spool is taken');
  return spool;
}

/** Takes everything out, oldest first. */
function drain(spool: Spool): string[] {
  const ids: string[] = [];
  for (let segment = spool.oldest(); segment !== undefined; segment = spool.oldest()) {
    ids.push(...segment.records.map(({ id }) => id));
    spool.remove(segment.name);
  }
  return ids;
}

const idsOf = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `gate-3:7:${from + index}`);

describe('spool', () => {
  it('gives back what was put in, whole and in order', () => {
    using spool = open('a');
    expect(spool.isEmpty()).toBe(true);
    for (let number = 0; number < 500; number++) spool.append(record(number, 1000));
    expect(spool.messages()).toBe(500);
    const first = spool.oldest();
    expect(first?.records[3]).toEqual({ ...record(3, 1000), data: Buffer.from(record(3, 1000).data) });
    expect(drain(spool)).toEqual(idsOf(0, 500));
    expect(spool.isEmpty()).toBe(true);
    expect(spool.sizeBytes()).toBe(0);
    expect(losses).toEqual([]);
  });

  it('is there again after the process has ended', () => {
    {
      using spool = open('a');
      for (let number = 0; number < 20; number++) spool.append(record(number));
    }
    using spool = open('a');
    expect(spool.messages()).toBe(20);
    spool.append(record(20));
    expect(drain(spool)).toEqual(idsOf(0, 21));
  });

  it('keeps what it did not give back: a segment that is not removed is read again', () => {
    using spool = open('a');
    spool.append(record(0));
    expect(spool.oldest()?.records).toHaveLength(1);
    expect(spool.oldest()?.records).toHaveLength(1);
    expect(drain(spool)).toEqual(idsOf(0, 1));
  });

  it.each([1, 5, 12, 30])('loses only the last record when a crash tore %i bytes off it', (torn) => {
    {
      using spool = open('a');
      for (let number = 0; number < 5; number++) spool.append(record(number));
    }
    const [name = ''] = readdirSync(resolve(root, 'a')).filter((file) => file.endsWith('.segment'));
    const path = resolve(root, 'a', name);
    truncateSync(path, statSync(path).size - torn);
    using spool = open('a');
    expect(losses).toEqual([{ reason: 'damaged', messages: 1 }]);
    expect(drain(spool)).toEqual(idsOf(0, 4));
  });

  it('does not take garbage behind the last record for a message', () => {
    {
      using spool = open('a');
      spool.append(record(0));
    }
    const [name = ''] = readdirSync(resolve(root, 'a')).filter((file) => file.endsWith('.segment'));
    appendFileSync(resolve(root, 'a', name), Buffer.alloc(64, 1));
    using spool = open('a');
    expect(drain(spool)).toEqual(idsOf(0, 1));
  });

  it('drops the oldest segment above its size, and every message is either there or counted', () => {
    using spool = open('a', { maxBytes: 1024 ** 2 });
    for (let number = 0; number < 2000; number++) spool.append(record(number, 1000));
    expect(spool.sizeBytes()).toBeLessThanOrEqual(1024 ** 2);
    const lost = losses.reduce((sum, loss) => sum + loss.messages, 0);
    expect(losses[0]?.reason).toBe('size');
    expect(lost).toBeGreaterThan(0);
    expect(drain(spool)).toEqual(idsOf(lost, 2000));
  });

  it('gives up what is too old, counted', () => {
    let nowMs = Date.now();
    using spool = open('a', { maxAgeMs: 10 * 60_000, now: () => nowMs });
    for (let number = 0; number < 15; number++) {
      spool.append(record(number));
      nowMs += 61_000;
    }
    const lost = losses.reduce((sum, loss) => sum + loss.messages, 0);
    expect(losses.every((loss) => loss.reason === 'age')).toBe(true);
    expect(lost).toBeGreaterThan(2);
    const left = drain(spool);
    const given = losses.reduce((sum, loss) => sum + loss.messages, 0);
    expect(left).toEqual(idsOf(given, 15));
  });

  it('cannot be opened twice at once', () => {
    using _spool = open('a');
    expect(openSpool(resolve(root, 'a'), { maxBytes: 1, maxAgeMs: 1, onLoss: () => {} })).toBeUndefined();
  });

  it('takes over the spool of a process that was killed, and leaves that of a living one alone', async () => {
    using spool = open('b');
    spool.append(record(100));
    using other = open('living');
    other.append(record(200));
    const program = `
      const { openSpool } = await import('#ingest/spool/spool.ts');
      const spool = openSpool(process.argv[1], { maxBytes: 1e6, maxAgeMs: 1e9, onLoss() {} });
      for (let n = 0; n < 50; n++) spool.append({ subject: 's.x', id: 'gate-3:7:' + n, data: new Uint8Array(8) });
      console.log('ready');
      setInterval(() => {}, 1000);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, resolve(root, 'dead')], {
      cwd: ROOT_DIR,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((done) => child.stdout.once('data', done));
    expect(spool.adopt()).toBe(0);
    child.kill('SIGKILL');
    await new Promise((done) => child.once('close', done));
    expect(spool.adopt()).toBe(1);
    expect(drain(spool).sort()).toEqual([...idsOf(0, 50), 'gate-3:7:100'].sort());
    expect(other.messages()).toBe(1);
    await until('the folder of the dead one is tidied up', () => !existsSync(resolve(root, 'dead')));
  });

  it('leaves no folder behind when it is empty at the end', () => {
    {
      using spool = open('a');
      spool.append(record(0));
      drain(spool);
    }
    expect(readdirSync(root)).toEqual([]);
  });
});

/** A disk of one megabyte of its own; only root may mount one. */
function mountSmallDisk(folder: string): boolean {
  mkdirSync(folder);
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0;
}

describe('a spool on a disk without room', () => {
  it('says what it loses, keeps what it has, and goes on when there is room again', ({ skip }) => {
    const disk = resolve(root, 'disk');
    if (!mountSmallDisk(disk)) {
      console.log('skipped: no small disk can be mounted here (that takes root)');
      skip();
    }
    try {
      using spool = open('disk/a', { maxBytes: 100e6 });
      const filler = resolve(disk, 'filler');
      writeFileSync(filler, Buffer.alloc(700 * 1024));
      let taken = 0;
      for (let number = 0; number < 500; number++) if (spool.append(record(number, 1000))) taken++;
      const lost = losses.reduce((sum, loss) => sum + loss.messages, 0);
      expect(losses.every(({ reason }) => reason === 'disk-full')).toBe(true);
      expect(taken + lost).toBe(500);
      expect(spool.isDiskFull()).toBe(true);
      rmSync(filler);
      expect(spool.append(record(500))).toBe(true);
      expect(spool.isDiskFull()).toBe(false);
      const kept = drain(spool);
      expect(kept).toHaveLength(taken + 1);
      expect(kept.at(-1)).toBe('gate-3:7:500');
    } finally {
      // Lazily: a segment's last bytes may still be on their way.
      spawnSync('umount', ['-l', disk]);
    }
  });
});

describe('lockFolder', () => {
  it('is not held back by a lock file that a crash cut short', async () => {
    const folder = resolve(root, 'cut');
    lockFolder(folder)?.[Symbol.dispose]();
    appendFileSync(resolve(folder, 'lock'), '{"host":');
    using lock = lockFolder(folder);
    expect(lock).toBeDefined();
  });
});
