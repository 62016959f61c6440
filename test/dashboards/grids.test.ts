/** The view of grids and the public page in a real browser, before a real API and broker. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Area } from '#models/schema/area.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { above, grid, notchedRing, replaced, smallCity } from '#test/models/registry/division/squares.ts';
import { findBrowser, openBrowser } from './browser.ts';
import { requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

/** A broker, an API and a browser, on a busy machine. */
const SETTLE_MS = 120_000;

const collection = (areas: readonly Area[]) => ({
  type: 'FeatureCollection',
  features: areas.map(({ geometry, version: _, ...properties }) => ({ type: 'Feature', properties, geometry })),
});

describe.skipIf(browserPath === undefined)('the view of grids', () => {
  const stack = new AsyncDisposableStack();
  const faults: string[] = [];
  let api: ApiSite;
  let context: BrowserContext;
  let page: Page;
  let folder: string;

  const follow = (opened: Page) => {
    opened.on('pageerror', (error) => faults.push(error.message));
    opened.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`);
    });
  };
  const file = (name: string, areas: readonly Area[]) => {
    const path = resolve(folder, name);
    writeFileSync(path, JSON.stringify(collection(areas)));
    return path;
  };

  beforeAll(async () => {
    requireBuiltPage();
    folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-grids-'));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    api = stack.use(await startApi({ publicDivision: true }));
    const holey = replaced(smallCity(), grid('d', 'village', notchedRing([3, 2, 4, 4]), { households: 90 }));
    await api.ask('PUT', '/api/v1/areas', { body: collection(holey) });
    context = stack.use(await openBrowser(browserPath ?? '', { width: 1100, height: 720 })).context;
    page = context.pages()[0] ?? (await context.newPage());
    follow(page);
    // Straight to the view, past the map page, which would draw a second map.
    const body = { user: 'admin', password: api.welcome.firstPassword };
    const signedIn = await api.ask('POST', '/api/v1/sign-in', { body, token: null });
    const [name = '', value = ''] = signedIn.headers.getSetCookie()[0]?.split(';')[0]?.split('=') ?? [];
    await context.addCookies([{ name, value, url: api.url }]);
    await page.addInitScript(() => localStorage.setItem('sharp-eyes.signed-in', 'yes'));
    await page.goto(`${api.url}/#/grids`);
    await page.locator('[data-testid=division-map][data-ready=true] canvas').waitFor();
  }, SETTLE_MS);
  afterAll(() => stack.disposeAsync());

  it('lists faults by kind with their count, and shows the one that is chosen', async () => {
    const gaps = page.getByRole('button', { name: /^Gaps\s*1$/ });
    await gaps.click();
    await page.getByRole('button', { name: /m² of village belong to no area below it/ }).click();
    await page.locator('.grid-fault-list button[aria-pressed=true]').waitFor();
    await page.getByRole('button', { name: /^Fewer than 300 households\s*1$/ }).click();
    await page.getByRole('button', { name: 'd has 90 households, fewer than 300' }).click();
    await page.getByTestId('grid-card').getByText('90').waitFor();
  });

  it('names the areas of the chosen level', async () => {
    await page.getByTestId('grid-card').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.locator('.division-names span', { hasText: /^a$/ }).waitFor();
    await page.getByRole('button', { name: 'Street', exact: true }).click();
    await page.locator('.division-names span', { hasText: /^street$/ }).waitFor();
    await page.getByRole('button', { name: 'Grid', exact: true }).click();
  });

  it('looks at a file first, and says what is wrong with it without importing anything', async () => {
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const lost = file('lost.geojson', [grid('x', 'nowhere', notchedRing([0, 0, 2, 2]))]);
    await page.locator('.grid-file input').setInputFiles(lost);
    await page.getByText('Nothing can be imported: 1 problems').waitFor();
    await page.getByText('its parent "nowhere" is not there').waitFor();
    expect(api.context.areas.get('x')).toBeUndefined();
  });

  it('imports a good file when told to, and checks again', async () => {
    await page.locator('.grid-file input').setInputFiles(file('good.geojson', smallCity()));
    await page.getByText('0 new, 1 changed, 7 as they were').waitFor();
    expect(api.context.areas.get('d')?.households).toBe(90);
    await page.locator('.grid-import .button-primary').click();
    await page.getByText('8 areas imported').waitFor();
    expect(api.context.areas.get('d')?.households).toBe(400);
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('Every area is covered once').waitFor();
  });

  it('publishes with a note, and tells what changed since', async () => {
    await page.getByRole('button', { name: 'Versions' }).click();
    await page.getByLabel('Note').fill('the first');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('Version 1 is published').waitFor();
    const suburb = [above('suburb', 'village', 'street', notchedRing([9, 9, 10, 10]))];
    await api.ask('PUT', '/api/v1/areas', { body: collection(suburb) });
    await page.getByRole('button', { name: 'Compare with today' }).click();
    await page.getByTestId('grid-changes').getByText('New suburb').waitFor();
  });

  it('shows the published division to somebody who is not signed in, and nothing of today', async () => {
    await context.clearCookies();
    const open = await context.newPage();
    follow(open);
    await open.goto(`${api.url}/division`);
    await open.locator('[data-testid=division-map][data-ready=true] canvas').waitFor();
    await open.getByText(/^Version 1 of/).waitFor();
    await open.locator('.division-names span', { hasText: /^d$/ }).waitFor();
    await open.getByRole('button', { name: 'Community' }).click();
    await open.locator('.division-names span', { hasText: /^village$/ }).waitFor();
    expect(await open.getByText('suburb').count()).toBe(0);
    await open.close();
  });

  it('says nothing wrong to the console, and is kept by the content policy', () => {
    expect(faults).toEqual([]);
  });
});
