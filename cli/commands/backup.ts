/** `backup` and `restore`: registry, store and audit log as files, pictures of alerts where they are wanted; the key that seals camera passwords goes apart. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { FaultError } from '#models/schema/fault.ts';
import { openBroker } from '#system/broker.ts';
import { type Config, loadConfig } from '#system/config.ts';
import { createLogger } from '#system/logs.ts';
import { openStoreClient } from '#system/store-client.ts';
import { readAudit, writeAudit } from '../backup/audit-backup.ts';
import { readEvidence, writeEvidence } from '../backup/evidence-backup.ts';
import { readRegistry, writeRegistry } from '../backup/registry-backup.ts';
import { readStore, writeStore } from '../backup/store-backup.ts';
import { findRunningSite } from '../running-site.ts';
import { startSite } from '../site.ts';

const FORMAT = 1;

type Manifest = {
  format: number;
  createdAt: string;
  registry: Record<string, number>;
  store: Record<string, number>;
  sealKeySha256: string;
  /** Lines. */
  audit?: number;
  evidence?: { files: number; bytes: number };
};

export function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description(
      'Writes registry, store and audit log into a new folder, while everything runs. For the owner of the data folder.',
    )
    .argument('<folder>', 'new or empty folder')
    .option('--key-out <file>', 'also copies the key that seals camera passwords; keep it apart from the backup')
    .option('--evidence', 'also copies the pictures of alerts (not from a bucket), and says how much they are')
    .action(backUp);
  program
    .command('restore')
    .description('Fills an empty data folder from a backup; nothing may run on it.')
    .argument('<folder>', 'folder of a backup')
    .option('--key <file>', 'the sealing key; without it camera passwords must be entered again')
    .action(restore);
}

const sealKeyPath = (config: Config) => resolve(config.dataDir, 'secrets', 'seal.key');

async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update((await readFile(path, 'utf8')).trim())
    .digest('hex');
}

function demandEmpty(folder: string, what: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new FaultError(
      'invalid-value',
      `${what} ${folder} is not empty; name a new one, so that nothing is overwritten`,
    );
  }
}

async function backUp(folder: string, options: { keyOut?: string; evidence?: boolean }): Promise<void> {
  const base = loadConfig();
  const site = findRunningSite(base);
  if (site === undefined)
    throw new FaultError('api-unreachable', 'a backup is taken from a running site, but none runs here');
  const config: Config = { ...base, dataDir: site.dataDir, natsPort: site.natsPort, storePort: site.storePort };
  demandEmpty(folder, 'the folder');
  await mkdir(folder, { recursive: true, mode: 0o700 });

  await using broker = await openBroker(config, 'site', {
    logger: createLogger('backup', { logLevel: 'error' }),
    name: 'backup',
  });
  const registry = await writeRegistry(broker.connection, folder);
  const client = openStoreClient(config, 'writer', { timeoutMs: 3_600_000 });
  const store = await writeStore(client, folder).finally(() => client.close());
  const audit = writeAudit(config.dataDir, folder);
  const evidence = options.evidence === true ? await writeEvidence(config, folder) : undefined;
  const sealKeySha256 = existsSync(sealKeyPath(config)) ? await sha256Of(sealKeyPath(config)) : '';
  const manifest: Manifest = {
    ...{ format: FORMAT, createdAt: new Date().toISOString(), registry, store, sealKeySha256, audit },
    ...(evidence === undefined ? {} : { evidence }),
  };
  await writeFile(resolve(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  if (options.keyOut !== undefined && sealKeySha256 !== '') {
    await copyFile(sealKeyPath(config), options.keyOut);
    await chmod(options.keyOut, 0o600);
  }
  console.log(`${folder}: ${sum(registry)} registry entries, ${sum(store)} rows, ${audit} lines of the audit log.`);
  if (evidence === undefined) console.log('Pictures of alerts are not in it: add --evidence.');
  else console.log(`${evidence.files} files of pictures of alerts, ${mebibytes(evidence.bytes)} MiB.`);
  if (options.keyOut === undefined)
    console.log('The sealing key is not in it: add --key-out FILE, or keep secrets/seal.key yourself.');
}

const mebibytes = (bytes: number) => (bytes / 1024 ** 2).toFixed(1);
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);

async function restore(folder: string, options: { key?: string }): Promise<void> {
  const config = loadConfig();
  const manifest = await readManifest(folder);
  if (config.natsUrl === '') demandEmpty(config.dataDir, 'the data folder');
  if (options.key !== undefined) {
    if (manifest.sealKeySha256 !== '' && (await sha256Of(options.key)) !== manifest.sealKeySha256) {
      throw new FaultError('invalid-value', `${options.key} is not the key that sealed this backup`);
    }
    await mkdir(dirname(sealKeyPath(config)), { recursive: true, mode: 0o700 });
    await copyFile(options.key, sealKeyPath(config));
    await chmod(sealKeyPath(config), 0o600);
  }
  const audit = readAudit(folder, config.dataDir);
  const evidence = await readEvidence(folder, config);
  const logger = createLogger('restore', { logLevel: 'error' });
  await using _site = await startSite(config, {
    logger,
    onStep: (name) => console.log(`  starting ${name}`),
    parts: 'storage',
  });
  await using broker = await openBroker(config, 'site', { logger, name: 'restore' });
  const registry = await readRegistry(broker.connection, folder);
  const client = openStoreClient(config, 'writer', { timeoutMs: 3_600_000 });
  const store = await readStore(client, folder).finally(() => client.close());
  for (const [name, rows] of Object.entries(manifest.store)) {
    if ((store[name] ?? 0) < rows)
      throw new FaultError(
        'check-failed',
        `table ${name} has ${store[name] ?? 0} rows, the backup had ${rows} or more`,
      );
  }
  console.log(
    `${config.dataDir}: ${sum(registry)} registry entries, ${sum(store)} rows, ${audit} lines of the audit log restored.`,
  );
  if (evidence !== undefined) console.log(`${evidence.files} files of pictures, ${mebibytes(evidence.bytes)} MiB.`);
  if (audit > 0 && options.key === undefined)
    console.log(
      'The audit log is sealed with the key of that site: without it ./sharp-eyes audit verify cannot vouch for its end.',
    );
  if (options.key === undefined && manifest.sealKeySha256 !== '')
    console.log('No key was given: camera passwords must be entered again.');
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = resolve(folder, 'manifest.json');
  if (!existsSync(path))
    throw new FaultError('file-missing', `${folder} is no complete backup: it has no manifest.json`);
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  if (manifest.format !== FORMAT)
    throw new FaultError('invalid-value', `the backup has format ${manifest.format}, this version reads ${FORMAT}`);
  return manifest;
}
