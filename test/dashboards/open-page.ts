/** The page of a site in a real browser, signed in as its administrator the way somebody is who was here before. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { ROOT_DIR } from '#system/config.ts';
import type { Site } from '#test/site/site.ts';
import { openBrowser } from './browser.ts';

export type OpenPage = AsyncDisposable & {
  base: string;
  context: BrowserContext;
  page: Page;
  /** `name=value` of the session, for requests beside the page. */
  cookie: string;
  sessionCookie: SessionCookie;
  /** What the page threw, and what it wrote to the console as an error. */
  faults: string[];
};

type SessionCookie = { name: string; value: string; url: string; httpOnly: boolean; sameSite: 'Strict' };

type Options = {
  browserPath: string | undefined;
  width: number;
  height: number;
  /** The browser writes the status alone into `faults`: what the API said of it tells why. */
  saysServerFaults?: boolean;
};

export function requireBuiltPage(): void {
  if (existsSync(resolve(ROOT_DIR, 'dashboards/dist/index.html'))) return;
  throw new Error('the page is not built: run ./sharp-eyes test, or npm run build:page first');
}

/** Needs the site's API running. The map need not be drawn first: the session comes by its cookie. */
export function openSignedIn(
  { config, children }: Pick<Site, 'config' | 'children'>,
  options: Options,
): Promise<OpenPage> {
  const base = `http://127.0.0.1:${config.apiPort}`;
  return openPageAs({ base, user: 'admin', password: String(children.details('api').firstPassword) }, options);
}

type Whose = { base: string; user: string; password: string };

export async function openPageAs(
  { base, user, password }: Whose,
  { browserPath = '', width, height, saysServerFaults = false }: Options,
): Promise<OpenPage> {
  const browser = await openBrowser(browserPath, { width, height });
  const { context } = browser;
  const page = context.pages()[0] ?? (await context.newPage());
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => faults.push(error.message));
  if (saysServerFaults)
    page.on('response', async (response) => {
      if (response.status() >= 500) console.log(response.url(), await response.text().catch(() => 'is gone'));
    });
  const answer = await fetch(`${base}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const [name = '', value = ''] = cookie.split('=');
  const sessionCookie: SessionCookie = { name, value, url: base, httpOnly: true, sameSite: 'Strict' };
  await context.addCookies([sessionCookie]);
  await context.addInitScript(() => localStorage.setItem('sharp-eyes.signed-in', 'yes'));
  return {
    base,
    context,
    page,
    cookie,
    sessionCookie,
    faults,
    [Symbol.asyncDispose]: () => browser[Symbol.asyncDispose](),
  };
}
