/** The wall of health in a real browser with a thousand cameras, before a real API, store and analytics. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childOf } from '#test/analytics/counting-site.ts';
import { type Site, startSite, until } from '#test/site/site.ts';
import { findBrowser } from './browser.ts';
import { CAMERAS, playThousand } from './health-place.ts';
import { type OpenPage, openSignedIn, requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

/** A click waits for two still pictures, which take long where they are drawn in software on a busy machine. */
const AT_ONCE = { force: true };

describe.skipIf(browserPath === undefined)('the wall of health', () => {
  const stack = new AsyncDisposableStack();
  const life = new AbortController();
  let site: Site;
  let opened: OpenPage;
  let page: Page;

  beforeAll(async () => {
    requireBuiltPage();
    site = stack.use(await startSite());
    await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
    await site.children.start(childOf(site, 'analytics', 'analytics/main.ts'));
    await site.children.start(childOf(site, 'api', 'api/main.ts'));
    const ready = Promise.withResolvers<void>();
    const playing = playThousand(site.config, life.signal, ready.resolve);
    stack.defer(async () => {
      life.abort();
      await playing;
    });
    await Promise.race([ready.promise, playing]);
    opened = stack.use(await openSignedIn(site, { browserPath, width: 1500, height: 900 }));
    page = opened.page;
    await opened.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${opened.base}/#/health`);
    await page.locator('.health-item').first().waitFor();
  });
  afterAll(() => stack.disposeAsync());

  const rows = () => page.locator('.health-item');
  /** Exactly: "80 of 1000 cameras" ends in the same words. */
  const allShown = () => page.getByText(`${CAMERAS} cameras`, { exact: true }).waitFor();
  const firstName = () => rows().first().locator('.health-name b').textContent();

  it('has an address of its own and draws only the rows in view', async () => {
    expect(page.url()).toBe(`${opened.base}/#/health`);
    await allShown();
    expect(await rows().count()).toBeLessThan(40);
  });

  it('sums up why cameras are down, and filters by a reason with one click', async () => {
    await page.getByRole('button', { name: '120 Down' }).waitFor();
    await page.getByRole('button', { name: '80 The camera refused' }).click(AT_ONCE);
    await page.getByText(`80 of ${CAMERAS} cameras`).waitFor();
    await page.getByRole('button', { name: '80 The camera refused' }).click(AT_ONCE);
    await allShown();
  });

  it('shows the worst first, with reason, cure, how long, and the history as a strip', async () => {
    const first = rows().first();
    await first.locator('svg.strip').waitFor();
    expect(await first.locator('.health-reason').textContent()).toMatch(/answer|refused/);
    expect(await first.locator('.health-since').textContent()).toMatch(/^1\d h/);
    expect(await first.locator('.strip-run.is-down').count()).toBe(1);
    await first.locator('img').waitFor();
  });

  it('finds by name, make and tag, and says when nothing matches', async () => {
    const search = page.getByRole('searchbox');
    await page.keyboard.press('/');
    await search.fill('Camera 777');
    await until('the one is shown', async () => (await firstName()) === 'Camera 777');
    await search.fill('nothing like this');
    await page.getByText('No camera matches.').waitFor();
    await search.fill('');
    await page.getByLabel('Make').selectOption('Bolt');
    await page.getByText('333 cameras').waitFor();
    await page.getByLabel('Make').selectOption('');
    await allShown();
  });

  it('is walked with the keyboard to its very end and back, and Enter opens a camera', async () => {
    await rows().first().getByRole('button').first().focus();
    await page.keyboard.press('End');
    await until(
      'the last row has the focus',
      async () =>
        (await page.locator('.health-item:has(button:focus)').getAttribute('aria-posinset')) === String(CAMERAS),
    );
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await until(
      'the second row has the focus',
      async () => (await page.locator('.health-item:has(button:focus)').getAttribute('aria-posinset')) === '2',
    );
    const name = await page.locator('.health-item:has(button:focus) .health-name b').textContent();
    await page.keyboard.press('Enter');
    await page.locator('.health-detail h2', { hasText: name ?? '' }).waitFor();
    expect(page.url()).toMatch(/#\/health\/cam-\d+$/);
    await page.locator('.health-intervals li').first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.health-detail').waitFor({ state: 'detached' });
  });

  it('copies a report for the installer, with the reason and without credentials', async () => {
    const said = rows().first().getByText('Copied').waitFor();
    // With a key: a click that does not wait for a still picture may miss what moves while the panel closes.
    await rows().first().getByRole('button', { name: 'Copy report' }).press('Enter');
    await said;
    const report = await page.evaluate(() => navigator.clipboard.readText());
    for (const part of ['Camera report', 'Address: 10.0.', 'Device: ', '(camera-timed-out)', 'What to do: '])
      expect(report).toContain(part);
    expect(report).toMatch(/State: Down, since .* \(1\d h/);
    expect(report).toMatch(/Last picture: /);
  });

  it('offers the rows as CSV', async () => {
    const link = page.getByRole('link', { name: 'CSV', exact: true });
    const downloading = page.waitForEvent('download');
    await link.click(AT_ONCE);
    expect((await downloading).suggestedFilename()).toMatch(/^camera-health-.*\.csv$/);
  });

  it('speaks Chinese, each reason and cure included', async () => {
    await page.getByRole('button', { name: '切换到中文' }).click(AT_ONCE);
    await page.getByRole('button', { name: '120 离线' }).waitFor();
    expect(await rows().first().locator('.health-reason').textContent()).toMatch(/\p{Script=Han}/u);
    await page.getByRole('button', { name: 'Switch to English' }).click(AT_ONCE);
  });

  it('fits a phone and leads back to the map', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    await rows().first().getByRole('button').first().press('Enter');
    await page.locator('.health-detail').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Map' }).click(AT_ONCE);
    await page.locator('.workspace').waitFor();
    await page.goBack();
    await page.locator('.health-item').first().waitFor();
  });

  it('has no errors in its console', () => expect(opened.faults).toEqual([]));
});
