/** Reads panels from YAML files: ours in `builtin/`, a person's own from a folder. A bad file is named with its reason and alone left out. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { checker } from '#models/schema/check.ts';
import { PanelSpec } from '#models/schema/panel.ts';
import { HOLES } from './sql.ts';
import { readsOf, SOURCE_HOLES, StatementError, tokensOf } from './statement.ts';

export const BUILTIN_DIR = resolve(dirname(fileURLToPath(import.meta.url)), 'builtin');

/** `isOwn`: not one of ours; its views are limited to the subject once more. */
export type Panel = PanelSpec & { isOwn: boolean };
export type PanelFault = { file: string; reason: string };
export type Panels = { panels: Panel[]; faults: PanelFault[] };

const FILES_MAX = 200;
const FILE_MAX_BYTES = 64 * 1024;

const check = checker('the panel', PanelSpec);

/** All panels in the order of their ids. An own one with the id of one of ours takes its place. */
export function readPanels(ownDir = ''): Panels {
  const builtin = readFolder(BUILTIN_DIR, false);
  if (builtin.faults.length > 0)
    throw new Error(builtin.faults.map(({ file, reason }) => `${file}: ${reason}`).join('\n'));
  const own = ownDir !== '' && existsSync(ownDir) ? readFolder(ownDir, true) : { panels: [], faults: [] };
  const byId = new Map([...builtin.panels, ...own.panels].map((panel) => [panel.id, panel]));
  return { panels: [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), faults: own.faults };
}

function readFolder(folder: string, isOwn: boolean): Panels {
  const panels: Panel[] = [];
  const faults: PanelFault[] = [];
  const names = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
  for (const name of names.slice(FILES_MAX))
    faults.push({ file: resolve(folder, name), reason: `there are more than ${FILES_MAX} files` });
  for (const name of names.slice(0, FILES_MAX)) {
    const file = resolve(folder, name);
    try {
      const panel = readPanel(readFileSync(file, 'utf8'));
      const twin = panels.find(({ id }) => id === panel.id);
      if (twin !== undefined) throw new StatementError(`another file has a panel "${panel.id}" already`);
      panels.push({ ...panel, isOwn });
    } catch (error) {
      faults.push({ file, reason: (error as Error).message });
    }
  }
  return { panels, faults };
}

/** Throws what is wrong, with its place: of the YAML, of a field, or of the SQL. */
export function readPanel(yaml: string): PanelSpec {
  if (yaml.length > FILE_MAX_BYTES) throw new StatementError(`it is longer than ${FILE_MAX_BYTES} bytes`);
  const raw: unknown = parse(yaml);
  const panel = check(withDefaults(raw));
  checkSql(panel.sql);
  return panel;
}

/** What a file may leave out. */
function withDefaults(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null) return raw;
  const { when = {} } = raw as { when?: object };
  return {
    roles: [],
    size: 'half',
    weight: 1,
    ...raw,
    when: { minRows: 1, minTotal: 0, minObservedShare: 0, needs: [], ...when },
  };
}

function checkSql(sql: string): void {
  const holes = tokensOf(sql).filter(({ kind }) => kind === 'hole');
  const known: readonly string[] = HOLES.map((name) => `{{${name}}}`);
  const unknown = holes.find(({ text }) => !known.includes(text));
  if (unknown !== undefined)
    throw new StatementError(`sql: ${unknown.text} is not known; there are ${known.join(' ')}`);
  const reads = readsOf(sql);
  const places = holes.filter(({ text }) => text === '{{place}}').length;
  const isReading = reads.length > 0 || holes.some(({ text }) => SOURCE_HOLES.some((hole) => hole === text));
  if (!isReading) throw new StatementError('sql: it reads none of the views');
  if (places < reads.length) {
    throw new StatementError(
      `sql: it reads ${reads.length} views (${reads.map(({ view }) => view).join(', ')}) and says {{place}} ${places} times; each needs it`,
    );
  }
}
