/** One table in a real browser, before a real API, store and analytics: figures, areas below, sorting, both languages, print. */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '#system/config.ts';
import { areaOf, childOf } from '#test/analytics/counting-site.ts';
import { type Site, startSite } from '#test/site/site.ts';
import { findBrowser } from './browser.ts';
import { type OpenPage, openSignedIn, requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const SHOTS = process.env.PAGE_SHOTS;

describe.skipIf(browserPath === undefined)('the one table', () => {
  const stack = new AsyncDisposableStack();
  let site: Site;
  let opened: OpenPage;
  let page: Page;

  beforeAll(async () => {
    requireBuiltPage();
    site = stack.use(await startSite());
    await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
    await site.children.start(childOf(site, 'analytics', 'analytics/main.ts'));
    await site.children.start(childOf(site, 'api', 'api/main.ts'));
    opened = stack.use(await openSignedIn(site, { browserPath, width: 1280, height: 1100 }));
    page = opened.page;
    await fill();
    await page.goto(`${opened.base}/#/table/jinan`);
    await page.locator('.below-table tbody tr').first().waitFor();
  });
  afterAll(() => stack.disposeAsync());

  async function fill(): Promise<void> {
    const send = async (method: string, path: string, body: unknown) => {
      const headers = { 'content-type': 'application/json', cookie: opened.cookie, origin: opened.base };
      const answer = await fetch(`${opened.base}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) });
      expect(await answer.text().then((text) => `${answer.status} ${text}`)).toMatch(/^20/);
    };
    const named = [
      { ...areaOf('jinan', 'city', null, 5000), name: '济南市' },
      { ...areaOf('lixia', 'district', 'jinan', 2000), name: '历下区' },
      { ...areaOf('huaiyin', 'district', 'jinan', 900), name: '槐荫区' },
    ];
    const features = named.map(({ geometry, version: _version, ...properties }) => ({
      type: 'Feature',
      properties,
      geometry,
    }));
    await send('PUT', 'areas', { type: 'FeatureCollection', features });
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: loadConfig().timeZone }).format(Date.now());
    const csv = `区域,指标,数值,日期,来源\n历下区,常住人口,819139,2026-06-30,统计局\n槐荫区,常住人口,651910,2026-06-30,统计局\n历下区,出租房屋,4120,2026-10-31,街道\n历下区,上报事件,12,${today},城管\n槐荫区,上报事件,31,${today},城管\n`;
    await send('POST', 'totals/import', { csv });
  }

  const row = (label: string) => page.locator('.one-table tbody tr', { hasText: label }).first();
  const firstBelow = () => page.locator('.below-table tbody tr th').first().textContent();
  const shot = async (name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: resolve(SHOTS, `table-${name}.png`), fullPage: true });
  };

  it('shows what was imported with its source and age, and of how many areas it is the sum', async () => {
    const residents = await row('Residents').textContent();
    expect(residents).toContain('1,471,049');
    expect(residents).toContain('sum of 2 of 2 areas below');
    expect(residents).toContain('统计局');
    expect(residents).toContain('2026-06-30');
    expect(await row('Rented units').textContent()).toContain('sum of 1 of 2 areas below');
    expect(await row('Shops').locator('td').first().textContent()).toBe('–');
    await shot('en-light');
  });

  it('sorts the areas below by any figure, and leads into them', async () => {
    const sort = page.locator('.below-table thead button', { hasText: 'Events reported' });
    await sort.click({ force: true });
    expect(await firstBelow()).toBe('槐荫区');
    await sort.click({ force: true });
    expect(await firstBelow()).toBe('历下区');
    await page.locator('.below-table tbody a', { hasText: '历下区' }).click({ force: true });
    await page.locator('.table-of', { hasText: '历下区' }).waitFor();
    expect(await row('Residents').textContent()).toContain('819,139');
    expect(await page.locator('.below-table').count()).toBe(0);
  });

  it('leaves its buttons out of the printed page', async () => {
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.table-print').isVisible()).toBe(false);
    expect(await page.locator('.one-table').isVisible()).toBe(true);
    await shot('print');
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
  });

  it('speaks Chinese', async () => {
    await page.goto(`${opened.base}/#/table/jinan`);
    await page.locator('.below-table').waitFor();
    await page.getByRole('button', { name: '切换到中文' }).click({ force: true });
    await row('常住人口').waitFor();
    expect(await row('常住人口').textContent()).toContain('1,471,049 人');
    expect(await row('上报事件').textContent()).toContain('43 件');
    await shot('zh-dark');
    expect(opened.faults).toEqual([]);
  });
});
