/**
 * The roles' tours: a month of the city's past with a named event in it, and people who open the page without having read
 * anything. What they find is held against what really was: the event, and the cameras that were off.
 */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHistory } from '#demo/history/main.ts';
import { eventsBetween, type PastEvent } from '#demo/world/past/events.ts';
import { outagesOf } from '#demo/world/past/outages.ts';
import { VIEWS } from '#demo/world/views.ts';
import type { Dashboard, Sentence } from '#models/schema/dashboard.ts';
import type { Role } from '#models/schema/user.ts';
import { childOf } from '#test/analytics/counting-site.ts';
import { startPastSite } from '#test/demo/history/past-site.ts';
import { testLogger } from '#test/site/site.ts';
import { findBrowser } from './browser.ts';
import { type OpenPage, openSignedIn, requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const ZONE = 'Asia/Shanghai';
const SHOTS = process.env.PAGE_SHOTS;
const PASSWORD = 'a long enough password';

/** The last one that is over; the page believes it to be the noon after. */
function lastEvent(): { event: PastEvent; nowMs: number } {
  const events = eventsBetween(Date.now() - 20 * DAY_MS, Date.now());
  const event = events.findLast(
    ({ id, toMs }) => ['lantern-evening', 'river-run'].includes(id) && toMs < Date.now() - DAY_MS,
  );
  if (event === undefined) throw new Error('there is a run every eleven days');
  return { event, nowMs: (Math.floor(event.toMs / HOUR_MS) + 3) * HOUR_MS };
}

const offMs = (view: string, fromMs: number, toMs: number) =>
  outagesOf(view, fromMs, toMs).reduce((sum, outage) => sum + outage.toMs - outage.fromMs, 0);

describe.skipIf(browserPath === undefined)('a tour', { timeout: 240_000 }, () => {
  const stack = new AsyncDisposableStack();
  const { event, nowMs } = lastEvent();
  const fromMs = nowMs - WEEK_MS;
  /** The camera that was off for longest in the week, apart from the one of the event. */
  const seldom = VIEWS.map(({ id }) => id)
    .filter((id) => id !== event.view)
    .toSorted((a, b) => offMs(b, fromMs, nowMs) - offMs(a, fromMs, nowMs))[0]!;
  let opened: OpenPage;
  let page: Page;

  beforeAll(async () => {
    requireBuiltPage();
    const { site } = stack.use(
      await startPastSite({ sightingsTtlDays: 60, timeZone: ZONE, figureTimeoutS: 120 }, [event.view, seldom]),
    );
    await writeHistory({
      ...{ config: site.config, days: 29, untilMs: nowMs, logger: testLogger, onPart: () => {} },
      signal: new AbortController().signal,
    });
    await site.children.start(childOf(site, 'api', 'api/main.ts'));
    opened = stack.use(await openSignedIn(site, { browserPath, width: 1440, height: 900, saysServerFaults: true }));
    page = opened.page;
    await page.clock.setFixedTime(nowMs);
  }, 300_000);
  afterAll(() => stack.disposeAsync());

  const shot = async (name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: resolve(SHOTS, `tour-${name}.png`) });
  };
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${opened.base}/api/v1/${path}`, {
      ...init,
      headers: { cookie: opened.cookie, origin: opened.base, 'content-type': 'application/json' },
    });
  const nameOf = (view: string) => VIEWS.find(({ id }) => id === view)?.name ?? view;
  const panel = (id: string) => page.locator(`[data-panel="${id}"]`);
  const composed = () => page.locator('[data-testid=dashboard][aria-busy=false]').waitFor();

  /** By the door, as somebody who has just been given a password. */
  async function signInAs(role: Role, scope: string[] = ['linjiang']): Promise<void> {
    const id = `a-${role}`;
    const made = await ask('users', {
      method: 'POST',
      body: JSON.stringify({ id, roles: [role], scope, password: PASSWORD }),
    });
    expect(made.status).toBe(201);
    // The page is left first, or what it asks now and then is refused.
    await page.goto(`${opened.base}/healthz`);
    await page.context().clearCookies();
    await page.goto(opened.base);
    await page.locator('input[name=user]').fill(id);
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  it('of a stranger: beside the map stands where it was unusually busy last week, and how many cameras did not watch', async () => {
    await page.goto(`${opened.base}/#/map`);
    const told = page.getByRole('region', { name: 'Unlike normal, last 7 days' });
    const first = told.locator('li').first();
    await first.waitFor();
    expect(await first.locator('b').textContent()).toBe(nameOf(event.view));
    await shot('stranger-map');
    await told.getByText(/of 2 cameras watched less/).waitFor();
    await first.locator('a').click();
    await composed();
    expect(page.url()).toContain(`#/dashboard/camera/${event.view}`);
  });

  it('of a stranger who doubts it: the sentence says when, how much and how sure, and its query gives the same numbers', async () => {
    const claim = page.locator('[data-sentence="most-unusual-hour"]');
    await claim.locator('summary').click();
    const said = (await claim.locator('summary').textContent()) ?? '';
    expect(said).toMatch(/busier than in \d of [3-8] earlier weeks/);
    const path = `dashboards/camera/${event.view}?from=${fromMs}&to=${nowMs}&zone=${ZONE}`;
    const { sentences } = (await (await ask(path)).json()) as Dashboard;
    const { facts, sql, text } = sentences.find(({ id }) => id === 'most-unusual-hour') as Sentence;
    expect(said).toBe(text.en);
    expect(await claim.locator('.sql-text pre').textContent()).toBe(sql);
    const atMs = Number(facts.unusual_ms);
    expect(atMs).toBeGreaterThanOrEqual(event.fromMs);
    expect(atMs).toBeLessThan(event.toMs);
    const answer = await ask('sql', { method: 'POST', body: JSON.stringify({ query: sql, format: 'JSONEachRow' }) });
    const again = JSON.parse((await answer.text()).trim()) as Record<string, unknown>;
    expect(Number(again.unusual_at_once)).toBeCloseTo(Number(facts.unusual_at_once), 9);
    await shot('stranger-camera');
  });

  it('of an analyst: opens the city’s dashboard, finds the place and the camera that was off, and goes there', async () => {
    await signInAs('analyst');
    await composed();
    expect(page.url()).toContain('#/dashboard/area/linjiang');
    const row = panel('unusual-places').locator('tbody tr').first();
    expect(await row.textContent()).toContain(nameOf(event.view));
    await panel('cameras-watched')
      .getByRole('button', { name: /^Panel:/ })
      .click();
    await page.locator(':popover-open').getByText('Show as table', { exact: true }).click();
    const least = await panel('cameras-watched').locator('tbody tr').first().textContent();
    expect(least).toContain(nameOf(seldom));
    const share = Number(/(\d+(?:\.\d+)?) ?%/.exec(least ?? '')?.[1]) / 100;
    expect(Math.abs(share - (1 - offMs(seldom, fromMs, nowMs) / WEEK_MS))).toBeLessThan(0.01);
    await shot('analyst');
    await row.locator('a').first().click();
    await page.locator('.place-path [aria-current]', { hasText: nameOf(event.view) }).waitFor();
  });

  it('of a command centre: opens on the alerts, which say that none is there and what raises them', async () => {
    await signInAs('officer');
    await page.waitForURL(/#\/alerts/);
    await page
      .getByRole('heading', { name: /alert|incident/i })
      .first()
      .waitFor();
    await shot('officer');
  });

  it('of a camera engineer: opens on the wall of health, every camera with its state', async () => {
    await signInAs('engineer');
    await page.waitForURL(/#\/health/);
    await page.locator('.health-item', { hasText: nameOf(event.view) }).waitFor();
    await shot('engineer');
  });

  it('of an operator: opens on the pipeline, and a stage that nobody runs says so and what to do', async () => {
    // What runs the site is nobody's part of the city.
    await signInAs('operator', []);
    await page.waitForURL(/#\/operations/);
    await page.locator('.stage-node').first().waitFor();
    expect(await page.locator('.stage-node').count()).toBe(10);
    await page.getByRole('link', { name: /^Rules:/ }).click();
    await page.locator('.stage-detail').waitFor();
    await shot('operator');
  });

  it('of anybody: writes no error to the console, but for the browser’s own note that nobody has signed in yet', () => {
    const isNoted = (fault: string) => /401 .*\/api\/v1\/me$/.test(fault);
    expect(opened.faults.filter((fault) => !isNoted(fault))).toEqual([]);
  });
});
