/**
 * Parts of the page as they looked when somebody last found them good, kept in `pictures/`. After a change that is meant:
 * `ACCEPT_PICTURES=1 ./sharp-eyes test dashboards/pictures`, look at the new files, commit them. What differs is drawn
 * beside, as `NAME.difference.png` and `NAME.now.png`.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT_DIR } from '#system/config.ts';
import { findBrowser, openBrowser } from './browser.ts';
import { serveMade } from './made-api.ts';
import { MADE_DASHBOARD } from './made-dashboard.ts';
import { requireBuiltPage } from './open-page.ts';
import { boxFont } from './pictures/box-font.ts';
import { compare, smaller } from './pictures/compare.ts';
import { settle, watchRequests } from './settle.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');
const KEPT_DIR = resolve(ROOT_DIR, 'test/dashboards/pictures');
const isAccepting = process.env.ACCEPT_PICTURES !== undefined;

/** Nothing moves, and every letter is a bar, whose width no machine rounds in its own way. */
const STILL = '*, *::before, *::after { animation: none !important; transition: none !important; caret-color: #0000; }';
const BARS =
  "* { font-family: Box !important; text-rendering: geometricPrecision !important; } @font-face { font-family: Box; src: url('data:font/ttf;base64,";

describe.skipIf(browserPath === undefined)('parts of the page', () => {
  const stack = new AsyncDisposableStack();
  let page: Page;
  let base: string;

  beforeAll(async () => {
    requireBuiltPage();
    const made = await serveMade(MADE_DASHBOARD);
    stack.defer(() => void made.server.close());
    ({ base } = made);
    const { context } = stack.use(await openBrowser(browserPath ?? '', { width: 1280, height: 900 }));
    await context.addInitScript(() => localStorage.setItem('sharp-eyes.signed-in', 'yes'));
    page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(60_000);
    watchRequests(page);
  }, 120_000);
  afterAll(() => stack.disposeAsync());

  async function open(view: string, look: { theme: string; language: string; width: number }): Promise<void> {
    await page.setViewportSize({ width: look.width, height: 900 });
    await page.goto(`${base}/#/${view}`);
    await page.evaluate(({ theme, language }) => {
      localStorage.setItem('sharp-eyes.theme', theme);
      localStorage.setItem('sharp-eyes.language', language);
    }, look);
    await page.reload();
    await settle(page, { mostMs: 60_000 });
    const text = await page.evaluate(() => {
      const fields = [...document.querySelectorAll('input')].map(({ value, placeholder }) => value + placeholder);
      return document.body.textContent + fields.join('');
    });
    await page.addStyleTag({ content: `${STILL} ${BARS}${boxFont(text).toString('base64')}'); }` });
    await page.evaluate(async () => {
      await document.fonts.load('13px Box');
      await document.fonts.ready;
    });
    await settle(page, { mostMs: 60_000 });
  }

  async function expectAsKept(name: string, part: Locator): Promise<void> {
    const now = await smaller(await part.screenshot());
    const file = (kind: string) => resolve(KEPT_DIR, `${name}${kind}.png`);
    if (isAccepting) return writeFileSync(file(''), now);
    expect(existsSync(file('')), `${name} was never accepted`).toBe(true);
    const { isSame, said, difference } = await compare(readFileSync(file('')), now);
    for (const kind of ['.now', '.difference']) rmSync(file(kind), { force: true });
    if (!isSame) {
      writeFileSync(file('.now'), now);
      writeFileSync(file('.difference'), difference);
    }
    expect(isSame, `${name}: ${said}; see ${file('.difference')}`).toBe(true);
  }

  const kitPart = (index: number) => page.locator('.kit-part').nth(index);

  it('look as they were accepted, in light and in dark', async () => {
    await open('kit', { theme: 'light', language: 'en', width: 1280 });
    for (const [index, name] of ['colours', 'sizes', 'buttons', 'fields', 'states', 'table', 'messages'].entries())
      await expectAsKept(`kit-${name}`, kitPart(index));
    await open('kit', { theme: 'dark', language: 'zh', width: 390 });
    await expectAsKept('kit-phone-dark-buttons', kitPart(2));
    await expectAsKept('kit-phone-dark-fields', kitPart(3));
  }, 240_000);

  it('and so do the frame and the panels of a dashboard', async () => {
    await open('dashboard/area/lixia', { theme: 'light', language: 'en', width: 1280 });
    await expectAsKept('rail', page.locator('.rail'));
    await expectAsKept('dashboard-head', page.locator('.dash-head'));
    await expectAsKept('dashboard-headline', page.locator('.dash-panel').first());
  }, 240_000);

  it('are seen to differ when a button moves by a few points', async () => {
    await open('kit', { theme: 'light', language: 'en', width: 1280 });
    const before = await smaller(await kitPart(2).screenshot());
    await page.addStyleTag({ content: '.kit-part .button-primary { margin-left: 6px; }' });
    const moved = await compare(before, await smaller(await kitPart(2).screenshot()));
    expect(moved.isSame, moved.said).toBe(false);
  }, 120_000);
});
