/** Colours of the page: what is written in one is read on all grounds it may stand on; WCAG 2.2, 1.4.3 and 1.4.11. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT_DIR } from '#system/config.ts';

const INKS = ['ink', 'ink-2', 'ink-3', 'accent', 'good', 'warn', 'bad'];
const GROUNDS = ['paper', 'paper-2', 'paper-3', 'ground', 'accent-soft', 'warn-soft', 'bad-soft', 'hatch-ground'];
/** Drawn, or the edge of a field; on what cards are made of. */
const DRAWN = [
  ...['control-line', 'people', 'vehicles'],
  ...['person', 'bicycle', 'motorcycle', 'car', 'bus', 'truck'].map((kind) => `kind-${kind}`),
  ...['critical', 'major', 'minor', 'info'].map((severity) => `severity-${severity}`),
  ...[1, 2, 3, 4, 5, 6].map((number) => `series-${number}`),
];

const css = readFileSync(resolve(ROOT_DIR, 'dashboards/src/styles/tokens.css'), 'utf8');
const coloursOf = (block: RegExp) =>
  Object.fromEntries(
    [...(block.exec(css)?.[0] ?? '').matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, hex]) => [name, hex]),
  );
const light = coloursOf(/:root \{[\s\S]*?\n\}/);
const dark = { ...light, ...coloursOf(/:root\[data-theme="dark"\] \{[\s\S]*?\n\}/) };

/** Relative luminance as WCAG defines it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each([
  ['light', light],
  ['dark', dark],
])('colours, %s', (_, colours) => {
  const tooWeak = (inks: readonly string[], grounds: readonly string[], least: number) =>
    inks.flatMap((ink) =>
      grounds
        .map((ground) => ({ ink, ground, is: contrast(colours[ink] ?? '', colours[ground] ?? '') }))
        .filter(({ is }) => !(is >= least)),
    );

  it('lets every ink be read on every ground: 4.5 to 1', () => {
    expect(tooWeak(INKS, GROUNDS, 4.5)).toEqual([]);
    expect(tooWeak(['accent-ink'], ['accent'], 4.5)).toEqual([]);
  });

  it('lets what is drawn be seen on paper: 3 to 1', () => {
    expect(tooWeak(DRAWN, ['paper', 'paper-2'], 3)).toEqual([]);
  });
});
