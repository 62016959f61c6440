/** A town with weeks of figures, its API in this process, and its dashboards in a browser, signed in as the administrator. */
import type { Page } from 'playwright-core';
import { startTown, type Town } from '#test/api/dashboards/town.ts';
import { DAY_MS, HOUR_MS, writeWeeks } from '#test/api/dashboards/weeks.ts';
import { openBrowser } from './browser.ts';
import { requireBuiltPage } from './open-page.ts';

export const ZONE = 'Asia/Shanghai';
/** The last midnight of the town: what is closed by then stands still while a test runs. */
export const TO_MS = Math.floor((Date.now() + 8 * HOUR_MS) / DAY_MS) * DAY_MS - 8 * HOUR_MS;
export const FROM_MS = TO_MS - 7 * DAY_MS;
const WEEKS = 5;

export type DashboardPlace = AsyncDisposable & {
  town: Town;
  page: Page;
  base: string;
  faults: string[];
  /** Hosts that the page asked anything of. */
  hosts: Set<string>;
};

export async function startDashboardPlace(browserPath: string): Promise<DashboardPlace> {
  requireBuiltPage();
  await using opening = new AsyncDisposableStack();
  const town = opening.use(await startTown({ timeZone: ZONE, figureTimeoutS: 120 }));
  await writeWeeks(town.writer, {
    ...{ fromMs: TO_MS - WEEKS * 7 * DAY_MS, toMs: TO_MS },
    factor: `if(camera = 'dikou-c1' AND hour >= toDateTime(${(TO_MS - 30 * HOUR_MS) / 1000}, 'UTC'), 3, 1)`,
    watched: `if(camera = 'wenhua-c2' AND toHour(hour) < 6, 0, 1)`,
  });
  const { context } = opening.use(await openBrowser(browserPath, { width: 1440, height: 1000 }));
  const base = town.api.url;
  const page = context.pages()[0] ?? (await context.newPage());
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => faults.push(error.message));
  const hosts = new Set<string>();
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith('http')) hosts.add(host);
  });
  await context.addInitScript(() => localStorage.setItem('sharp-eyes.signed-in', 'yes'));
  await signIn(town, (cookie) => context.addCookies([cookie]));
  const stack = opening.move();
  return { town, page, base, faults, hosts, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

type Cookie = { name: string; value: string; url: string; httpOnly: boolean; sameSite: 'Strict' };

async function signIn({ api }: Town, keep: (cookie: Cookie) => Promise<void>): Promise<void> {
  const body = { user: 'admin', password: api.welcome.firstPassword };
  const answer = await api.ask('POST', '/api/v1/sign-in', { token: null, headers: { origin: api.url }, body });
  const [name = '', value = ''] = (answer.headers.getSetCookie()[0] ?? '').split(';')[0]?.split('=') ?? [];
  await keep({ name, value, url: api.url, httpOnly: true, sameSite: 'Strict' });
}
