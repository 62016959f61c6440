/** The page of alerts in a real browser, before a real API, store, broker and relay of alerts. */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, openBroker } from '#system/broker.ts';
import { childOf } from '#test/analytics/counting-site.ts';
import { CITY } from '#test/api/small-city.ts';
import { alertEvent, incidentEvent, publishEvents } from '#test/site/alert-events.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';
import { findBrowser } from './browser.ts';
import { openSignedIn, requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const SHOTS = process.env.PAGE_SHOTS;

describe.skipIf(browserPath === undefined)('the page of alerts', () => {
  const stack = new AsyncDisposableStack();
  let faults: string[];
  let site: Site;
  let base: string;
  let page: Page;
  let engine: Broker;

  const rows = () => page.locator('.alert-item');
  const raise = (name: string, told: Parameters<typeof alertEvent>[1] & { alerts?: number; revision?: number } = {}) =>
    publishEvents(engine, [alertEvent(name, told), incidentEvent(told.incident ?? name, told)]);
  const shot = async (name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: resolve(SHOTS, `alerts-${name}.png`) });
  };

  beforeAll(async () => {
    requireBuiltPage();
    site = stack.use(await startSite());
    await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
    await Promise.all([
      site.children.start(childOf(site, 'alerts', 'analytics/alerts/main.ts')),
      site.children.start(childOf(site, 'api', 'api/main.ts')),
    ]);
    engine = stack.use(await openBroker(site.config, 'analytics', { logger: testLogger, name: 'test-engine' }));
    const opened = stack.use(await openSignedIn(site, { browserPath, width: 1200, height: 760 }));
    ({ base, page, faults } = opened);
    const { cookie } = opened;
    const headers = { 'content-type': 'application/json', cookie, origin: base };
    const areas = await fetch(`${base}/api/v1/areas`, { method: 'PUT', headers, body: JSON.stringify(CITY) });
    expect(areas.status).toBe(200);
    const atMs = Date.now() - 90_000;
    await raise('calm', { atMs, severity: 'info' });
    await raise('grave', { atMs: atMs - 60_000, severity: 'critical' });
    await page.goto(`${base}/#/alerts`);
    await rows().first().waitFor();
  });
  afterAll(() => stack.disposeAsync());

  it('puts the gravest first, whatever is newer', async () => {
    await until('both are there', async () => (await rows().count()) === 2);
    expect(await rows().first().textContent()).toContain('Critical');
    await shot('queue');
  });

  it('shows what happens now within seconds, and many of one thing as one line with a count', async () => {
    await raise('now', { severity: 'critical' });
    await until('it is there', async () => (await rows().count()) === 3);
    await publishEvents(engine, [incidentEvent('now', { severity: 'critical', alerts: 37, revision: 2 })]);
    await page.getByText('×37').waitFor();
    expect(await rows().count()).toBe(3);
  });

  it('opens one with its sentence and its place, and says why it fired', async () => {
    await rows().first().locator('button').click();
    const detail = page.locator('.alert-detail');
    await detail.getByRole('heading', { name: 'A person crossed the line' }).waitFor();
    await detail.locator('[data-testid="alert-map"][data-ready="true"]').waitFor();
    await page.keyboard.press('w');
    await detail.getByText('gate-1:7:42').waitFor();
    await shot('detail');
  });

  it('is worked on by keys: acknowledged, marked, noted, closed, each at once for everybody who watches', async () => {
    await page.keyboard.press('a');
    await page.locator('.alert-detail').getByText('Acknowledged').waitFor();
    await page.keyboard.press('1');
    await page.locator('.alert-marks [aria-pressed="true"]', { hasText: 'Right' }).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.type('A delivery, let in.');
    await page.keyboard.press('Enter');
    await page.locator('.alert-notes').getByText('A delivery, let in.').waitFor();
    await page.getByRole('button', { name: /^Acknowledged/ }).click();
    await until('it moved', async () => (await rows().count()) === 1);
    await page.locator('.alert-head').getByRole('heading').click();
    await page.keyboard.press('c');
    await page.getByRole('button', { name: /^Closed/ }).click();
    await until('it moved on', async () => (await rows().count()) === 1);
    await page.getByRole('button', { name: /^Open/ }).click();
  });

  it('moves no row while a pointer is over the list, and says how many are new', async () => {
    await rows().first().hover();
    const before = await rows().first().textContent();
    await raise('later', { severity: 'critical' });
    await page.getByRole('button', { name: '1 new' }).waitFor();
    expect((await rows().first().textContent())?.slice(0, 20)).toBe(before?.slice(0, 20));
    await page.getByRole('button', { name: '1 new' }).click();
    await until('it is in the list', async () => (await rows().count()) === 3);
  });

  it('speaks Chinese', async () => {
    await page.getByRole('button', { name: '切换到中文' }).click();
    await page.getByText('有人越线').first().waitFor();
    await shot('chinese');
    await page.getByRole('button', { name: 'Switch to English' }).click();
  });

  it('stays usable in a storm of a thousand incidents', async () => {
    const storm = Array.from({ length: 1000 }, (_, number) => `storm-${number}`);
    await publishEvents(
      engine,
      storm.flatMap((name) => [alertEvent(name), incidentEvent(name)]),
    );
    await until('all are in the list', async () => {
      return Number(await rows().first().getAttribute('aria-setsize')) >= 1003;
    });
    expect(await rows().count()).toBeLessThan(40);
    await page.keyboard.press('j');
    await page.locator('.alert-item.is-open').waitFor();
    await shot('storm');
  });

  it('shows the first of the list in full on a wall, where nobody chooses; another only once nobody is at it', async () => {
    await page.goto(`${base}/#/alerts`);
    const detail = page.locator('.alert-detail');
    await rows().first().waitFor();
    await until('nothing is open on a desk', async () => (await detail.count()) === 0);
    await page.setViewportSize({ width: 2400, height: 1200 });
    await detail.getByRole('heading').waitFor();
    const said = async () => (await detail.locator('.alert-head').textContent()) ?? '';
    expect(await rows().first().getAttribute('class')).toContain('is-open');
    expect(page.url()).toMatch(/#\/alerts$/);
    // A note is begun, then the pointer, still inside, clicks on plain text: the field has lost the focus.
    const note = detail.getByRole('textbox');
    await note.click();
    await detail.locator('.alert-head p').first().click();
    await until('the note has lost the focus', () => note.evaluate((field) => field !== document.activeElement));
    const before = await said();
    await raise('gravest', { severity: 'critical', atMs: Date.now() + 1000 });
    await until(
      'it leads the list',
      async () => !(await page.locator('.alert-item.is-open').first().getAttribute('style'))?.includes('top: 0'),
    );
    expect(await said()).toBe(before);
    await page.mouse.move(5, 5);
    await until('it is shown', async () => (await said()) !== before);
    await shot('wall');
    await page.setViewportSize({ width: 1200, height: 760 });
    await until('it is closed on a desk', async () => (await detail.count()) === 0);
  });

  it('has met no error of the page', () => {
    expect(faults).toEqual([]);
  });
});
