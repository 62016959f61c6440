/**
 * Takes a picture of every page in both languages, both themes and three sizes, to look at:
 * `node test/pictures/every-page.ts --out DIR`, of a small past of the demo's city, or of a site that runs, as
 * `--url http://127.0.0.1:8080 --user admin --password …`; `--only map,table` `--sizes phone` `--languages en` `--themes dark`.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { hrefOf, VIEWS } from '#dashboards/src/workspace/view.ts';
import { findBrowser } from '#test/dashboards/browser.ts';
import { openPageAs, requireBuiltPage } from '#test/dashboards/open-page.ts';
import { settle, watchRequests } from '#test/dashboards/settle.ts';
import { startCityPlace } from './city-place.ts';

const SIZES = { phone: [390, 844], laptop: [1440, 900], wall: [3840, 2160] } as const;
type SizeName = keyof typeof SIZES;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    url: { type: 'string' },
    user: { type: 'string', default: 'admin' },
    password: { type: 'string', default: '' },
    only: { type: 'string', default: VIEWS.join(',') },
    sizes: { type: 'string', default: Object.keys(SIZES).join(',') },
    languages: { type: 'string', default: 'en,zh' },
    themes: { type: 'string', default: 'light,dark' },
    hours: { type: 'string', default: '6' },
  },
});

if (values.out === undefined) {
  console.error('Say where the pictures go: node test/pictures/every-page.ts --out DIR');
  process.exitCode = 2;
} else await takePictures(resolve(values.out));

async function takePictures(outDir: string): Promise<void> {
  requireBuiltPage();
  const browserPath = findBrowser();
  if (browserPath === undefined) throw new Error('no Chromium is installed');
  mkdirSync(outDir, { recursive: true });
  await using stack = new AsyncDisposableStack();
  const { base, user, password } =
    values.url === undefined
      ? stack.use(await startCityPlace({ hours: Number(values.hours) }))
      : { base: values.url, user: values.user, password: values.password };
  const [width, height] = SIZES.laptop;
  const { page } = stack.use(await openPageAs({ base, user, password }, { browserPath, width, height }));
  watchRequests(page);
  for (const size of values.sizes.split(',')) {
    for (const language of values.languages.split(',')) {
      for (const theme of values.themes.split(',')) {
        const seconds = await takeAll(page, { base, outDir, size: size as SizeName, language, theme });
        console.log(`${size} ${language} ${theme}: ${seconds.toFixed(1)} s`);
      }
    }
  }
}

type Order = { base: string; outDir: string; size: SizeName; language: string; theme: string };

async function takeAll(page: Page, { base, outDir, size, language, theme }: Order): Promise<number> {
  const startMs = performance.now();
  const [width, height] = SIZES[size];
  await page.setViewportSize({ width, height });
  await page.goto(`${base}/healthz`);
  await page.evaluate(
    ([chosen, look]) => {
      localStorage.setItem('sharp-eyes.language', chosen);
      localStorage.setItem('sharp-eyes.theme', look);
    },
    [language, theme] as const,
  );
  for (const view of VIEWS.filter((each) => values.only.split(',').includes(each))) {
    await page.goto(`${base}/${hrefOf(view)}`);
    await settle(page);
    await page.screenshot({ path: resolve(outDir, `${view}-${size}-${language}-${theme}.png`) });
  }
  return (performance.now() - startMs) / 1000;
}
