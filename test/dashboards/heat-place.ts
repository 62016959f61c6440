/** A place for tests of the heat map's page: a few hours of the city's past before one camera, its page open in a browser. */
import type { Page } from 'playwright-core';
import { writeHistory } from '#demo/history/main.ts';
import { childOf } from '#test/analytics/counting-site.ts';
import { startPastSite } from '#test/demo/history/past-site.ts';
import { testLogger } from '#test/site/site.ts';
import { openBrowser } from './browser.ts';
import { requireBuiltPage } from './open-page.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The last time it was six in the evening in the city: cars drive then, whenever the test runs, and figures stand still. */
export const UNTIL_MS = Math.floor((Date.now() - 10 * HOUR_MS) / DAY_MS) * DAY_MS + 10 * HOUR_MS;
export const HOURS = 6;
export const CAMERA = 'crossing';

export type HeatPlace = AsyncDisposable & { base: string; page: Page; faults: string[]; signInCode: string };

export async function startHeatPlace(browserPath: string): Promise<HeatPlace> {
  requireBuiltPage();
  const stack = new AsyncDisposableStack();
  try {
    const { site, registry } = stack.use(await startPastSite());
    for (const { key } of await registry.calibrations.list())
      if (key !== CAMERA) await registry.calibrations.remove(key);
    await writeHistory({
      ...{ config: site.config, days: HOURS / 24, untilMs: UNTIL_MS, logger: testLogger, onPart: () => {} },
      signal: new AbortController().signal,
    });
    await site.children.start(childOf(site, 'api', 'api/main.ts'));
    const { signInCode } = site.children.details('api');
    const { context } = stack.use(await openBrowser(browserPath, { width: 1280, height: 800 }));
    const page = context.pages()[0] ?? (await context.newPage());
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => faults.push(error.message));
    const owned = stack.move();
    const base = `http://127.0.0.1:${site.config.apiPort}`;
    return { base, page, faults, signInCode: String(signInCode), [Symbol.asyncDispose]: () => owned.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
