/**
 * A rule from the first click to its alert, in a real browser before a real site: drawn, switched on, taken up by the
 * engine, fired by tracks on the stream of detections, and seen on the page of alerts.
 */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RuleView } from '#models/schema/rule-view.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { childOf, messageOf, publish, sightingAt } from '#test/analytics/counting-site.ts';
import { CITY } from '#test/api/small-city.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';
import { findBrowser } from './browser.ts';
import { openSignedIn, requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const SHOTS = process.env.PAGE_SHOTS;
const CAMERA = 'gate-3';

describe.skipIf(browserPath === undefined)('a rule that is drawn on the page', () => {
  const stack = new AsyncDisposableStack();
  let faults: string[];
  let site: Site;
  let base: string;
  let cookie: string;
  let page: Page;
  let broker: Broker;

  const headers = () => ({ 'content-type': 'application/json', cookie, origin: base });
  const shot = async (name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: resolve(SHOTS, `rules-${name}.png`), fullPage: true });
  };
  const rules = async (): Promise<RuleView[]> => {
    const answer = await fetch(`${base}/api/v1/rules`, { headers: headers() });
    return ((await answer.json()) as { rules: RuleView[] }).rules;
  };

  beforeAll(async () => {
    requireBuiltPage();
    site = stack.use(await startSite());
    await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
    await Promise.all([
      site.children.start(childOf(site, 'rules', 'analytics/rules/main.ts')),
      site.children.start(childOf(site, 'alerts', 'analytics/alerts/main.ts')),
      site.children.start(childOf(site, 'api', 'api/main.ts')),
    ]);
    broker = stack.use(await openBroker(site.config, 'site', { logger: testLogger, name: 'test' }));
    ({ base, page, faults, cookie } = stack.use(await openSignedIn(site, { browserPath, width: 1200, height: 900 })));
    const send = async (method: string, path: string, body: unknown) => {
      const answer = await fetch(`${base}/api/v1/${path}`, { method, headers: headers(), body: JSON.stringify(body) });
      expect(`${answer.status} ${await answer.text()}`).toMatch(/^20/);
    };
    await send('PUT', 'areas', CITY);
    // Its stream is not what this is about: tracks come by the broker, as a worker would tell them.
    const camera = { id: CAMERA, name: 'Gate 3', url: 'rtsp://127.0.0.1:1/none', area: 'lixia', isEnabled: false };
    await send('POST', 'cameras', camera);
    await page.goto(`${base}/#/rules`);
    await page.getByText('No rules yet').waitFor();
  });
  afterAll(() => stack.disposeAsync());

  it('is drawn corner by corner, saved and switched on', async () => {
    await page.getByRole('link', { name: 'New rule' }).click();
    await page.getByLabel('Name').fill('Nobody in the yard');
    await page.getByRole('button', { name: 'Draw again' }).click();
    const board = page.getByTestId('shape-board');
    const frame = (await board.boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
    for (const [x, y] of [
      [0.4, 0.4],
      [0.9, 0.4],
      [0.9, 0.9],
      [0.4, 0.9],
    ] as const)
      await board.click({ position: { x: frame.width * x, y: frame.height * y } });
    await board.press('Enter');
    await page.getByLabel('Severity').selectOption('critical');
    await shot('drawn');
    await page.getByRole('button', { name: 'Save and switch on' }).click();
    await until('it is there', async () => (await rules()).length === 1);
    const [rule] = await rules();
    expect(rule).toMatchObject({ id: 'nobody-in-the-yard', isEnabled: true, where: { cameras: [CAMERA] } });
    const points = rule?.when.type === 'zone' ? rule.when.zone.points : [];
    expect(points).toHaveLength(4);
    expect(Math.abs((points[0]?.[0] ?? 0) - 0.4)).toBeLessThan(0.01);
  });

  it('is taken up by the engine, which the page says', async () => {
    await page.locator('.rule-state', { hasText: 'On' }).waitFor();
    expect((await rules())[0]?.state).toMatchObject({ state: 'active', version: 1 });
  });

  it('fires when somebody walks into the zone, on the page of alerts within seconds', async () => {
    const startMs = Date.now() - 5000;
    const walk = Array.from({ length: 25 }, (_, index) =>
      messageOf({
        camera: CAMERA,
        sequence: index + 1,
        capturedAtMs: startMs + index * 200,
        areaPath: ['jinan', 'lixia', '_', '_', '_'],
        sightings: [sightingAt(0.1 + index * 0.025, 0.7)],
      }),
    );
    await publish(broker, walk);
    await page.goto(`${base}/#/alerts`);
    const row = page.locator('.alert-item');
    await row.first().waitFor();
    expect(await row.count()).toBe(1);
    expect(await row.first().textContent()).toContain('A person is in the zone');
    await row.first().locator('button').click();
    await page.locator('.alert-detail').getByRole('heading', { name: 'A person is in the zone' }).waitFor();
    await page.keyboard.press('w');
    await page.locator('.alert-why').getByText('Nobody in the yard').waitFor();
    await shot('fired');
  });

  it('is a rule of its scope: an officer of the neighbour sees neither it nor its alert', async () => {
    const created = await fetch(`${base}/api/v1/users`, {
      method: 'POST',
      headers: headers(),
      body: JSON.stringify({
        id: 'zhou',
        name: 'Zhou',
        roles: ['officer'],
        scope: ['shizhong'],
        password: 'long enough 42',
      }),
    });
    expect(`${created.status} ${await created.text()}`).toMatch(/^20/);
    const signed = await fetch(`${base}/api/v1/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'zhou', password: 'long enough 42' }),
    });
    const other = { cookie: signed.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
    const read = async (path: string) => (await fetch(`${base}/api/v1/${path}`, { headers: other })).json();
    expect(await read('rules')).toMatchObject({ rules: [] });
    expect(await read('incidents')).toMatchObject({ incidents: [] });
  });

  it('has met no error of the page', () => {
    expect(faults).toEqual([]);
  });
});
