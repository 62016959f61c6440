/** `store`, `ingest`, `analytics`, `rules`, `alerts`, `api`: one role alone, for sites of many machines. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { configEnvironment, loadConfig, ROOT_DIR } from '#system/config.ts';
import { workerEnvironment } from '#system/worker-environment.ts';

const ROLES = [
  {
    name: 'store',
    script: 'analytics/store/main.ts',
    says: 'the embedded ClickHouse, behind its HTTP protocol on loopback',
  },
  { name: 'ingest', script: 'ingest/main.ts', says: 'one ingest worker: cameras to messages' },
  { name: 'analytics', script: 'analytics/main.ts', says: 'messages to rows, cells and roll-ups' },
  { name: 'rules', script: 'analytics/rules/main.ts', says: 'messages to alerts, by rules; a second one stands by' },
  { name: 'alerts', script: 'analytics/alerts/main.ts', says: 'alerts to rows, and to channels' },
  { name: 'api', script: 'api/main.ts', says: 'the API and the page' },
] as const;

export function addRoleCommands(program: Command): void {
  for (const role of ROLES) {
    program
      .command(role.name)
      .description(`Runs one role alone: ${role.says} (NATS_URL and CLICKHOUSE_URL name the others).`)
      .option('--name <name>', 'name of this process, for logs and leases')
      .action((options: { name?: string }) =>
        runRole(role, options.name === undefined ? [] : ['--name', options.name]),
      );
  }
}

/** The role is a process of its own so that its environment is right from its first moment. */
async function runRole({ name, script }: (typeof ROLES)[number], args: string[]): Promise<void> {
  const config = loadConfig();
  const child = spawn(process.execPath, [resolve(ROOT_DIR, script), ...args], {
    stdio: 'inherit',
    env: { ...(name === 'ingest' ? workerEnvironment(config) : {}), ...process.env, ...configEnvironment(config) },
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGTERM', pass);
  // Ctrl-C reaches the child from the terminal; this process only has to outlive it.
  process.on('SIGINT', () => {});
  process.exitCode = await new Promise<number>((done) => child.once('close', (code) => done(code ?? 1)));
}
