/**
 * Takes a picture of every page in both languages, both themes and three sizes, to look at:
 * `node test/pictures/every-page.ts --out DIR`, of the demo with a day of its past, which it starts, or of a site that
 * runs: `--url http://127.0.0.1:8080 --user admin --password …`. Fewer: `--only map,table` `--sizes phone`
 * `--languages en` `--themes dark`. A page that cannot be taken is named at the end; the others are there all the same.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { OpenPage } from '#test/dashboards/open-page.ts';
import { settle } from '#test/dashboards/settle.ts';
import { type Look, lookSo, openCity } from './open-city.ts';
import { type PageToSee, pagesToSee } from './pages.ts';

const SIZES = { phone: [390, 844], laptop: [1440, 900], wall: [3840, 2160] } as const;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    url: { type: 'string' },
    user: { type: 'string', default: 'admin' },
    password: { type: 'string', default: '' },
    only: { type: 'string' },
    sizes: { type: 'string', default: Object.keys(SIZES).join(',') },
    languages: { type: 'string', default: 'en,zh' },
    themes: { type: 'string', default: 'light,dark' },
    hours: { type: 'string', default: '24' },
  },
});

if (values.out === undefined) {
  console.error('Say where the pictures go: node test/pictures/every-page.ts --out DIR');
  process.exitCode = 2;
} else process.exitCode = (await takePictures(resolve(values.out))) === 0 ? 0 : 1;

/** How many could not be taken. */
async function takePictures(outDir: string): Promise<number> {
  mkdirSync(outDir, { recursive: true });
  await using opened = await openCity({ ...values, url: values.url, hours: Number(values.hours) });
  const wanted = values.only?.split(',');
  const pages = (await pagesToSee(opened.page)).filter(({ name }) => wanted?.includes(name) !== false);
  const missed: string[] = [];
  for (const size of values.sizes.split(',')) {
    const [width, height] = SIZES[size as keyof typeof SIZES];
    for (const language of values.languages.split(',')) {
      for (const theme of values.themes.split(','))
        missed.push(...(await takeAll(opened, { pages, outDir, size, look: { width, height, language, theme } })));
    }
  }
  for (const text of [...missed, ...new Set(opened.faults)]) console.log(text);
  return missed.length;
}

type Order = { pages: readonly PageToSee[]; outDir: string; size: string; look: Look };

/** All pages of one size, language and theme; returns what could not be taken and why. */
async function takeAll(opened: OpenPage, { pages, outDir, size, look }: Order): Promise<string[]> {
  const { page, base, context } = opened;
  const startMs = performance.now();
  const missed: string[] = [];
  await lookSo(page, base, look);
  for (const { name, href, isSignedOut = false } of pages) {
    const picture = `${name}-${size}-${look.language}-${look.theme}`;
    try {
      if (isSignedOut) await context.clearCookies();
      await page.goto(`${base}/${href}`);
      await settle(page);
      await page.screenshot({ path: resolve(outDir, `${picture}.png`) });
    } catch (error) {
      missed.push(`${picture}: ${(error as Error).message.split('\n')[0]}`);
    }
    if (isSignedOut) await context.addCookies([opened.sessionCookie]);
  }
  const tookS = (performance.now() - startMs) / 1000;
  console.log(
    `${size} ${look.language} ${look.theme}: ${pages.length - missed.length} pictures in ${tookS.toFixed(1)} s`,
  );
  return missed;
}
