import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT_DIR } from '#system/config.ts';

/** Folder → what it may import of ours, by path prefix; the most specific folder counts. Its own files always. */
const MAY_IMPORT: Record<string, string[]> = {
  'models/schema': [],
  'models/wire': ['models/schema'],
  'models/registry': ['models/schema', 'models/wire'],
  'models/detectors': ['models/schema'],
  'models/catalog': ['models/schema', 'models/detectors'],
  'models/panels': ['models/schema'],
  system: ['models/schema', 'models/wire'],
  ingest: ['models/', 'system/'],
  analytics: ['models/schema', 'models/wire', 'models/registry', 'system/'],
  api: ['models/', 'system/', 'analytics/store'],
  cli: [
    'models/',
    'system/',
    'ingest/main.ts',
    'analytics/main.ts',
    'analytics/alerts/main.ts',
    'analytics/store/main.ts',
    // doctor looks at the store of pictures also where no site runs.
    'analytics/store/pictures/',
    'api/main.ts',
    'demo/main.ts',
    'demo/devices/fault-table.ts',
    'demo/devices/control-note.ts',
    'demo/devices/serve-process.ts',
    'demo/score/main.ts',
    'demo/history/main.ts',
    'demo/world/',
    'dashboards/grafana/main.ts',
  ],
  dashboards: ['models/schema', 'models/panels'],
  demo: ['models/schema', 'system/'],
  'demo/score': ['models/', 'system/', 'ingest/', 'analytics/', 'demo/'],
  'demo/history': ['models/', 'system/', 'analytics/', 'demo/'],
};

const SKIPPED = new Set(['node_modules', 'dist', 'data', '.git']);

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = resolve(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const files = Object.keys(MAY_IMPORT)
  .filter((folder) => existsSync(resolve(ROOT_DIR, folder)))
  .flatMap((folder) => sourceFiles(resolve(ROOT_DIR, folder)));

function ownerOf(path: string): string {
  const owners = Object.keys(MAY_IMPORT).filter((folder) => path === folder || path.startsWith(`${folder}/`));
  return owners.sort((a, b) => b.length - a.length)[0] ?? '';
}

/** Imports of ours, as paths from the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const names = [...text.matchAll(/(?:from|import)\s*\(?\s*'((?:#|\.)[^']+)'/g)].map((match) => match[1] ?? '');
  return names.map((name) => (name.startsWith('#') ? name.slice(1) : relative(ROOT_DIR, resolve(dirname(file), name))));
}

describe('the folders', () => {
  it('import only what the architecture allows', () => {
    const wrong = files.flatMap((file) => {
      const path = relative(ROOT_DIR, file);
      const owner = ownerOf(path);
      const isAllowed = (name: string) =>
        ownerOf(name) === owner || (MAY_IMPORT[owner] ?? []).some((prefix) => name.startsWith(prefix));
      return importsOf(file)
        .filter((name) => !isAllowed(name))
        .map((name) => `${path} imports ${name}`);
    });
    expect(wrong).toEqual([]);
    expect(files.length).toBeGreaterThan(30);
  });

  it('hold no file or folder whose name says nothing', () => {
    const empty = files.filter((file) =>
      /(^|\/)(utils?|helpers?|common|misc|managers?|services?|index)(\.tsx?|\/)/.test(relative(ROOT_DIR, file)),
    );
    expect(empty).toEqual([]);
  });

  it('open every file with a sentence that says what it is for', () => {
    const silent = files.filter((file) => !/^(#!.*\n)?\/\*\*/.test(readFileSync(file, 'utf8')));
    expect(silent.map((file) => relative(ROOT_DIR, file))).toEqual([]);
  });

  it('each have a README of at most 60 lines', () => {
    const faults = [
      'models',
      'system',
      'ingest',
      'analytics',
      'api',
      'cli',
      'dashboards',
      'demo',
      'docker',
      'test',
    ].filter((folder) => {
      const path = resolve(ROOT_DIR, folder, 'README.md');
      return !existsSync(path) || readFileSync(path, 'utf8').split('\n').length > 61;
    });
    expect(faults).toEqual([]);
  });
});
