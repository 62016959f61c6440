/** Every view of the page in a real browser: for those who do not see it well, in both languages, by its address, by keys, at any size, within one host. */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hrefWith } from '#dashboards/src/workspace/kept.ts';
import { hrefOf, VIEWS } from '#dashboards/src/workspace/view.ts';
import { findBrowser } from './browser.ts';
import { type EveryPlace, startEveryPlace } from './every-place.ts';
import { COLOURS, filled, latinIn, strangeIn, tooWide, violations, WCAG } from './look-over.ts';
import { settle } from './settle.ts';
import { tabStops } from './tab-stops.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const SHOTS = process.env.PAGE_SHOTS;
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const WALL = { width: 3840, height: 900 };
const QUICK = { stillMs: 160, mostMs: 4000 };

/** Parts of the page, in the order in which the tab key reaches them. */
const PARTS = ['skip-button', 'rail', 'shell-header', 'shell-content'];

/** Every view, of one district and one day where it knows those. */
const KEPT = { area: 'hexi', time: 'range=day' };
const MAIN = VIEWS.map((view) => hrefWith(view, KEPT));
/** What opens in views. */
const deeper = (incident: string) => [
  '#/map?area=hexi&level=street',
  '#/map?camera=crossing',
  hrefOf('alerts', incident),
  '#/dashboard/camera/crossing',
  hrefOf('cameras', 'crossing'),
  '#/rules/red-line',
  '#/channels/duty',
  hrefOf('channels', ':nats'),
  '#/health/market',
  '#/health/parking',
  '#/operations/ingest',
];

/** By what is wrong: "where: what". */
const found = {
  broken: [] as string[],
  latin: [] as string[],
  strange: [] as string[],
  wide: [] as string[],
  unfilled: [] as string[],
  tabs: [] as string[],
  search: [] as string[],
};

