/** The heat map's page in a real browser, before a real API, store and analytics with a simulated past. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#test/site/site.ts';
import { findBrowser } from './browser.ts';
import { type HeatPlace, HOURS, startHeatPlace, UNTIL_MS } from './heat-place.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const iso = (atMs: number) => new Date(atMs).toISOString().slice(0, 16);
const SPAN = `from=${iso(UNTIL_MS - (HOURS / 2) * 3_600_000)}Z&to=${iso(UNTIL_MS)}Z`;

let place: HeatPlace;
let page: Page;

/** Waits until the map shows figures of that sort. */
const shown = (what: string) => page.locator(`[data-testid=map][data-shown="${what}"]:not([data-cells="0"])`).waitFor();

const query = () => new URLSearchParams(new URL(page.url()).hash.split('?')[1] ?? '');

async function open(choices: string): Promise<void> {
  await page.goto(`${place.base}/#/map?${choices === '' ? SPAN : `${SPAN}&${choices}`}`);
}

async function choose(menu: string, entry: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${menu}:`) }).click();
  await page
    .getByRole('dialog', { name: menu })
    .getByRole('button', { name: new RegExp(`^${entry}`) })
    .click();
}

/** The first pixel, from the middle of the map outwards, under which there is a figure. */
async function pointAtFigure(): Promise<{ x: number; y: number }> {
  for (let ring = 0; ring < 30; ring++) {
    for (const [east, south] of [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
      [1, 1],
      [-1, -1],
      [1, -1],
      [-1, 1],
    ] as const) {
      const at = { x: 820 + east * ring * 14, y: 400 + south * ring * 14 };
      if (at.x < 400 || at.x > 1240 || at.y < 70 || at.y > 560) continue;
      await page.mouse.move(at.x, at.y);
      const card = page.getByTestId('cell-card');
      if (await card.isVisible().then((isVisible) => isVisible && card.getByText('Watched for').isVisible())) return at;
    }
  }
  throw new Error('no figure is under any pixel');
}

describe.skipIf(browserPath === undefined)('the heat map’s page', () => {
  beforeAll(async () => {
    place = await startHeatPlace(browserPath ?? '');
    page = place.page;
    await page.goto(`${place.base}/#sign-in=${place.signInCode}`);
    await page.locator('[data-testid=map][data-ready=true] canvas').waitFor();
  });

  afterAll(() => place?.[Symbol.asyncDispose]());

  it('opens with the choices of the address, and says measure, unit and zone', async () => {
    await open('measure=speed&kind=car');
    await shown('cells speed value');
    const legend = page.getByRole('region', { name: 'Legend' });
    await legend.getByText('Speed · Cars').waitFor();
    await legend
      .getByText(/^\d.* m\/s$/)
      .first()
      .waitFor();
    await legend.getByText(/Asia\/Shanghai, UTC\+08:00/).waitFor();
  });

  it('puts each choice into the address, and "back" takes it back', async () => {
    await choose('Measure', 'Most at once');
    await shown('cells peak value');
    expect(query().get('measure')).toBe('peak');
    await page.goBack();
    await shown('cells speed value');
    expect(query().get('measure')).toBe('speed');
  });

  it('counts only the hours of the week that were chosen, drawn with the keyboard or by name', async () => {
    await page.getByRole('button', { name: /^Time range:/ }).click();
    await page.getByRole('button', { name: 'Rush hours' }).click();
    await page.getByText('20 of 168 hours').waitFor();
    await page.getByTestId('hour-field').press('ArrowRight');
    await page.getByTestId('hour-field').press(' ');
    await until('the hour is in the address', () => query().get('hours')?.includes('7-9') === true);
    const asked = page.waitForRequest((request) => /\/heat-map\?(?!.*weekHours)/.test(request.url()));
    await page.getByRole('button', { name: 'All hours' }).click();
    await asked;
    expect(query().get('hours')).toBeNull();
    await page.keyboard.press('Escape');
  });

  it('compares with the span before on a scale whose direction is told by signs', async () => {
    await open('');
    await shown('cells presence value');
    await choose('Compare', 'The span just before');
    await shown('cells presence compare');
    const legend = page.getByRole('region', { name: 'Legend' });
    await legend.getByText('− less').waitFor();
    await legend.getByText('more +').waitFor();
    await legend.getByText('per hour watched').waitFor();
    await pointAtFigure();
    expect(await page.getByTestId('cell-card').textContent()).toMatch(/In this span.*In the other span/);
  });

  it('says that there is no normal where there are not three weeks of it', async () => {
    await open('compare=normal');
    await shown('cells presence normal');
    await page.getByRole('region', { name: 'Legend' }).getByText('No normal yet').first().waitFor();
    await pointAtFigure();
    await page.getByText('Not enough earlier weeks to say what is normal.').waitFor();
  });

  it('colours areas by their figures and writes them below the names', async () => {
    await open('level=grid');
    await shown('areas presence value');
    await page.locator('.area-label.is-coloured.is-shown b').first().waitFor();
    await pointAtFigure();
    expect(await page.getByTestId('cell-card').textContent()).toMatch(/网格.*Watched for/);
  });

  it('steps through time with the keyboard, on one scale for all steps', async () => {
    await open('play=hour');
    const slider = page.getByRole('slider', { name: 'Time' });
    await page.locator('.play-wait .spinner').waitFor({ state: 'detached' });
    const ticks = () => page.locator('.legend-ticks').textContent();
    const [first, scale] = [await slider.getAttribute('aria-valuetext'), await ticks()];
    await slider.press('ArrowRight');
    await page.locator('.play-wait .spinner').waitFor({ state: 'detached' });
    expect(await slider.inputValue()).toBe('1');
    expect(await slider.getAttribute('aria-valuetext')).not.toBe(first);
    expect(await ticks()).toBe(scale);
    await slider.press(' ');
    await until('it plays on', async () => (await slider.inputValue()) === '2');
    await page.getByRole('button', { name: 'Stop playing and close' }).click();
    await page.getByTestId('play-bar').waitFor({ state: 'detached' });
  });

  it('saves the map as a picture with more in it than the ground', async () => {
    await open('');
    await shown('cells presence value');
    await page.getByRole('button', { name: /^Export:/ }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^Picture/ }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^sharp-eyes-presence-.*\.png$/);
    const picture = sharp(readFileSync(await download.path()));
    const { width, height } = await picture.metadata();
    const map = await page.getByTestId('map').boundingBox();
    expect([width, height]).toEqual([map?.width, (map?.height ?? 0) + 128]);
    const { channels } = await picture.extract({ left: 400, top: 60, width: 750, height: 600 }).stats();
    expect(Math.min(...channels.slice(0, 3).map(({ stdev }) => stdev))).toBeGreaterThan(3);
  });

  it('has written no error to the console', () => {
    expect(place.faults).toEqual([]);
  });
});
