/** `dashboards`: writes our dashboards for Grafana. */
import type { Command } from 'commander';
import type { GrafanaLanguage } from '#dashboards/grafana/main.ts';
import { readPanels } from '#models/panels/read.ts';
import { FaultError } from '#models/schema/fault.ts';
import { loadConfig } from '#system/config.ts';
import { storeUrl } from '#system/store-client.ts';

const LANGUAGES: readonly GrafanaLanguage[] = ['en', 'zh'];
/** Where Grafana looks for what it is provisioned with. */
const PROVISIONING_DIR = '/etc/grafana/provisioning';

type GrafanaOptions = {
  out: string;
  force?: boolean;
  language: string;
  clickhouse?: string;
  clickhouseUser?: string;
  prometheus: string;
  page?: string;
  mountedAt: string;
};

export function addDashboardsCommand(program: Command): void {
  program
    .command('dashboards')
    .description('Dashboards for other programs.')
    .command('grafana')
    .description('Writes a folder for Grafana’s provisioning: sources, dashboards, alert rules; see docs/grafana.md.')
    .requiredOption('--out <folder>', 'where it is written')
    .option('--force', 'overwrites what is there')
    .option('--language <language>', LANGUAGES.join(' or '), 'en')
    .option('--clickhouse <url>', 'ClickHouse over HTTP, as Grafana reaches it; absent: as this site does')
    .option('--clickhouse-user <name>', 'its account; absent: analyst')
    .option('--prometheus <url>', 'Prometheus, as Grafana reaches it', 'http://127.0.0.1:9090')
    .option('--page <url>', 'our page, as people reach it; absent: by the configuration')
    .option('--mounted-at <path>', 'where Grafana sees the folder', PROVISIONING_DIR)
    .action(writeForGrafana);
}

async function writeForGrafana(options: GrafanaOptions): Promise<void> {
  const { grafanaFiles, writeGrafana } = await import('#dashboards/grafana/main.ts');
  const config = loadConfig();
  const { panels, faults } = readPanels(config.panelsDir);
  for (const { file, reason } of faults) console.error(`sharp-eyes: ${file} is left out: ${reason}`);
  const own = config.publicUrl === '' ? `http://127.0.0.1:${config.apiPort}` : config.publicUrl;
  const files = grafanaFiles(
    panels,
    {
      language: languageOf(options.language),
      zone: config.timeZone,
      pageUrl: urlOf(options.page ?? own, '--page').replace(/\/+$/, ''),
      clickhouseUrl: withoutAccount(urlOf(options.clickhouse ?? storeUrl(config), '--clickhouse')),
      clickhouseUser: options.clickhouseUser ?? 'analyst',
      prometheusUrl: urlOf(options.prometheus, '--prometheus'),
    },
    options.mountedAt,
  );
  writeGrafana(files, { out: options.out, isForced: options.force === true });
  for (const { path } of files) console.log(`${options.out}/${path}`);
  console.log(
    '\nGive Grafana the password of the account in SHARP_EYES_CLICKHOUSE_PASSWORD; docs/grafana.md says the rest.',
  );
}

function languageOf(text: string): GrafanaLanguage {
  const found = LANGUAGES.find((language) => language === text);
  if (found === undefined)
    throw new FaultError('invalid-value', `--language expects ${LANGUAGES.join(' or ')}, got ${text}`);
  return found;
}

function urlOf(text: string, option: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new FaultError('invalid-value', `${option} expects an address with http or https, got ${text}`);
  return text;
}

/** Account and password of the configuration's address do not belong in a file of Grafana's. */
function withoutAccount(text: string): string {
  const url = new URL(text);
  return url.origin;
}
