/** The operations page in a real browser: a site that counts what is published, without a worker of ingest. */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operations } from '#models/schema/operations.ts';
import { pause } from '#system/lifecycle.ts';
import {
  areaOf,
  type CountingSite,
  calibrationOf,
  childOf,
  messageOf,
  publish,
  sightingAt,
  startCountingSite,
} from '#test/analytics/counting-site.ts';
import { startAlerts } from '#test/site/alerts.ts';
import { until } from '#test/site/site.ts';
import { findBrowser } from './browser.ts';
import { type OpenPage, openSignedIn, requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const SHOTS = process.env.PAGE_SHOTS;
const EVERY_MS = 200;

describe.skipIf(browserPath === undefined)('the operations page', () => {
  const stack = new AsyncDisposableStack();
  const life = new AbortController();
  let counting: CountingSite;
  let opened: OpenPage;
  let page: Page;

  beforeAll(async () => {
    requireBuiltPage();
    counting = stack.use(await startCountingSite());
    const { registry, broker, site } = counting;
    await registry.areas.create('grid-1', areaOf('grid-1', 'grid', null, 100));
    await registry.calibrations.create('gate', calibrationOf('gate'));
    await site.children.start(childOf(site, 'api', 'api/main.ts'));
    await startAlerts(site);
    const playing = play(broker);
    stack.defer(async () => {
      life.abort();
      await playing;
    });
    opened = stack.use(await openSignedIn(site, { browserPath, width: 1440, height: 900 }));
    page = opened.page;
    await page.goto(`${opened.base}/#/operations`);
    await page.locator('.pipeline').waitFor();
  });
  afterAll(() => stack.disposeAsync());

  /** What a worker would publish of a camera: a look every 200 ms, with one person. */
  async function play(broker: CountingSite['broker']): Promise<void> {
    for (let sequence = 1; !life.signal.aborted; sequence++) {
      const look = { camera: 'gate', sequence, capturedAtMs: Date.now() - EVERY_MS };
      await publish(broker, [messageOf({ ...look, sightings: [sightingAt(0.5, 0.8)] })]);
      await pause(EVERY_MS, life.signal);
    }
  }

  const read = async () => {
    const answer = await fetch(`${opened.base}/api/v1/operations`, { headers: { cookie: opened.cookie } });
    return (await answer.json()) as Operations;
  };
  const stage = (operations: Operations, name: string) => operations.stages.find((one) => one.stage === name)!;
  const shot = async (name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: resolve(SHOTS, `operations-${name}.png`) });
  };

  it('shows every stage with what passes it, and counts it right', async () => {
    await until('analytics stores what is published', async () => {
      const { ratePerS, lagS } = stage(await read(), 'analytics');
      return ratePerS !== null && ratePerS > 1 && ratePerS < 8 && lagS !== null;
    });
    const found = await read();
    expect(stage(found, 'broker').ratePerS).toBeGreaterThan(1);
    expect(stage(found, 'store')).toMatchObject({ state: 'well', errors: 0 });
    expect(stage(found, 'rules')).toMatchObject({ state: 'unknown', ratePerS: null });
    expect(stage(found, 'store').ratePerS).toBeGreaterThan(1);
    expect(stage(found, 'store').figures.map(({ name }) => name)).toContain('disk-free');
    expect(stage(found, 'roll-up').ratePerS).toBeGreaterThan(0);
    expect(found.versions.map(({ name }) => name)).toEqual(expect.arrayContaining(['Node', 'NATS', 'ClickHouse']));
    expect(await page.locator('.stage-node').count()).toBe(10);
    await page.getByRole('link', { name: /^Analytics: .*messages\/s/ }).waitFor();
  });

  it('shows what is kept of pictures of alerts, and how much room is left for more', async () => {
    await until('the alerts process tells of its room', async () =>
      stage(await read(), 'evidence').figures.some(({ name, value }) => name === 'evidence-headroom' && value !== 0),
    );
    const evidence = stage(await read(), 'evidence');
    expect(evidence).toMatchObject({ state: 'well', passed: 'clips', backlog: 0 });
    const figureOf = (name: string) => evidence.figures.find((one) => one.name === name)?.value;
    expect(figureOf('evidence-headroom')).toBeLessThanOrEqual(counting.site.config.evidenceMaxMb * 1024 ** 2);
    expect(figureOf('clips-kept')).toBe(0);
    await page.getByRole('link', { name: /^Evidence: .*Well$/ }).click();
    await page.locator('.stage-detail', { hasText: 'Room for more pictures' }).waitFor();
    await shot('evidence-en-light');
    await page.goBack();
    await page.locator('.stage-detail').waitFor({ state: 'detached' });
  });

  it('lets something move in the pipes while something passes, and nothing where motion is not wanted', async () => {
    const flow = page.locator('.pipe-flow').first();
    await flow.waitFor({ state: 'attached' });
    const animation = () => flow.evaluate((path) => getComputedStyle(path).animationName);
    expect(await animation()).toBe('pipe-flow');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await animation()).toBe('none');
    await page.emulateMedia({ reducedMotion: null });
    await shot('en-light');
  });

  it('opens a stage by a click or a key, with what is wrong and the cure, under an address of its own', async () => {
    const ingest = page.getByRole('link', { name: /^Ingest: .*Not well/ });
    await ingest.focus();
    await page.keyboard.press('Enter');
    await page.locator('.stage-detail h2', { hasText: 'Ingest' }).waitFor();
    expect(page.url()).toMatch(/#\/operations\/ingest$/);
    const said = await page.locator('.stage-detail .operations-findings').textContent();
    expect(said).toContain('no ingest process answers');
    expect(said).toContain('./sharp-eyes ingest');
    await shot('stage-en-light');
    await page.goBack();
    await page.locator('.stage-detail').waitFor({ state: 'detached' });
  });

  it('says whether the last whole hour agrees, and which processes run', async () => {
    await page.getByText('Zero lost, zero doubled').waitFor();
    await page.locator('.operations-processes td', { hasText: /^analytics-/ }).waitFor();
    const metrics = await fetch(`${opened.base}/metrics`, { headers: { cookie: opened.cookie } });
    expect(await metrics.text()).toMatch(/^sharp_eyes_reconciliation_differences\{role="api".*\} 0$/m);
  });

  it('is Chinese, dark and narrow as well', async () => {
    await page.evaluate(() => localStorage.setItem('sharp-eyes.language', 'zh'));
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.reload();
    await page.getByRole('link', { name: /^分析: / }).waitFor();
    await page.getByText('缺少必需的进程').waitFor();
    await shot('zh-dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.pipeline').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await shot('zh-dark-phone');
    expect(opened.faults).toEqual([]);
  });

  it('is for operators: an analyst is refused', async () => {
    const ask = (path: string, body: object) =>
      fetch(`${opened.base}/api/v1${path}`, {
        method: 'POST',
        headers: { cookie: opened.cookie, origin: opened.base, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const made = await ask('/users', {
      id: 'ana',
      name: 'Ana',
      roles: ['analyst'],
      scope: [],
      password: 'long enough 42',
    });
    expect(made.status).toBeLessThan(300);
    const signedIn = await ask('/sign-in', { user: 'ana', password: 'long enough 42' });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect((await fetch(`${opened.base}/api/v1/operations`, { headers: { cookie } })).status).toBe(403);
  });
});
