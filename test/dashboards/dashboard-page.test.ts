/** A dashboard in a real browser: its figures against its own SQL, drilling, comparing, keeping, exporting, and the printed page. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellText, type Telling } from '#dashboards/src/dashboard/panel-rows.ts';
import { unitText } from '#dashboards/src/dashboard/value-text.ts';
import { english } from '#dashboards/src/words/english.ts';
import type { Dashboard, PanelAnswer, PanelValue } from '#models/schema/dashboard.ts';
import { until } from '#test/site/site.ts';
import { findBrowser } from './browser.ts';
import { type DashboardPlace, FROM_MS, startDashboardPlace, TO_MS, ZONE } from './dashboard-place.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

/** Machines that build run much else beside it. */
const SLOW_MS = 240_000;
const SHOTS = process.env.PAGE_SHOTS;
const iso = (atMs: number) => `${new Date(atMs).toISOString().slice(0, 16)}Z`;
const SPAN = `from=${iso(FROM_MS)}&to=${iso(TO_MS)}`;

describe.skipIf(browserPath === undefined)('the page of a dashboard', { timeout: SLOW_MS }, () => {
  let place: DashboardPlace;
  let page: Page;

  beforeAll(async () => {
    place = await startDashboardPlace(browserPath ?? '');
    page = place.page;
    // The first page of a fresh site compiles and reads everything once.
    await page.goto(`${place.base}/#/dashboard/area/lixia?${SPAN}`);
    await page.locator('.chart[data-drawn=true]').first().waitFor();
  });
  afterAll(() => place?.[Symbol.asyncDispose]());

  const open = async (subject: string, query = SPAN) => {
    await page.goto(`${place.base}/#/dashboard/${subject}?${query}`);
    await page.locator('[data-testid=dashboard][aria-busy=false]').waitFor();
  };
  const panel = (id: string) => page.locator(`[data-panel="${id}"]`);
  const act = async (id: string, name: string) => {
    await panel(id)
      .getByRole('button', { name: /^Panel:/ })
      .click();
    await page.locator(':popover-open').getByText(name, { exact: true }).click();
  };
  const answerOf = async (subject: string, query = ''): Promise<Dashboard> => {
    const path = `/api/v1/dashboards/${subject}?from=${FROM_MS}&to=${TO_MS}&zone=${ZONE}${query}`;
    return (await place.town.api.ask('GET', path)).body as Dashboard;
  };
  const sql = async (query: string): Promise<PanelValue[][]> => {
    const body = { query, format: 'JSONCompactEachRow' };
    const { status, text } = await place.town.api.ask('POST', '/api/v1/sql', { body });
    if (status !== 200) throw new Error(text);
    return text
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as PanelValue[]);
  };
  /** Also what has not come into view, as before it is printed. */
  const allDrawn = async () => {
    await page.evaluate(() => dispatchEvent(new Event('printing')));
    await page.waitForFunction(() => document.querySelector('.chart[data-drawn="false"]') === null);
  };
  const shot = async (name: string) => {
    if (SHOTS === undefined) return;
    const size = page.viewportSize()!;
    const tall = await page.evaluate(() => document.querySelector('.dashboard')!.scrollHeight + 60);
    await page.setViewportSize({ ...size, height: Math.max(size.height, tall) });
    await allDrawn();
    await page.screenshot({ path: resolve(SHOTS, `dashboard-${name}.png`) });
    await page.setViewportSize(size);
  };

  it('tells what it is of, when, in which zone, and how much was watched', async () => {
    await open('area/lixia');
    const head = (await page.locator('.dash-of').textContent()) ?? '';
    expect(head).toContain('Dashboard of name of lixia');
    expect(head).toContain('Asia/Shanghai, UTC+08:00');
    expect(head).toMatch(/Watched 9\d% of the time/);
    await page.locator('.chart[data-drawn=true]').first().waitFor();
    await shot('area-en-light');
  });

  it('shows in every panel what its own SQL answers', async () => {
    await open('area/lixia');
    const dashboard = await answerOf('area/lixia');
    const shown = dashboard.panels.filter(({ empty, chart }) => empty === null && chart !== 'heat-map');
    expect(shown.length).toBeGreaterThan(3);
    for (const answer of shown) {
      const rows = await sql(answer.sql);
      if (answer.chart === 'headline') await expectHeadline(answer, rows[0] ?? []);
      else await expectTable(answer, rows, telling(dashboard));
    }
  });

  const telling = ({ fromMs, toMs, subject }: Dashboard): Telling => ({
    ...{ words: english, zone: ZONE, fromMs, toMs, isCompared: false },
    names: {
      area: new Map(subject.below.map(({ id }) => [id, `name of ${id}`])),
      camera: new Map(place.town.api.context.cameras.list().map(({ id, name }) => [id, name])),
      rule: new Map(),
    },
  });

  async function expectHeadline(answer: PanelAnswer, row: PanelValue[]): Promise<void> {
    for (const [index, { name, part, unit }] of answer.columns.entries()) {
      if (part !== 'value') continue;
      const told = await panel(answer.id).locator(`[data-figure="${name}"]`).textContent();
      const value = row[index];
      const expected = value === null ? '–' : unitText(Number(value), unit, english);
      expect(told?.replace(/[▲▼]$/, ''), name).toBe(expected);
    }
  }

  async function expectTable(answer: PanelAnswer, rows: PanelValue[][], words: Telling): Promise<void> {
    if (answer.chart !== 'table') await act(answer.id, 'Show as table');
    const told = await panel(answer.id)
      .locator('tbody tr')
      .evaluateAll((lines) => lines.map((line) => [...line.children].map((cell) => cell.textContent)));
    const expected = rows
      .slice(0, told.length)
      .map((row) => row.map((value, index) => cellText(value, answer.columns[index]!, words)));
    expect(told, answer.id).toEqual(expected);
    expect(told.length).toBe(Math.min(rows.length, 500));
    if (answer.chart !== 'table') await act(answer.id, 'Show as chart');
  }

  it('goes to the place of a bar by a click and by keys, keeps the question, and back comes back', async () => {
    await open('area/lixia', `${SPAN}&kind=person`);
    const bars = panel('places-below').locator('.chart[data-drawn=true]');
    await bars.press('ArrowDown');
    await bars.press('Enter');
    await page.locator('.trail [aria-current]', { hasText: /name of (dikou|wenhua)/ }).waitFor();
    expect(page.url()).toContain('kind=person');
    expect(page.url()).toContain(SPAN);
    await page.locator('.trail a', { hasText: 'name of jinan' }).waitFor();
    await page.goBack();
    await page.locator('.trail [aria-current]', { hasText: 'name of lixia' }).waitFor();
    const box = await firstBar(bars);
    await page.mouse.click(box.x + 5, box.y + box.height / 2);
    await page.locator('.trail [aria-current]', { hasText: /name of (dikou|wenhua)/ }).waitFor();
  });

  const firstBar = async (bars: Locator) => {
    await bars.waitFor();
    await bars.scrollIntoViewIfNeeded();
    const boxes = await bars
      .locator('path[fill="var(--series-1)"]')
      .evaluateAll((paths) => paths.map((path) => path.getBoundingClientRect().toJSON() as DOMRect));
    return boxes.toSorted((a, b) => a.y - b.y)[0]!;
  };

  it('leads down to a camera, and up again', async () => {
    await open('area/dikou-g1');
    await page.getByRole('button', { name: /^Below:/ }).click();
    await page.locator('.place-below a', { hasText: 'camera dikou-c1' }).click();
    await page.locator('.place-path [aria-current]', { hasText: 'camera dikou-c1' }).waitFor();
    await page.locator('.place-path a', { hasText: 'name of lixia' }).click();
    await page.locator('.trail [aria-current]', { hasText: 'name of lixia' }).waitFor();
  });

  it('puts period and comparison into the address, and shows the compared figures', async () => {
    await open('area/lixia');
    expect(await panel('headline').textContent()).not.toContain('before');
    await page.getByRole('button', { name: /^Compare:/ }).click();
    await page
      .getByRole('dialog', { name: 'Compare' })
      .getByRole('button', { name: /just before/ })
      .click();
    await panel('headline')
      .getByText(/^before /)
      .first()
      .waitFor();
    expect(page.url()).toContain('compare=before');
    await page.getByRole('button', { name: /^Time range:/ }).click();
    await page.getByRole('dialog', { name: 'Time range' }).getByRole('button', { name: 'Yesterday' }).click();
    await until('the period is in the address', () => page.url().includes('range=yesterday'));
    await page.locator('[data-testid=dashboard][aria-busy=false]').waitFor();
    const day = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: 'numeric', month: 'short' });
    await page.locator('.dash-period', { hasText: day.format(Date.now() - 86_400_000) }).waitFor();
  });

  it('shows its SQL, and takes a panel along as CSV and as a picture', async () => {
    await open('area/lixia');
    const { panels } = await answerOf('area/lixia');
    const flow = panels.find(({ id }) => id === 'flow-by-kind')!;
    await act('flow-by-kind', 'Show SQL');
    expect(await panel('flow-by-kind').locator('.sql-text pre').textContent()).toBe(flow.sql);
    await panel('flow-by-kind').getByRole('button', { name: 'Copy' }).click();
    await panel('flow-by-kind').getByRole('button', { name: 'Copied' }).waitFor();
    const [csv] = await Promise.all([page.waitForEvent('download'), act('flow-by-kind', 'CSV')]);
    const lines = readFileSync(await csv.path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines.length - 1).toBe((await sql(flow.sql)).length);
    const [png] = await Promise.all([page.waitForEvent('download'), act('flow-by-kind', 'PNG')]);
    const picture = sharp(readFileSync(await png.path()));
    const { width = 0, height = 0 } = await picture.metadata();
    const chart = await picture
      .clone()
      .extract({ left: 80, top: 200, width: width - 160, height: height - 320 })
      .stats();
    expect(Math.max(...chart.channels.slice(0, 3).map(({ stdev }) => stdev))).toBeGreaterThan(8);
    if (SHOTS !== undefined) await picture.clone().toFile(resolve(SHOTS, 'dashboard-panel.png'));
  });

  it('keeps a view under a name and opens it again', async () => {
    await open('area/dikou', `${SPAN}&kind=car`);
    await page.getByRole('button', { name: /^Kept views:/ }).click();
    await page.locator('.kept input[name=name]').fill('Cars of Dikou');
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.locator('.kept-view a', { hasText: 'Cars of Dikou' }).waitFor();
    await page.keyboard.press('Escape');
    await open('area/lixia');
    await page.getByRole('button', { name: /^Kept views:/ }).click();
    await page.locator('.kept-view a', { hasText: 'Cars of Dikou' }).click();
    await page.locator('.trail [aria-current]', { hasText: 'name of dikou' }).waitFor();
    expect(page.url()).toContain('kind=car');
  });

  it('says in words when a place is not there or not allowed, and asks again when told to', async () => {
    await page.goto(`${place.base}/#/dashboard/area/nowhere?${SPAN}`);
    const notice = page.locator('.dash-notices .notice');
    await notice.getByRole('button', { name: 'Ask again' }).waitFor();
    expect(await notice.locator('.problem-title').textContent()).not.toBe('');
    // The browser itself notes the answer 404.
    place.faults.splice(0);
  });

  it('comes by itself after a line that broke', async () => {
    await page.route('**/dashboards/area/**', (route) => route.abort('connectionreset'), { times: 1 });
    await page.goto(`${place.base}/#/dashboard/area/jinan?${SPAN}`);
    await page.locator('.dash-notices .notice').waitFor();
    await page.locator('.dash-of', { hasText: 'name of jinan' }).waitFor({ timeout: 40_000 });
    expect(await page.locator('.dash-notices .notice').count()).toBe(0);
    // The browser itself notes what broke.
    place.faults.splice(0);
  });

  it('comes by itself after a line that broke, also where nobody looked when it was due', async () => {
    const hide = (isHidden: boolean) =>
      page.evaluate((now) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => now });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    // The page's pauses are over when the test says so.
    await page.clock.install();
    let asked = 0;
    await page.route('**/dashboards/area/**', (route) =>
      asked++ === 0 ? route.abort('connectionreset') : route.continue(),
    );
    await hide(true);
    await page.goto(`${place.base}/#/dashboard/area/dikou?${SPAN}`);
    await page.locator('.dash-notices .notice').waitFor();
    await page.clock.runFor(120_000);
    expect(asked).toBe(1);
    await hide(false);
    await page.locator('.dash-of', { hasText: 'name of dikou' }).waitFor({ timeout: 40_000 });
    expect(asked).toBe(2);
    await page.clock.resume();
    await page.unroute('**/dashboards/area/**');
    place.faults.splice(0);
  });

  it('stops asking when it is cancelled', async () => {
    await page.route('**/dashboards/area/**', () => {});
    await page.goto(`${place.base}/#/dashboard/area/lixia?${SPAN}`);
    await page.getByText('The store counts').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. Nothing more is being asked.').waitFor();
    await page.unroute('**/dashboards/area/**');
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.locator('[data-testid=dashboard][aria-busy=false]').waitFor();
  });

  it('waits for a figure longer than the API computes one, as the API tells it', async () => {
    await page.addInitScript(() => {
      const timeout = AbortSignal.timeout.bind(AbortSignal);
      const deadlines: number[] = [];
      AbortSignal.timeout = (ms) => {
        deadlines.push(ms);
        return timeout(ms);
      };
      Object.assign(window, { deadlines });
    });
    await page.reload();
    await open('area/lixia');
    const longest = await page.evaluate(() => Math.max(...(window as unknown as { deadlines: number[] }).deadlines));
    expect(longest).toBe((place.town.api.config.figureTimeoutS + 10) * 1000);
  });

  it('prints what the screen shows: place, period, zone, address, every panel and its figures, in light colours', async () => {
    await open('area/lixia');
    await page.emulateMedia({ colorScheme: 'dark' });
    await allDrawn();
    const figures = await page
      .locator('[data-figure], .headline-about, .dash-panel h3, .dash-period')
      .allTextContents();
    const pdf = await page.pdf({ preferCSSPageSize: true });
    if (SHOTS !== undefined)
      await import('node:fs/promises').then(({ writeFile }) => writeFile(resolve(SHOTS, 'dashboard.pdf'), pdf));
    const { totalPages, text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
    const plain = (all: string) => all.replace(/\s+/g, '');
    expect(figures.length).toBeGreaterThan(8);
    for (const figure of figures) expect(plain(text)).toContain(plain(figure));
    expect(text).toContain('name of lixia');
    expect(plain(text)).toContain(plain(`#/dashboard/area/lixia?${SPAN}`));
    expect(plain(text)).toContain('Made');
    expect(plain(text)).not.toContain('Copylink');
    expect(totalPages).toBeLessThan(12);
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('speaks Chinese, asks no other host, and has written no error to the console', async () => {
    await page.getByRole('button', { name: '切换到中文' }).click();
    await page.locator('.dash-of', { hasText: 'name of lixia的看板' }).waitFor();
    await page.locator('.panel-because', { hasText: '显示' }).first().waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('area-zh-dark');
    expect([...place.hosts]).toEqual([new URL(place.base).host]);
    expect(place.faults).toEqual([]);
  });
});
