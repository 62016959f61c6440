import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDiskStore } from '#analytics/store/pictures/disk.ts';
import { examineEvidence } from '#cli/commands/doctor-evidence.ts';
import { testConfig } from '#test/site/site.ts';

const DAY_MS = 24 * 3_600_000;
const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-doctor-'));
const evidenceDir = resolve(folder, 'evidence');
const nowMs = Date.UTC(2026, 6, 1);
let config: Awaited<ReturnType<typeof testConfig>>;

beforeAll(async () => {
  config = await testConfig({ evidenceDir, evidenceReservedMb: 1 });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(config.dataDir, { recursive: true, force: true });
});

const keep = (alert: string, capturedAtMs: number) =>
  openDiskStore(evidenceDir).put(
    `blurred/${alert.slice(0, 2)}/${alert}/kept.info.${capturedAtMs}.json`,
    Buffer.from('{}'),
  );

it('says that pictures can be kept, how many there are and of when the oldest is, and leaves nothing behind', async () => {
  expect(await examineEvidence(config, nowMs)).toMatchObject([
    { isWell: true, says: expect.stringContaining('no pictures are kept yet') },
  ]);
  await keep('a'.repeat(24), nowMs - DAY_MS);
  await keep('b'.repeat(24), nowMs - 2 * DAY_MS);
  expect(await examineEvidence(config, nowMs)).toMatchObject([
    { isWell: true, says: expect.stringContaining('pictures of 2 alerts, the oldest of 2026-06-29') },
  ]);
  expect(existsSync(resolve(evidenceDir, 'doctor'))).toBe(false);
});

it('notes that there is less room than is reserved', async () => {
  const found = await examineEvidence({ ...config, evidenceReservedMb: 1e9 }, nowMs);
  expect(found[1]).toMatchObject({
    isWell: false,
    isWarning: true,
    says: expect.stringContaining('evidenceReservedMb'),
  });
});

it('notes that something lies there for longer than anything may', async () => {
  await keep('c'.repeat(24), nowMs - 400 * DAY_MS);
  const found = await examineEvidence(config, nowMs);
  expect(found[1]).toMatchObject({ isWell: false, isWarning: true, cure: expect.stringContaining('alerts process') });
});

it('says what to do where it cannot be written', async () => {
  const file = resolve(folder, 'file');
  writeFileSync(file, '');
  const found = await examineEvidence({ ...config, evidenceDir: resolve(file, 'below') }, nowMs);
  expect(found).toMatchObject([{ isWell: false, says: expect.stringContaining('below') }]);
  expect(found[0]!.cure!.split(' ').length).toBeGreaterThan(4);
});
