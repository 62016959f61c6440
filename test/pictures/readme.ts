/**
 * Takes the pictures of README.md anew, of the demo's own city: `node test/pictures/readme.ts`, into docs/pictures; of a demo
 * that runs with `--url http://127.0.0.1:8080 --password …`. Look at them before they are committed.
 */
import { mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { ROOT_DIR } from '#system/config.ts';
import { settle } from '#test/dashboards/settle.ts';
import { lookSo, openCity } from './open-city.ts';
import { pagesToSee } from './pages.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: resolve(ROOT_DIR, 'docs/pictures') },
    url: { type: 'string' },
    user: { type: 'string', default: 'admin' },
    password: { type: 'string', default: '' },
    hours: { type: 'string', default: '30' },
  },
});

const COLOURS = 200;

type Picture = { name: string; height: number; theme: string; ready?: (page: Page) => Promise<void> };

const PICTURES: (Picture & { page: string })[] = [
  { name: 'heat-map', page: 'map-play', height: 900, theme: 'dark', ready: toTheBusyHour },
  { name: 'dashboard', page: 'dashboard', height: 1180, theme: 'light' },
  { name: 'alert', page: 'alert', height: 1180, theme: 'light', ready: openWhy },
];

/** Some hours before now; the slider is stepped by keys, as a person may. */
async function toTheBusyHour(page: Page): Promise<void> {
  const slider = page.locator('.play-slider');
  await slider.focus();
  await slider.press('End');
  for (let step = 0; step < 6; step++) await slider.press('ArrowLeft');
  await page.locator('h1').click();
}

async function openWhy(page: Page): Promise<void> {
  await page.keyboard.press('w');
  await page.locator('.alert-why').waitFor();
}

mkdirSync(values.out, { recursive: true });
await using opened = await openCity({ ...values, url: values.url, hours: Number(values.hours) });
const pages = await pagesToSee(opened.page);
for (const { name, page: wanted, height, theme, ready } of PICTURES) {
  const href = pages.find((each) => each.name === wanted)?.href;
  if (href === undefined) throw new Error(`the city has nothing to show for ${name} yet`);
  await lookSo(opened.page, opened.base, { width: 1440, height, language: 'en', theme });
  await opened.page.goto(`${opened.base}/${href}`);
  await settle(opened.page, { mostMs: 60_000 });
  await ready?.(opened.page);
  await settle(opened.page, { mostMs: 60_000 });
  const path = resolve(values.out, `${name}.png`);
  await sharp(await opened.page.screenshot())
    .png({ palette: true, colours: COLOURS, effort: 10 })
    .toFile(path);
  console.log(`${path}: ${Math.round(statSync(path).size / 1024)} KiB`);
}
