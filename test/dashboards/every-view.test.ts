/** Every view of the page in a real browser: for those who do not see it well, by keys, in Chinese, by its address, within one host. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hrefOf, VIEWS } from '#dashboards/src/workspace/view.ts';
import { openBroker } from '#system/broker.ts';
import { childOf } from '#test/analytics/counting-site.ts';
import { alertEvent, incidentEvent, publishEvents } from '#test/site/alert-events.ts';
import { testLogger } from '#test/site/site.ts';
import { findBrowser } from './browser.ts';
import { type DashboardPlace, startDashboardPlace } from './dashboard-place.ts';
import { latinIn } from './latin-words.ts';
import { settle, watchRequests } from './settle.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const RULE = {
  ...{ id: 'red-line', name: 'Red line', isEnabled: true, where: { cameras: ['dikou-c1'] } },
  severity: 'major',
  when: {
    type: 'line',
    line: {
      space: 'picture',
      points: [
        [0.1, 0.5],
        [0.9, 0.5],
      ],
    },
  },
};

describe.skipIf(browserPath === undefined)('every view', () => {
  const stack = new AsyncDisposableStack();
  let place: DashboardPlace;
  let page: Page;

  beforeAll(async () => {
    place = stack.use(await startDashboardPlace(browserPath ?? ''));
    page = place.page;
    watchRequests(page);
    const { api } = place.town;
    await api.site.children.start(childOf(api.site, 'alerts', 'analytics/alerts/main.ts'));
    const added = await api.ask('POST', '/api/v1/rules', { body: RULE });
    expect(`${added.status} ${added.text}`).toMatch(/^201/);
    const engine = stack.use(await openBroker(api.config, 'analytics', { logger: testLogger, name: 'test-engine' }));
    for (const severity of ['critical', 'minor'] as const) {
      const told = { severity, atMs: Date.now() - 60_000 };
      await publishEvents(engine, [alertEvent(severity, told), incidentEvent(severity, told)]);
    }
    await page.goto(`${place.base}/#/alerts`);
    await page.locator('.alert-item').first().waitFor();
  }, 240_000);
  afterAll(() => stack.disposeAsync());

  const open = async (hash: string) => {
    await page.goto(`${place.base}/${hash}`);
    await settle(page);
  };
  const dressed = async (theme: string, language: string) => {
    await page.evaluate(
      ([look, chosen]) => {
        localStorage.setItem('sharp-eyes.theme', look);
        localStorage.setItem('sharp-eyes.language', chosen);
      },
      [theme, language] as const,
    );
    await page.reload();
  };

  it.each(['light', 'dark'])(
    'breaks no rule of WCAG 2.2 AA that a program can check, in the %s theme',
    async (theme) => {
      await dressed(theme, 'en');
      const broken: string[] = [];
      for (const view of VIEWS) {
        await open(hrefOf(view));
        broken.push(...(await violations(page)).map((found) => `${view}: ${found}`));
      }
      expect(broken).toEqual([]);
    },
    240_000,
  );

  it('says nothing in English when it speaks Chinese, but names, ids, units and commands', async () => {
    await dressed('light', 'zh');
    const { context } = place.town.api;
    const names = [...context.areas.list(), ...context.cameras.list(), ...context.users.list(), RULE];
    const known = names.flatMap(({ id, name }) => [name, id]);
    const left: string[] = [];
    for (const view of VIEWS) {
      await open(hrefOf(view));
      left.push(...(await latinIn(page, known)).map((text) => `${view}: ${text}`));
    }
    expect([...new Set(left)]).toEqual([]);
    await dressed('light', 'en');
  }, 120_000);

  it('opens by its address, and "back" goes back through all of them', async () => {
    await page.goto(`${place.base}/${hrefOf('map')}`);
    for (const view of VIEWS) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, hrefOf(view));
      await page.locator(`.shell-content[data-view="${view}"]`).waitFor();
    }
    for (const view of VIEWS.toReversed()) {
      await page.locator(`.shell-content[data-view="${view}"]`).waitFor();
      if (view === 'dashboard') {
        // A bare dashboard leads on to the highest area, in the same step of the history.
        expect(page.url()).toMatch(/#\/dashboard\/area\/jinan$/);
      }
      await page.goBack();
    }
  });

  it('lets the first key of all lead past the rail, and shows where the focus is at every stop', async () => {
    await open(hrefOf('rules'));
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    for (let stop = 0; stop < 20; stop++) {
      const ring = await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
        return outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth);
      });
      expect(ring, `stop ${stop}`).toBeGreaterThanOrEqual(1);
      await page.keyboard.press('Tab');
    }
    await page.locator('.skip-button').press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });

  it('takes place and time along by the rail, and moves both in the header', async () => {
    await open('#/dashboard/area/lixia?range=last-week');
    const rail = page.getByRole('navigation', { name: 'Views' });
    await rail.getByRole('link', { name: 'Table' }).click();
    expect(page.url()).toContain('#/table/lixia?range=last-week');
    await page.getByRole('button', { name: 'Time range: Last week' }).waitFor();
    await page.getByRole('navigation', { name: 'Place' }).getByRole('link', { name: 'name of jinan' }).click();
    expect(page.url()).toContain('#/table/jinan?range=last-week');
    await rail.getByRole('link', { name: 'Cameras' }).click();
    await rail.getByRole('link', { name: 'Alerts' }).click();
    expect(page.url()).toContain('#/alerts?area=jinan&range=last-week');
    await page.getByRole('button', { name: 'Earlier by as much' }).click();
    expect(page.url()).toMatch(/from=\d{4}-\d\d-\d\dT16:00Z&to=\d{4}-\d\d-\d\dT16:00Z/);
  });

  it('is found by a key: a camera by letters of its id, opened with Enter, and the way back leads back', async () => {
    await open(hrefOf('grids'));
    await page.keyboard.press('/');
    const field = page.getByRole('combobox', { name: 'Search' });
    await field.pressSequentially('dikouc1');
    const option = page.getByRole('option', { name: /camera dikou-c1/ });
    await option.waitFor();
    const active = await field.getAttribute('aria-activedescendant');
    expect(await page.locator(`[id="${active}"]`).getAttribute('aria-selected')).toBe('true');
    await field.press('Enter');
    await page.locator('.shell-content[data-view="map"]').waitFor();
    expect(page.url()).toContain('#/map?camera=dikou-c1');
    await page.goBack();
    await page.locator('.shell-content[data-view="grids"]').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Search' }).waitFor({ state: 'detached' });
  });

  it('opens with what the role works with, and remembers another choice', async () => {
    await open('');
    await page.locator('.shell-content[data-view="map"]').waitFor();
    await page.getByRole('button', { name: /^Your account:/ }).click();
    await page.getByLabel('Start page').selectOption('health');
    await page.goto(`${place.base}/healthz`);
    await page.goto(place.base);
    await page.locator('.shell-content[data-view="health"]').waitFor();
    expect(page.url()).toContain('#/health');
  });

  it('asks nothing of another host, runs no script that stands in the page, and throws nothing', async () => {
    const { headers } = await place.town.api.ask('GET', '/', { token: null });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self'");
    expect([...place.hosts]).toEqual([new URL(place.base).host]);
    expect(place.faults).toEqual([]);
  });
});

type Broken = { id: string; nodes: { target: unknown[]; failureSummary?: string }[] };

/** Each as "rule: element: what is wrong". */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<{ violations: Broken[] }> } };
    const answer = await axe.run({ runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
    return answer.violations;
  }, WCAG);
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`),
  );
}
