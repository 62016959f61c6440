/** A page to take pictures of: of the demo's city, which is started for it, or of a site that runs. */
import type { Page } from 'playwright-core';
import { findBrowser } from '#test/dashboards/browser.ts';
import { type OpenPage, openPageAs, requireBuiltPage } from '#test/dashboards/open-page.ts';
import { watchRequests } from '#test/dashboards/settle.ts';
import { startCityPlace } from './city-place.ts';

type City = { url: string | undefined; user: string; password: string; hours: number };

/** With `url` the site is that one, and nothing is started. */
export async function openCity({ url, user, password, hours }: City): Promise<OpenPage> {
  requireBuiltPage();
  const browserPath = findBrowser();
  if (browserPath === undefined) throw new Error('no Chromium is installed');
  await using opening = new AsyncDisposableStack();
  const whose =
    url === undefined
      ? opening.use(await startCityPlace({ hours, say: (text) => console.log(text) }))
      : { base: url, user, password };
  const opened = opening.use(await openPageAs(whose, { browserPath, width: 1440, height: 900 }));
  watchRequests(opened.page);
  await opened.page.goto(`${opened.base}/healthz`);
  const stack = opening.move();
  return { ...opened, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

export type Look = { width: number; height: number; language: string; theme: string };

/** What is opened next looks so. The page is left for that: it reads its look when it begins. */
export async function lookSo(page: Page, base: string, { width, height, language, theme }: Look): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.goto(`${base}/healthz`);
  await page.evaluate(
    ([chosen, look]) => {
      localStorage.setItem('sharp-eyes.language', chosen);
      localStorage.setItem('sharp-eyes.theme', look);
    },
    [language, theme] as const,
  );
}
