/** `doctor`: says what is healthy and what is not, with the cure; exit code 1 when something is not. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { resolveModel } from '#models/catalog/resolve.ts';
import { readPanels } from '#models/panels/read.ts';
import { describeFallback } from '#models/schema/execution-provider.ts';
import { FAULTS, type FaultCode, faultCodeOf } from '#models/schema/fault.ts';
import { type Config, loadConfig, ROOT_DIR } from '#system/config.ts';
import type { ProcessHealth } from '#system/control.ts';
import { findNatsServer } from '#system/own-broker.ts';
import { openApi } from '../api-client.ts';
import { findRunningSite } from '../running-site.ts';
import { examineEvidence } from './doctor-evidence.ts';
import { reconcile } from './doctor-reconcile.ts';

export type Finding = { about: string; isWell: boolean; isWarning?: boolean; says: string; cure?: string };

type HealthAnswer = {
  isWell: boolean;
  processes: ProcessHealth[];
  findings: { code?: string; message: string; cure?: string; isWarning?: boolean }[];
};

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Says what is healthy and what is not, with the cure.')
    .option(
      '--reconcile',
      'compares what was published, stored and rolled up instead, and names the hour of a difference',
    )
    .option('--last <time>', 'with --reconcile: how far back, such as 6h or 3d', '24h')
    .option('--json', 'machine-readable')
    .action(async (options: { json?: boolean; reconcile?: boolean; last: string }) => {
      const config = loadConfig();
      if (options.reconcile === true) return reconcile(config, options);
      const findings = [...(await examineMachine(config)), ...(await examineSite(config))];
      if (options.json === true) console.log(JSON.stringify(findings, null, 2));
      else for (const finding of findings) console.log(asLines(finding));
      if (findings.some(({ isWell, isWarning }) => !isWell && isWarning !== true)) process.exitCode = 1;
    });
}

function asLines({ about, isWell, isWarning, says, cure }: Finding): string {
  const mark = isWell ? ' ok ' : isWarning === true ? 'NOTE' : 'BAD ';
  return `${mark} ${about.padEnd(14)} ${says}${isWell || cure === undefined ? '' : `\n${' '.repeat(20)}what to do: ${cure}`}`;
}

const LEAST_FREE_GIB = 5;

async function examineMachine(config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  findings.push({
    about: 'node',
    isWell: Number(process.versions.node.split('.')[0]) >= 24,
    says: process.version,
    cure: 'Start it as ./sharp-eyes, which brings Node 24 with the packages (npm ci).',
  });
  if (config.natsUrl === '') findings.push(attempt('nats-server', () => findNatsServer()));
  else findings.push(await reach(config.natsUrl, { about: 'broker', port: 4222, code: 'broker-unreachable' }));
  if (config.clickhouseUrl !== '') {
    const port = config.clickhouseUrl.startsWith('https:') ? 443 : 80;
    findings.push(await reach(config.clickhouseUrl, { about: 'ClickHouse', port, code: 'store-unreachable' }));
  }
  const folder = existsSync(config.dataDir) ? config.dataDir : ROOT_DIR;
  const { bavail, bsize } = await statfs(folder);
  const freeGib = (bavail * bsize) / 1024 ** 3;
  findings.push({
    about: 'disk',
    isWell: freeGib > LEAST_FREE_GIB,
    says: `${freeGib.toFixed(1)} GiB free for ${config.dataDir}, at least ${LEAST_FREE_GIB} wanted`,
    cure: FAULTS['disk-full'].cure,
  });
  findings.push(
    attempt('model', () => {
      const { manifest, path } = resolveModel({
        name: config.model,
        modelsDir: config.modelsDir,
        materialDir: config.materialDir,
      });
      return `${manifest.name} (${path})`;
    }),
  );
  if (findings.at(-1)?.isWell === true) findings.push(await examineProviders(config));
  findings.push(...(await examineEvidence(config)));
  findings.push(...examinePanels(config));
  const page = resolve(ROOT_DIR, 'dashboards/dist/index.html');
  findings.push({
    about: 'page',
    isWell: existsSync(page),
    says: existsSync(page) ? 'built' : 'not built',
    cure: 'Run ./sharp-eyes up, which builds it, or npm run build:page.',
  });
  return findings;
}

/** A panel that is left out takes nothing else with it. */
function examinePanels({ panelsDir }: Config): Finding[] {
  const { panels, faults } = readPanels(panelsDir);
  const about = 'panels';
  if (faults.length === 0) return [{ about, isWell: true, says: `${panels.length} panels of dashboards` }];
  const { cure } = FAULTS['panel-invalid'];
  return faults.map(({ file, reason }) => ({
    about,
    isWell: false,
    isWarning: true,
    says: `${file} is left out: ${reason}`,
    cure,
  }));
}

