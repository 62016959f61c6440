import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openChain } from '#api/audit/chain.ts';
import { verifyAudit } from '#api/audit/verify.ts';
import { readAudit, writeAudit } from '#cli/backup/audit-backup.ts';
import { readEvidence, writeEvidence } from '#cli/backup/evidence-backup.ts';
import { readRegistry, writeRegistry } from '#cli/backup/registry-backup.ts';
import { openAlertRegistry, openRegistry } from '#models/registry/registry.ts';
import { loadSealKey } from '#models/registry/seal.ts';
import { openBroker } from '#system/broker.ts';
import { startSite, testConfig, testLogger } from '#test/site/site.ts';

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-backup-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

describe('a backup of the audit log', () => {
  it('is intact when it is restored, though the log was written on meanwhile, and goes on from there', async () => {
    const [site, backup, fresh] = [folder(), folder(), folder()];
    const key = loadSealKey(site);
    using chain = openChain(resolve(site, 'audit'), key);
    for (let line = 0; line < 5; line++) chain.append({ action: 'test', line }, line < 3 ? '2026-11-01' : '2026-11-02');
    expect(writeAudit(site, backup)).toBe(5);
    chain.append({ action: 'test', line: 'later' }, '2026-11-02');
    expect(readAudit(backup, fresh)).toBe(5);
    expect(await verifyAudit(resolve(fresh, 'audit'), key)).toMatchObject({ lines: 5 });
    expect((await verifyAudit(resolve(fresh, 'audit'), key)).broken).toBeUndefined();
    using next = openChain(resolve(fresh, 'audit'), key);
    next.append({ action: 'test', line: 'after the restore' }, '2026-11-03');
    const verified = await verifyAudit(resolve(fresh, 'audit'), key);
    expect(verified).toMatchObject({ lines: 6 });
    expect(verified.broken).toBeUndefined();
  });

  it('does not hide that its last line was taken away', async () => {
    const [site, backup] = [folder(), folder()];
    const key = loadSealKey(site);
    using chain = openChain(resolve(site, 'audit'), key);
    for (let line = 0; line < 3; line++) chain.append({ action: 'test', line }, '2026-11-01');
    writeAudit(site, backup);
    const path = resolve(backup, 'audit', '2026-11-01.jsonl');
    writeFileSync(path, `${readFileSync(path, 'utf8').trim().split('\n').slice(0, 2).join('\n')}\n`);
    expect((await verifyAudit(resolve(backup, 'audit'), key)).broken).toBeDefined();
  });

  it('is nothing where there is no log', () => {
    expect(writeAudit(folder(), folder())).toBe(0);
    expect(readAudit(folder(), folder())).toBe(0);
  });
});

describe('a backup of pictures', () => {
  it('has every whole file with its size, and brings them back', async () => {
    const config = await testConfig();
    folders.push(config.dataDir);
    const [backup, evidenceDir] = [folder(), resolve(folder(), 'pictures')];
    mkdirSync(resolve(config.evidenceDir, 'blurred/ab'), { recursive: true });
    writeFileSync(resolve(config.evidenceDir, 'blurred/ab/clip.mp4'), 'a clip');
    writeFileSync(resolve(config.evidenceDir, 'blurred/ab/clip.mp4.1.draft'), 'half');
    expect(await writeEvidence(config, backup)).toEqual({ files: 1, bytes: 6 });
    expect(await readEvidence(backup, { ...config, evidenceDir })).toEqual({ files: 1, bytes: 6 });
    expect(existsSync(resolve(evidenceDir, 'blurred/ab/clip.mp4'))).toBe(true);
    expect(await readEvidence(folder(), config)).toBeUndefined();
    await expect(writeEvidence({ ...config, evidenceS3Url: 'https://host/bucket' }, backup)).rejects.toThrow(/bucket/);
  });
});

describe('a backup of the registry', () => {
  it('has rules, channels and the calendar besides cameras and users', async () => {
    await using site = await startSite();
    await using broker = await openBroker(site.config, 'site', { logger: testLogger, name: 'test' });
    const { calendar } = await openRegistry(broker.connection);
    const { channels } = await openAlertRegistry(broker.connection);
    await calendar.put('2026-10-01', { day: '2026-10-01', holiday: 'National Day' });
    const channel = { id: 'desk', name: 'Desk', type: 'webhook' as const, url: 'https://desk.test/', area: null };
    const stamp = { isEnabled: true, sealedSecret: 'sealed', createdBy: 'admin', updatedAtMs: 1 };
    await channels.put('desk', { ...channel, ...stamp });
    const backup = folder();
    expect(await writeRegistry(broker.connection, backup)).toMatchObject({ calendar: 1, channels: 1, rules: 0 });
    await channels.remove('desk');
    await readRegistry(broker.connection, backup);
    expect((await channels.get('desk'))?.value).toMatchObject(channel);
  });
});
