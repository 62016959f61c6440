/** The door in a real browser, beside a real provider of OpenID Connect. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { CLIENT, type RealProvider, startRealProvider } from '#test/api/people/provider/real-provider.ts';
import { findBrowser, openBrowser } from './browser.ts';
import { requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

describe.skipIf(browserPath === undefined)('the sign-in page with a provider', () => {
  const stack = new AsyncDisposableStack();
  const shots = process.env.PAGE_SHOTS;
  let api: ApiSite;
  let provider: RealProvider;
  let page: Page;

  beforeAll(async () => {
    requireBuiltPage();
    provider = stack.use(await startRealProvider());
    api = stack.use(
      await startApi({
        oidcIssuer: provider.issuer,
        oidcClientId: CLIENT.id,
        oidcName: 'City account',
        oidcScopes: ['groups'],
        oidcGroups: { duty: { roles: ['officer'] } },
      }),
    );
    mkdirSync(resolve(api.config.dataDir, 'secrets'), { recursive: true });
    writeFileSync(resolve(api.config.dataDir, 'secrets', 'oidc-client-secret'), CLIENT.secret);
    const { context } = stack.use(await openBrowser(browserPath ?? '', { width: 1280, height: 800 }));
    page = context.pages()[0] ?? (await context.newPage());
  });
  afterAll(() => stack.disposeAsync());

  async function shoot(name: string): Promise<void> {
    if (shots !== undefined) await page.screenshot({ path: resolve(shots, `${name}.png`) });
  }
  const button = () => page.getByRole('button', { name: 'Sign in with City account' });

  /** Through the provider's own two forms: who one is, and whether we may know. */
  async function signInThere(person: string): Promise<void> {
    await page.context().clearCookies();
    await button().click();
    await page.locator('input[name=login]').fill(person);
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    await page.locator('input[value=consent]').waitFor({ state: 'attached' });
    await page.locator('button[type=submit]').click();
    await page.waitForURL((url) => url.origin === api.url);
  }

  it('says that the provider does not answer, keeps the password’s way open, and finds the provider when it is back', async () => {
    await page.goto(api.url);
    await page.getByText('City account does not answer now').waitFor();
    expect(await button().isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Sign in', exact: true }).isEnabled()).toBe(true);
    await shoot('door-provider-silent');
    provider.register(`${api.url}/api/v1/sign-in/provider/return`);
    await expect.poll(() => button().isEnabled()).toBe(true);
    await shoot('door-provider');
  });

  it('tells who is in no mapped group so, in the page’s words, and takes the code out of the address', async () => {
    provider.groups.set('stranger', ['gardeners']);
    await signInThere('stranger');
    await page.getByText('None of your groups may come in').waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await shoot('door-refused');
    await page.getByRole('button', { name: '切换到中文' }).click();
    await page.getByText('您的用户组均无权进入').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await shoot('door-refused-zh-phone');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('button', { name: 'Switch to English' }).click();
  });

  it('lets in who is, to the view that they wanted, and remembers them as any session', async () => {
    provider.groups.set('officer', ['duty']);
    await page.goto(`${api.url}/#/alerts`);
    await signInThere('officer');
    await page.locator('.view-content.alerts').first().waitFor();
    expect(new URL(page.url()).hash).toBe('#/alerts');
    await page.reload();
    await page.locator('.view-content.alerts').first().waitFor();
    expect(api.context.users.list().map(({ name }) => name)).toContain('officer of the provider');
  });
});
