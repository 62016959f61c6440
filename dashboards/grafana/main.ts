/** Writes a folder that Grafana reads at its start: sources, dashboards and alert rules, from the same panels as our page. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { FaultError } from '#models/schema/fault.ts';
import type { PanelSpec } from '#models/schema/panel.ts';
import { alertRulesFile, FOLDER } from './alert-rules.ts';
import type { GrafanaChoices } from './choices.ts';
import { operationsDashboard } from './operations.ts';
import { sourcesFile } from './sources.ts';
import { subjectDashboards } from './subject-dashboard.ts';

export type { GrafanaChoices, GrafanaLanguage } from './choices.ts';

const JSON_DIR = 'dashboards/sharp-eyes';

export type GrafanaFile = { path: string; text: string };

/** `mountedAt`: where Grafana sees the folder. */
export function grafanaFiles(
  panels: readonly PanelSpec[],
  choices: GrafanaChoices,
  mountedAt = '/etc/grafana/provisioning',
): GrafanaFile[] {
  const dashboards = [
    ...subjectDashboards(panels, choices),
    { name: 'role-operator', dashboard: operationsDashboard(choices) },
  ];
  return [
    { path: 'datasources/sharp-eyes.yaml', text: yaml(sourcesFile(choices)) },
    { path: 'dashboards/sharp-eyes.yaml', text: yaml(providerFile(mountedAt)) },
    { path: 'alerting/sharp-eyes.yaml', text: yaml(alertRulesFile(choices)) },
    ...dashboards.map(({ name, dashboard }) => ({
      path: `${JSON_DIR}/${name}.json`,
      text: `${JSON.stringify(dashboard, null, 2)}\n`,
    })),
  ];
}

const yaml = (value: object) =>
  `# Made by ./sharp-eyes dashboards grafana: make it again instead of changing it.\n${stringify(plain(value), { lineWidth: 0 })}`;

/** Without the SDK's marks, which are functions. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));

const providerFile = (mountedAt: string) => ({
  apiVersion: 1,
  providers: [
    {
      ...{ name: 'sharp-eyes', orgId: 1, folder: FOLDER.title, folderUid: FOLDER.uid, type: 'file' },
      ...{ disableDeletion: false, allowUiUpdates: false, updateIntervalSeconds: 30 },
      options: { path: `${mountedAt}/${JSON_DIR}` },
    },
  ],
});

/** Nothing that is there is overwritten unless `isForced`; what an older version wrote and this one does not stays. */
export function writeGrafana(
  files: readonly GrafanaFile[],
  { out, isForced }: { out: string; isForced: boolean },
): void {
  const folder = resolve(out);
  if (!isForced && existsSync(folder) && readdirSync(folder).length > 0) {
    throw new FaultError('already-exists', `${out} is not empty`, {
      cure: 'Name another folder, or say --force to overwrite what this command writes.',
    });
  }
  for (const { path, text } of files) {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
  }
}
