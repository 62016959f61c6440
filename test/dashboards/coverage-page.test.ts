/** The coverage page in a real browser: the city's cameras, houses and key places, before a real API, store and analytics. */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyPlaceMap } from '#demo/world/plan/key-places.ts';
import { VIEWS } from '#demo/world/views.ts';
import { type Site, until } from '#test/site/site.ts';
import { findBrowser } from './browser.ts';
import { startCoveredSite } from './coverage-place.ts';
import { type OpenPage, openSignedIn, requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

/** A folder to keep pictures of the page in, for whoever wants to look at it. */
const shotsDir = process.env.SHARP_EYES_TEST_SHOTS;

describe.skipIf(browserPath === undefined)('the coverage page', () => {
  const stack = new AsyncDisposableStack();
  let site: Site;
  let opened: OpenPage;
  let page: Page;

  beforeAll(async () => {
    requireBuiltPage();
    const covered = await startCoveredSite();
    site = stack.use(covered.site);
    opened = stack.use(await openSignedIn(site, { browserPath, width: 1500, height: 900 }));
    page = opened.page;
    await page.goto(`${opened.base}/#/coverage`);
    await page.locator('[data-testid=coverage-map][data-ready=true]').waitFor();
  }, 600_000);
  afterAll(() => stack.disposeAsync());

  async function shoot(name: string): Promise<void> {
    if (shotsDir === undefined) return;
    await page.waitForLoadState('networkidle').catch(() => {});
    await page.screenshot({ path: resolve(shotsDir, `${name}.png`) });
  }
  const map = () => page.locator('[data-testid=coverage-map]');
  const rowsOf = (heading: string) => page.locator('section', { has: page.getByRole('heading', { name: heading }) });
  const shownCells = async () => Number(await map().getAttribute('data-cells'));

  it('draws the ground that is seen, and says how much of the open ground it is', async () => {
    await until('cells are drawn', async () => (await shownCells()) > 100);
    await expect
      .poll(() => page.locator('.coverage-figure').textContent())
      .toMatch(/^[\d.]+ % of the open|^[\d.]+% of the open ground is seen by day/);
    await shoot('day');
    const byDay = await page.locator('.coverage-figure').textContent();
    await page.getByRole('button', { name: 'By night' }).click();
    await expect.poll(() => page.locator('.coverage-figure').textContent()).toContain('by night');
    expect(await page.locator('.coverage-figure').textContent()).not.toBe(byDay);
    await shoot('night');
    await page.getByRole('button', { name: 'By day' }).click();
  });

  it('lists blind checkpoints first, and shows one on the map when it is chosen', async () => {
    const places = rowsOf('Key areas and checkpoints').locator('.coverage-row');
    await page.getByRole('button', { name: `Show all ${keyPlaceMap(VIEWS).features.length}` }).click();
    await expect.poll(() => places.count()).toBe(keyPlaceMap(VIEWS).features.length);
    const first = places.first();
    expect(await first.textContent()).toContain('Blind');
    await first.click();
    expect(await first.getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => page.locator('.place-marker.is-chosen').count()).toBe(1);
    await shoot('place');
    await first.click();
  });

  it('names the camera that was planned and hardly watched, with what kept it', async () => {
    const hardly = rowsOf('Planned, hardly watched').locator('.coverage-row');
    await expect.poll(() => hardly.count()).toBe(1);
    expect(await hardly.textContent()).toMatch(/Old Market.*nobody watched/);
  });

  it('searches for what would help, draws the chosen suggestion, and stops when it is told to', async () => {
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    const found = page.locator('[data-testid=suggestions] .coverage-row');
    await page.getByText('Together they reach at least 63').waitFor();
    expect(await found.count()).toBeGreaterThanOrEqual(3);
    const added = found.filter({ hasText: 'New camera' }).first();
    expect(await added.textContent()).toMatch(/0% → 100%/);
    await added.click();
    await expect.poll(() => page.locator('.coverage-legend').textContent()).toContain('Would be seen');
    await shoot('suggestion');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('button', { name: 'Search', exact: true }).waitFor();
  });

  it('speaks Chinese in the dark, and of one street alone', async () => {
    await page.getByRole('button', { name: /^Place:/ }).click();
    await page.getByRole('searchbox', { name: 'Find an area' }).fill('nanmen');
    await page.locator('.trail-menu a', { hasText: '南门街道' }).click();
    expect(page.url()).toContain('#/coverage?area=nanmen');
    await expect.poll(() => rowsOf('Key areas and checkpoints').locator('.coverage-row').count()).toBeGreaterThan(1);
    await shoot('street');
    await page.evaluate(() => {
      localStorage.setItem('sharp-eyes.language', 'zh');
      localStorage.setItem('sharp-eyes.theme', 'dark');
    });
    await page.reload();
    await map().and(page.locator('[data-ready=true]')).waitFor();
    await page.getByText('重点区域与卡口').waitFor();
    await until('cells are drawn again', async () => (await shownCells()) > 100);
    await shoot('chinese-dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await shoot('phone');
    expect(opened.faults).toEqual([]);
  });
});
