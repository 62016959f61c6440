/** The page of channels in a real browser, before a real API, a broker, the process of alerts and a real receiver. */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, openBroker } from '#system/broker.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { CITY } from '#test/api/small-city.ts';
import { alertEvent, publishEvents } from '#test/site/alert-events.ts';
import { startAlerts } from '#test/site/alerts.ts';
import { type Receiver, startReceiver } from '#test/site/receiver.ts';
import { testLogger, until } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';
import { findBrowser, openBrowser } from './browser.ts';
import { requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const SHOTS = process.env.PAGE_SHOTS;

describe.skipIf(browserPath === undefined)('the page of channels', () => {
  const stack = new AsyncDisposableStack();
  const faults: string[] = [];
  let api: ApiSite;
  let engine: Broker;
  let receiver: Receiver;
  let page: Page;

  const shot = async (name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: resolve(SHOTS, `channels-${name}.png`), fullPage: true });
  };
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const row = () => page.locator('.outlet-row', { hasText: 'Control room' });
  const came = (name: string) => receiver.received.some(({ body }) => body.includes(`(${name})`));

  /** With a session of theirs, as somebody who was here before. */
  async function signIn(user: string): Promise<void> {
    const { secret } = await api.context.sessions.issue(user, { purpose: 'session', name: 'test', lifeMs: 600_000 });
    const cookie = { name: 'sharp_eyes_session', value: secret, url: api.url, httpOnly: true };
    await page.context().addCookies([{ ...cookie, sameSite: 'Strict' }]);
  }

  beforeAll(async () => {
    requireBuiltPage();
    api = stack.use(await startApi({ webhookInnerAllowed: true }));
    await startStore(api.site);
    await startAlerts(api.site);
    receiver = stack.use(await startReceiver());
    engine = stack.use(await openBroker(api.config, 'analytics', { logger: testLogger, name: 'test-engine' }));
    expect((await api.ask('PUT', '/api/v1/areas', { body: CITY })).status).toBe(200);
    const { context } = stack.use(await openBrowser(browserPath ?? '', { width: 1200, height: 860 }));
    page = context.pages()[0] ?? (await context.newPage());
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('dialog', (dialog) => void dialog.accept());
    await context.addInitScript(() => localStorage.setItem('sharp-eyes.signed-in', 'yes'));
    await signIn('admin');
    await page.goto(`${api.url}/#/channels`);
    await page.getByText('No channels yet.').waitFor();
  });
  afterAll(() => stack.disposeAsync());

  it('says beside the field what the API does not take', async () => {
    await page.getByRole('link', { name: 'New webhook' }).click();
    await page.getByLabel('Address').fill('ftp://receiver');
    await button('Save and switch on').click();
    await page.locator('.outlet-problem').first().waitFor();
    expect(await page.locator('.outlet-problem').allTextContents()).toEqual([
      'This is needed.',
      'It begins with http:// or https://',
    ]);
    expect(await page.getByLabel('Address').getAttribute('aria-invalid')).toBe('true');
    await shot('refused');
  });

  it('adds a webhook, tells its secret once, tests it, and the next alert arrives', async () => {
    await page.getByLabel('Name').fill('Control room');
    await page.getByLabel('Address').fill(receiver.url);
    await page.getByLabel('Area').selectOption('lixia');
    await button('Save and switch on').click();
    const secret = await page.locator('.outlet-once code').textContent();
    expect(secret).toMatch(/^[\w-]{32}$/);
    await shot('secret');
    await button('Done').click();
    expect(await page.locator('.outlet-once').count()).toBe(0);
    await button('Send a test').click();
    await page.getByText('The test was delivered in').waitFor();
    expect(receiver.received.at(-1)?.body).toContain('org.sharp-eyes.channel.test.v1');
    await row().getByText('Idle').waitFor();
    await publishEvents(engine, [alertEvent('first')]);
    await until('the alert', () => came('first'));
  });

  it('shows what was refused and why, and sends it again', async () => {
    receiver.answers.push(400);
    await publishEvents(engine, [alertEvent('refused')]);
    const letters = page.locator('.outlet-letters');
    await letters.getByText('it answers 400').waitFor();
    expect(await letters.textContent()).toContain('1 attempt');
    await shot('given-up');
    const before = receiver.received.length;
    await letters.getByRole('button', { name: 'Send again' }).click();
    await letters.waitFor({ state: 'detached' });
    expect(receiver.received.length).toBe(before + 1);
    expect(came('refused')).toBe(true);
  });

  it('throws away what was refused where somebody says so', async () => {
    receiver.answers.push(400);
    await publishEvents(engine, [alertEvent('unwanted')]);
    const letters = page.locator('.outlet-letters');
    await letters.getByRole('button', { name: 'Discard', exact: true }).waitFor();
    await shot('discard');
    const before = receiver.received.length;
    await letters.getByRole('button', { name: 'Discard', exact: true }).click();
    await letters.waitFor({ state: 'detached' });
    expect(api.context.alerting.deadLetters.list()).toEqual([]);
    expect(receiver.received.length).toBe(before);
  });

  it('says that a receiver is gone, what waits and why, and that a test does not reach it', async () => {
    await receiver[Symbol.asyncDispose]();
    await publishEvents(engine, [alertEvent('waiting')]);
    await row().getByText('Trying again').waitFor();
    await row().getByText('1 waits').waitFor();
    await page.locator('.outlet-error', { hasText: 'ECONNREFUSED' }).waitFor();
    await button('Send a test').click();
    await page.getByText('The test was not delivered').waitFor();
    expect(await page.locator('.problem-cure').textContent()).toContain('can be reached from here');
    await shot('gone');
    await page.getByRole('button', { name: '切换到中文' }).click();
    await row().getByText('重试中').waitFor();
    await page.getByRole('button', { name: /深色/ }).click();
    await shot('gone-zh-dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await shot('gone-zh-dark-phone');
    await page.setViewportSize({ width: 1200, height: 860 });
    await page.getByRole('button', { name: /浅色/ }).click();
    await page.getByRole('button', { name: 'Switch to English' }).click();
  });

  it('makes credentials for NATS, shows them once, and takes them away', async () => {
    await page.getByRole('link', { name: 'NATS subscriptions' }).click();
    await page.getByLabel('What it is for').fill('Evening duty');
    await page.getByLabel('Area').selectOption('shizhong');
    await button('Make credentials').click();
    await page.locator('.outlet-once').waitFor();
    const values = await page.locator('.outlet-once code').allTextContents();
    expect(values).toHaveLength(6);
    expect(values[3]).toBe('sharpeyes.alerts.*.shizhong.>');
    await shot('nats');
    await button('Done').click();
    await page.getByText('Evening duty').waitFor();
    await button('Take away').click();
    await page.getByText('No subscriptions.').waitFor();
    expect(api.context.subscriptions.list()).toEqual([]);
  });

  it('removes a channel, and shows an officer what there is without what would change it', async () => {
    await row().click();
    await button('Remove').click();
    await page.getByText('No channels yet.').waitFor();
    expect(api.context.alerting.channels.list()).toEqual([]);
    const add = { id: 'kept', name: 'Kept', type: 'webhook', url: 'http://127.0.0.1:9/', area: null };
    expect((await api.ask('POST', '/api/v1/channels', { body: { ...add, isEnabled: false } })).status).toBe(201);
    await api.enrol('duty', ['officer']);
    await signIn('duty');
    await page.goto(`${api.url}/#/channels/kept`);
    await page.reload();
    await page.getByText('You may read channels, not change them.').waitFor();
    expect(await page.getByLabel('Address').isDisabled()).toBe(true);
    for (const name of ['Save', 'Remove', 'Send a test']) expect(await button(name).count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
