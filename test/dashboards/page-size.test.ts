/** What a browser must load before a dashboard is drawn, from the manifest of the built page. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ROOT_DIR } from '#system/config.ts';
import { requireBuiltPage } from './open-page.ts';

const MOST_KB = 350;
const DIST = resolve(ROOT_DIR, 'dashboards/dist');

type Chunk = { file: string; imports?: string[]; dynamicImports?: string[] };

/** Loaded one after the other without anybody doing anything, by the name that the manifest gives them. */
const OPENED = ['index.html', 'src/dashboard/dashboard-page.tsx', 'src/dashboard/charts/draw.ts'];

function filesOf(manifest: Record<string, Chunk>, names: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const add = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`the manifest has no "${name}"`);
    if (seen.has(chunk.file)) return;
    seen.add(chunk.file);
    for (const needed of chunk.imports ?? []) add(needed);
  };
  for (const name of names) add(name);
  return seen;
}

const kbOf = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(resolve(DIST, file))).length / 1000, 0);

describe('the page as it is built', () => {
  requireBuiltPage();
  const manifest = JSON.parse(readFileSync(resolve(DIST, 'manifest.json'), 'utf8')) as Record<string, Chunk>;

  it(`loads at most ${MOST_KB} kB of scripts, compressed, before a dashboard without its map is drawn`, () => {
    const files = filesOf(manifest, OPENED);
    const kB = kbOf(files);
    console.log(`${files.size} files, ${kB.toFixed(1)} kB compressed`);
    expect(kB).toBeLessThanOrEqual(MOST_KB);
    expect(kB).toBeGreaterThan(100);
  });

  it('keeps the map out of it', () => {
    const map = filesOf(manifest, ['src/map/city-map.ts']);
    const bulk = [...map].filter((file) => readFileSync(resolve(DIST, file)).length > 500_000);
    expect(bulk.length).toBeGreaterThan(0);
    const files = filesOf(manifest, OPENED);
    expect(bulk.filter((file) => files.has(file))).toEqual([]);
  });
});