/** Opened as a worker of this machine would open it: only that tells what it really runs on. */
async function examineProviders(config: Config): Promise<Finding> {
  const { openDetector } = await import('#models/detectors/open.ts');
  const { builtInProviders } = await import('#models/detectors/execution-providers.ts');
  const about = 'provider';
  try {
    const found = resolveModel({ ...config, name: config.model });
    await using detector = await openDetector({ ...found, providers: config.executionProviders });
    const { manifest, runtime } = detector;
    const fallback = describeFallback(manifest.name, runtime);
    if (fallback !== undefined) {
      return { about, isWell: false, isWarning: true, says: fallback.message, cure: fallback.cure };
    }
    const built = `ONNX Runtime for ${process.platform}/${process.arch} knows ${builtInProviders().join(', ')}`;
    return { about, isWell: true, says: `${manifest.name} runs on ${runtime.provider}; ${built}` };
  } catch (error) {
    return faultOf(about, error);
  }
}

const REACH_TIMEOUT_MS = 3000;

/** A server of another: whether its port is open from here. That it lets us in is for the site to say. */
async function reach(url: string, of: { about: string; port: number; code: FaultCode }): Promise<Finding> {
  const { about, code } = of;
  const { hostname, port } = URL.parse(url) ?? { hostname: '', port: '' };
  const place = `${hostname}:${port === '' ? of.port : port}`;
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? of.port : Number(port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
    return { about, isWell: true, says: `${place} can be reached` };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    return { about, isWell: false, says: `${place} cannot be reached: ${why}`, cure: FAULTS[code].cure };
  } finally {
    socket.destroy();
  }
}

function attempt(about: string, find: () => string): Finding {
  try {
    return { about, isWell: true, says: find() };
  } catch (error) {
    return faultOf(about, error);
  }
}

/** The fault's own cure where it has one: it knows more than its code. */
function faultOf(about: string, error: unknown, cures: Partial<Record<FaultCode, string>> = {}): Finding {
  const { message, cure } = error as Error & { cure?: string };
  const code = faultCodeOf(error);
  return { about, isWell: false, says: message, cure: cures[code] ?? cure ?? FAULTS[code].cure };
}

/** What the API's refusals mean to whoever asks for the doctor. */
const CURES: Partial<Record<FaultCode, string>> = {
  unauthenticated:
    'Run it as the user whose data folder it is (data/secrets/cli-token), or set SHARP_EYES_TOKEN to a token of an administrator or operator.',
  forbidden: 'Set SHARP_EYES_TOKEN to a token of an administrator or operator who is not limited to areas.',
};
const API_GONE =
  'Its supervisor starts it again: wait a moment, then read data/logs/api.log; after a change of apiPort or publicUrl restart ./sharp-eyes up.';

async function examineSite(config: Config): Promise<Finding[]> {
  const site = findRunningSite(config);
  if (site === undefined && process.env.SHARP_EYES_URL === undefined) {
    return [{ about: 'site', isWell: true, says: 'nothing runs here now (./sharp-eyes up starts it)' }];
  }
  try {
    const health = await openApi(config).json<HealthAnswer>('GET', '/health');
    // Of a process that is not well the findings tell, with the cure.
    const processes = health.processes
      .filter(({ isWell }) => isWell)
      .map(({ process, role, isWell, startedAtMs }) => ({
        about: process === '' ? role : process,
        isWell,
        says: `well since ${new Date(startedAtMs).toISOString()}`,
      }));
    const rest = health.findings.map(({ code, message, cure, isWarning }) => ({
      about: code ?? 'finding',
      isWell: false,
      isWarning: isWarning === true,
      says: message,
      ...(cure === undefined ? {} : { cure }),
    }));
    return [...processes, ...rest];
  } catch (error) {
    return [faultOf('site', error, site === undefined ? CURES : { ...CURES, 'api-unreachable': API_GONE })];
  }
}
