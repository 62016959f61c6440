/** The page of a site where nothing is registered yet, in a real browser at the sizes of a desk and of a phone. */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT_DIR } from '#system/config.ts';
import { startSite } from '#test/site/site.ts';
import { findBrowser, openBrowser } from './browser.ts';
import { requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

describe.skipIf(browserPath === undefined)('the first page, without cameras', () => {
  const stack = new AsyncDisposableStack();
  let page: Page;

  beforeAll(async () => {
    requireBuiltPage();
    const site = stack.use(await startSite({ materialDir: '/nowhere' }));
    const args = [resolve(ROOT_DIR, 'api/main.ts')];
    await site.children.start({ name: 'api', command: process.execPath, args, env: site.env });
    const { signInCode, url } = site.children.details('api') as { signInCode: string; url: string };
    const { context } = stack.use(await openBrowser(browserPath ?? '', { width: 1440, height: 900 }));
    page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`${url}/#sign-in=${signInCode}`);
  });
  afterAll(() => stack.disposeAsync());

  it.each([
    [1440, 900],
    [390, 844],
  ])('says how to add one, in sight and without anything over it, at %i x %i', async (width, height) => {
    await page.setViewportSize({ width, height });
    const card = page.locator('.empty', { hasText: 'No cameras yet' });
    await card.waitFor();
    const command = card.locator('code');
    expect(await command.textContent()).toBe('./sharp-eyes camera add --name <name> --url rtsp://…');
    const boxes = await card.locator('p > *').evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect()));
    expect(boxes).toHaveLength(3);
    const [before, code, after] = boxes as [DOMRect, DOMRect, DOMRect];
    expect(code.top).toBeGreaterThanOrEqual(before.bottom);
    expect(after.top).toBeGreaterThanOrEqual(code.bottom);
    // The sheet of a phone rises by itself, and may still be on its way; a map that begins holds the page up.
    await expect.poll(async () => (await command.boundingBox())?.y).toBeLessThan(height - 60);
  });
});
