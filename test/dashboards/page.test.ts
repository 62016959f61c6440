/** The page in a real browser, before a real API, store and analytics, with looks that came over a real NATS. */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Children, superviseChildren } from '#system/children.ts';
import { ROOT_DIR } from '#system/config.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';
import { findBrowser, openBrowser } from './browser.ts';
import { requireBuiltPage } from './open-page.ts';
import { AREAS, CALIBRATION, CAMERAS, PARKED, playWorker } from './watched-place.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const stack = new AsyncDisposableStack();
const life = new AbortController();
const faults: string[] = [];
let site: Site;
let api: Children;
let base: string;
let page: Page;

/** The API under a supervision of its own, so that it can be stopped and started while the rest runs on. */
async function startApi(): Promise<Children> {
  const children = superviseChildren({
    runDir: resolve(site.config.dataDir, 'run-api'),
    logDir: resolve(site.config.dataDir, 'logs'),
    logger: testLogger,
    stopTimeoutMs: 5000,
  });
  await children.start({
    name: 'api',
    command: process.execPath,
    args: [resolve(ROOT_DIR, 'api/main.ts')],
    env: site.env,
  });
  return children;
}

async function startRole(name: string, script: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  await site.children.start({
    name,
    command: process.execPath,
    args: [resolve(ROOT_DIR, script)],
    env: { ...site.env, ...env },
  });
}

async function ask(method: string, path: string, cookie: string, body: unknown): Promise<void> {
  const response = await fetch(`${base}/api/v1/${path}`, {
    method,
    headers: { 'content-type': 'application/json', origin: base, cookie },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}

async function settle(firstPassword: unknown): Promise<void> {
  const signedIn = await fetch(`${base}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'admin', password: firstPassword }),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  await ask('PUT', 'areas', cookie, AREAS);
  for (const camera of CAMERAS) await ask('POST', 'cameras', cookie, camera);
  await ask('PUT', 'cameras/gate/calibration', cookie, CALIBRATION);
}

describe.skipIf(browserPath === undefined)('the page', () => {
  beforeAll(async () => {
    site = await startSite();
    // ./sharp-eyes has built the page that stands in the folder; building here would pull it from under other tests.
    requireBuiltPage();
    stack.use(site);
    await startRole('store', 'analytics/store/main.ts', { UV_THREADPOOL_SIZE: '32' });
    await startRole('analytics', 'analytics/main.ts');
    base = `http://127.0.0.1:${site.config.apiPort}`;
    api = await startApi();
    stack.defer(() => api[Symbol.asyncDispose]());
    const { firstPassword, signInCode } = api.details('api');
    await settle(firstPassword);
    const playing = playWorker(site.config, life.signal);
    stack.defer(async () => {
      life.abort();
      await playing;
    });

    const { context } = stack.use(await openBrowser(browserPath ?? '', { width: 1100, height: 720 }));
    page = context.pages()[0] ?? (await context.newPage());
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${base}/#sign-in=${String(signInCode)}`);
  });

  afterAll(() => stack.disposeAsync());

  it('signs in by a one-time link and takes the code out of the address', async () => {
    await page.locator('.workspace').waitFor();
    expect(page.url()).toBe(`${base}/`);
  });

  it('draws the map and names the areas on it', async () => {
    await page.locator('[data-testid=map][data-ready=true] canvas').waitFor();
    await page.locator('.area-label', { hasText: 'Grid One' }).waitFor();
  });

  it('shows each camera with its state in words and in a marker', async () => {
    await page.getByRole('button', { name: 'Camera North Gate, Live' }).waitFor();
    await page.getByRole('button', { name: 'Camera South Yard, Down' }).waitFor();
    await page.locator('.camera-row', { hasText: 'RTSP is switched on' }).waitFor();
  });

  it('counts who is there now from the live stream', async () => {
    await page.locator('.headline-figure.is-people .headline-number', { hasText: /^1$/ }).waitFor();
    await page.locator('.headline-figure.is-vehicles .headline-number', { hasText: /^1$/ }).waitFor();
  });

  it('colours cells where something was, and tells the figures of the one that is pointed at', async () => {
    await until(
      'cells are on the map',
      async () => Number(await page.getByTestId('map').getAttribute('data-cells')) > 0,
    );
    const { x, y } = await pixelOf(PARKED);
    await page.mouse.move(x, y);
    const said = await page.getByTestId('cell-card').textContent();
    expect(said).toMatch(/Watched for\s*\d/);
    expect(said).toMatch(/At once, on average\s*[\d.]+/);
  });

  it('sums up the time range per kind', async () => {
    await page.locator('.kind-name', { hasText: 'People' }).waitFor();
    await page.locator('.kind-name', { hasText: 'Cars' }).waitFor();
  });

  it('opens a camera that is down with its reason and cure instead of a picture', async () => {
    await page.getByRole('button', { name: 'Camera South Yard, Down' }).click();
    await page.locator('.trouble', { hasText: 'refused the connection' }).waitFor();
    await page.locator('.live-over', { hasText: 'no live picture' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.camera').waitFor({ state: 'detached' });
  });

  it('speaks Chinese when asked to', async () => {
    await page.getByRole('button', { name: '切换到中文' }).click();
    await page.getByRole('heading', { name: '地图', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Switch to English' }).click();
    await page.getByRole('heading', { name: 'Map', level: 1 }).waitFor();
  });

  it('has written no error to the console so far', () => {
    expect(faults).toEqual([]);
  });

  it('says that the API is gone, keeps the last figures, and recovers by itself', async () => {
    await api[Symbol.asyncDispose]();
    await page.getByTestId('lost').waitFor();
    expect(Number(await page.getByTestId('map').getAttribute('data-cells'))).toBeGreaterThan(0);
    api = await startApi();
    await page.getByTestId('lost').waitFor({ state: 'detached' });
  });
});

/** The pixel of a place, from where the two cameras' glyphs stand. */
async function pixelOf({ lon, lat }: { lon: number; lat: number }): Promise<{ x: number; y: number }> {
  const glyphs = await Promise.all(
    CAMERAS.map(async ({ id, position }) => {
      const box = await page.locator(`[data-camera=${id}] .glyph`).boundingBox();
      if (box === null) throw new Error(`the marker of ${id} is not on the page`);
      return { x: box.x + box.width / 2, y: box.y + box.height / 2, ...position };
    }),
  );
  const [gate, yard] = glyphs as [(typeof glyphs)[number], (typeof glyphs)[number]];
  return {
    x: gate.x + ((lon - gate.lon) / (yard.lon - gate.lon)) * (yard.x - gate.x),
    y: gate.y + ((lat - gate.lat) / (yard.lat - gate.lat)) * (yard.y - gate.y),
  };
}