describe.skipIf(browserPath === undefined)('every view', () => {
  const stack = new AsyncDisposableStack();
  let place: EveryPlace;
  let page: Page;

  const note = (what: keyof typeof found, where: string, texts: readonly string[]) =>
    found[what].push(...texts.map((text) => `${where}: ${text}`));
  const go = async (hash: string) => {
    await page.evaluate((next) => {
      location.hash = next;
    }, hash);
    await settle(page, QUICK);
  };
  const shot = async (name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: resolve(SHOTS, `${name.replaceAll(/[^\w-]+/g, '_')}.png`) });
  };
  const speak = async (name: string, tag: string) => {
    await page.getByRole('button', { name }).press('Enter');
    await page.waitForFunction((lang) => document.documentElement.lang === lang, tag);
  };
  const resize = async (size: typeof DESK) => {
    await page.setViewportSize(size);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  };

  /** Looks at what is open in every dress; at the end it is as it was. */
  async function lookOver(where: string): Promise<void> {
    const { names } = place;
    note('broken', `${where} light`, await violations(page, WCAG));
    note('strange', where, await strangeIn(page, names));
    note('wide', `${where} on a desk`, await tooWide(page));
    await page.emulateMedia({ colorScheme: 'dark' });
    // What is there is the same as in the light; its colours are not.
    note('broken', `${where} dark`, await violations(page, COLOURS));
    await speak('切换到中文', 'zh-CN');
    note('latin', where, await latinIn(page, names));
    await shot(`${where}-zh-dark`);
    await speak('Switch to English', 'en');
    await page.emulateMedia({ colorScheme: 'light' });
    await resize(PHONE);
    note('wide', `${where} on a phone`, await tooWide(page));
    await shot(`${where}-phone`);
    await resize(WALL);
    const { share, lean } = await filled(page);
    if (share < 0.8 && lean > 0.02) note('unfilled', where, [`${Math.round(share * 100)} % of the width`]);
    await shot(`${where}-wall`);
    await resize(DESK);
  }

  /** Goes through what is open by the tab key alone. */
  async function tabThrough(where: string): Promise<void> {
    const { stops, isRound } = await tabStops(page);
    if (!isRound) note('tabs', where, [`never comes back: ${stops.at(-1)?.what}`]);
    const unseen = stops.filter(({ ringPx }) => ringPx < 1).map(({ what }) => `no focus to be seen: ${what}`);
    note('tabs', where, [...new Set(unseen)]);
    const parts = stops.map((stop) => stop.where).filter((part, index, all) => part !== all[index - 1]);
    const isInOrder = parts.join() === PARTS.filter((part) => parts.includes(part)).join();
    if (!isInOrder || !parts.includes('shell-header')) note('tabs', where, [`goes through ${parts.join(', ')}`]);
  }

  /** By / where the view has no search of its own, else by Ctrl-K. */
  async function search(where: string): Promise<void> {
    const hasOwn = (await page.locator('[data-own-search]').count()) > 0;
    await page.locator('.skip-button').focus();
    await page.keyboard.press('/');
    if (hasOwn) {
      if ((await page.locator('[data-own-search]:focus').count()) === 0) note('search', where, ['/ finds no field']);
      await page.keyboard.press('Control+k');
    }
    const field = page.getByRole('combobox', { name: 'Search' });
    await field.waitFor();
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
  }

  beforeAll(async () => {
    place = stack.use(await startEveryPlace(browserPath ?? ''));
    page = place.page;
    // What moves is looked at where it ends.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(`${place.base}/${MAIN[0]}`);
    await settle(page, QUICK);
  }, 240_000);
  afterAll(() => stack.disposeAsync());

  it('can be looked at in both themes, both languages and three sizes, and walked by keys', async () => {
    for (const hash of [...MAIN, ...deeper(place.incident)]) {
      await go(hash);
      if (MAIN.includes(hash)) {
        await tabThrough(hash);
        await search(hash);
      }
      await lookOver(hash);
    }
  }, 900_000);

  it('can be looked at before one is signed in as well: the public division, and the door', async () => {
    await page.goto(`${place.base}/division`);
    await settle(page, QUICK);
    await lookOver('division');
    await page.goto(`${place.base}/${hrefOf('kit')}`);
    await settle(page, QUICK);
    await page.getByRole('button', { name: /^Your account:/ }).press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    const user = page.getByLabel('User');
    await user.waitFor();
    await lookOver('door');
    await user.fill(place.user);
    await page.getByLabel('Password').fill(place.password);
    await page.keyboard.press('Enter');
    await page.locator('.shell-content[data-view="kit"]').waitFor();
    await go(MAIN[0] ?? '');
  }, 120_000);

  it('breaks no rule of WCAG 2.2 AA that a program can check, light or dark', () => expect(found.broken).toEqual([]));

  it('says nothing in English when it speaks Chinese, but names, ids, units, formats and commands', () =>
    expect([...new Set(found.latin)]).toEqual([]));

  it('says nothing in Chinese when it speaks English, and nothing that is no word', () =>
    expect([...new Set(found.strange)]).toEqual([]));

  it('needs no scrolling sideways, at a desk or on a phone', () => expect(found.wide).toEqual([]));

  it('fills a wall of screens, or stands in its middle', () => expect(found.unfilled).toEqual([]));

  it('leads the tab key through rail, header and content, each stop in sight, and out again', () =>
    expect(found.tabs).toEqual([]));

  it('opens the search by / and by Ctrl-K, which Escape closes', () => expect(found.search).toEqual([]));

  it('leads past the rail by the first key of all', async () => {
    await page.locator('.skip-button').press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });

  it('opens its menus by keys, and gives the focus back when Escape closes them', async () => {
    await settle(page, QUICK);
    for (const name of [/^Place:/, /^Time range:/, /^Your account:/]) {
      const button = page.getByRole('button', { name });
      const menu = page.locator('[popover]:popover-open');
      await button.press('Enter');
      await menu.waitFor();
      expect(await violations(page, WCAG)).toEqual([]);
      await page.keyboard.press('Escape');
      await menu.waitFor({ state: 'detached' });
      expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    }
  });

  it('moves the map to the place that is chosen in the header', async () => {
    await go('#/map?area=hexi');
    const marker = page.locator('[data-camera=market]');
    const before = await marker.boundingBox();
    await page.getByRole('button', { name: /^Place:/ }).press('Enter');
    await page.locator('.trail-menu a', { hasText: '南门街道' }).press('Enter');
    await expect.poll(async () => (await marker.boundingBox())?.x, { timeout: 20_000 }).not.toBe(before?.x);
    expect(page.url()).toContain('#/map?area=nanmen');
  });

  it('opens by its address as by walking there, also after a reload, and "back" and "forward" return', async () => {
    await page.goto(`${place.base}/${MAIN[0]}`);
    const walked = [];
    for (const view of VIEWS) {
      const link = page.locator(`.rail a[href="${hrefWith(view, KEPT)}"]`);
      if (view === 'kit') await page.evaluate((hash) => location.assign(hash), hrefOf('kit'));
      else if (view !== 'map') await link.press('Enter');
      await page.locator(`.shell-content[data-view="${view}"]`).waitFor();
      walked.push(await shown(page));
    }
    const other = await place.context.newPage();
    for (const seen of walked) {
      await other.goto('about:blank');
      await other.goto(`${place.base}/${seen.hash}`);
      await expect.poll(() => shown(other), { timeout: 20_000 }).toEqual(seen);
    }
    await other.reload();
    await expect.poll(() => shown(other), { timeout: 20_000 }).toEqual(walked.at(-1));
    await other.close();
    for (const seen of walked.toReversed().slice(1)) {
      await page.goBack();
      await expect.poll(() => shown(page), { timeout: 20_000 }).toEqual(seen);
    }
    await page.goForward();
    await expect.poll(() => shown(page), { timeout: 20_000 }).toEqual(walked[1]);
  }, 180_000);

  it('asks nothing of another host, runs no script that stands in the page, and throws nothing', async () => {
    const { headers } = await fetch(place.base);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self'");
    expect([...place.hosts]).toEqual([new URL(place.base).host]);
    // No worker of ingest runs here: the browser notes by itself that there is no picture and no search.
    const isNoted = /status of 503 .*\/(discoveries|cameras\/[^/]+\/picture\.jpg)$/;
    expect(place.faults.filter((text) => !isNoted.test(text))).toEqual([]);
  });
});

/** What tells one where one is. */
async function shown(page: Page) {
  const textOf = async (selector: string) => (await page.locator(selector).allTextContents()).join(' ');
  return {
    hash: new URL(page.url()).hash,
    view: await textOf('.shell-header h1'),
    place: await textOf('.trail li > a, .trail .menu-button'),
    time: await textOf('.time-bar .menu-button'),
  };
}
