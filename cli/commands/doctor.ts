/** `doctor`: says what is healthy and what is not, with the cure; exit code 1 when something is not. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { resolveModel } from '#models/catalog/resolve.ts';
import { FAULTS, faultCodeOf } from '#models/schema/fault.ts';
import { type Config, loadConfig, ROOT_DIR } from '#system/config.ts';
import type { ProcessHealth } from '#system/control.ts';
import { findNatsServer } from '#system/own-broker.ts';
import { openApi } from '../api-client.ts';
import { findRunningSite } from '../running-site.ts';

type Finding = { about: string; isWell: boolean; isWarning?: boolean; says: string; cure?: string };

type HealthAnswer = {
  isWell: boolean;
  processes: ProcessHealth[];
  findings: { code?: string; message: string; cure?: string; isWarning?: boolean }[];
};

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Says what is healthy and what is not, with the cure.')
    .option('--json', 'machine-readable')
    .action(async (options: { json?: boolean }) => {
      const config = loadConfig();
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
  findings.push({ about: 'node', isWell: Number(process.versions.node.split('.')[0]) >= 24, says: process.version });
  if (config.natsUrl === '') findings.push(attempt('nats-server', () => findNatsServer()));
  else
    findings.push({
      about: 'broker',
      isWell: true,
      says: `NATS_URL names ${config.natsUrl.replace(/\/\/[^@]*@/, '//…@')}`,
    });
  const folder = existsSync(config.dataDir) ? config.dataDir : ROOT_DIR;
  const { bavail, bsize } = await statfs(folder);
  const freeGib = (bavail * bsize) / 1024 ** 3;
  findings.push({
    about: 'disk',
    isWell: freeGib > LEAST_FREE_GIB,
    says: `${freeGib.toFixed(1)} GiB free for ${config.dataDir}`,
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
  const page = resolve(ROOT_DIR, 'dashboards/dist/index.html');
  findings.push({
    about: 'page',
    isWell: existsSync(page),
    says: existsSync(page) ? 'built' : 'not built',
    cure: 'Run ./sharp-eyes up: it builds the page.',
  });
  return findings;
}

function attempt(about: string, find: () => string): Finding {
  try {
    return { about, isWell: true, says: find() };
  } catch (error) {
    return { about, isWell: false, says: (error as Error).message, cure: FAULTS[faultCodeOf(error)].cure };
  }
}

async function examineSite(config: Config): Promise<Finding[]> {
  const site = findRunningSite(config);
  if (site === undefined && process.env.SHARP_EYES_URL === undefined) {
    return [{ about: 'site', isWell: true, says: 'nothing runs here now (./sharp-eyes up starts it)' }];
  }
  try {
    const health = await openApi(config).json<HealthAnswer>('GET', '/health');
    const processes = health.processes.map(({ process, role, isWell, message, startedAtMs }) => ({
      about: process === '' ? role : process,
      isWell,
      says: message ?? `well since ${new Date(startedAtMs).toISOString()}`,
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
    return [{ about: 'site', isWell: false, says: (error as Error).message, cure: FAULTS[faultCodeOf(error)].cure }];
  }
}
