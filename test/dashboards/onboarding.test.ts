/** From a box on the network to a placed, calibrated, live camera, in a real browser, with a virtual ONVIF device. */
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAKES } from '#demo/devices/make.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { ROOT_DIR } from '#system/config.ts';
import { type SmallFleet, startSmallFleet } from '#test/demo/devices/small-fleet.ts';
import { type Site, startSite, until } from '#test/site/site.ts';
import { findBrowser, openBrowser } from './browser.ts';
import { requireBuiltPage } from './open-page.ts';
import { AREAS, PLACE } from './watched-place.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const stack = new AsyncDisposableStack();
const faults: string[] = [];
let site: Site;
let fleet: SmallFleet;
let base: string;
let cookie: string;
let page: Page;

/** The picture's corners lie on a rectangle of about 40 m by 40 m around the place. */
const POINTS = [
  [0.2, 0.9],
  [0.8, 0.9],
  [0.75, 0.4],
  [0.25, 0.4],
] as const;
const groundOf = (x: number, y: number) => ({
  lon: PLACE.lon + (x - 0.5) * 0.00045,
  lat: PLACE.lat + (0.5 - y) * 0.00036,
});

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${base}/api/v1/${path}`, {
    method,
    headers: { 'content-type': 'application/json', origin: base, cookie },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

describe.skipIf(browserPath === undefined)('the way of a camera from the network to the map', () => {
  beforeAll(async () => {
    requireBuiltPage();
    site = stack.use(await startSite());
    const makes = MAKES.filter(({ id }) => id === 'wrong-clock' || id === 'digest-only');
    fleet = stack.use(await startSmallFleet({ count: 2, makes, clip: { width: 640, height: 360 } }));
    for (const [name, script] of [
      ['api', 'api/main.ts'],
      ['ingest', 'ingest/main.ts'],
    ] as const) {
      await site.children.start({
        name,
        command: process.execPath,
        args: [resolve(ROOT_DIR, script)],
        env: { ...site.env, UV_THREADPOOL_SIZE: '16' },
      });
    }
    base = `http://127.0.0.1:${site.config.apiPort}`;
    const { firstPassword, signInCode } = site.children.details('api');
    const signedIn = await fetch(`${base}/api/v1/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'admin', password: firstPassword }),
    });
    cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    await ask('PUT', 'areas', AREAS);
    const { context } = stack.use(await openBrowser(browserPath ?? '', { width: 1280, height: 800 }));
    page = context.pages()[0] ?? (await context.newPage());
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${base}/#sign-in=${String(signInCode)}`);
    await page.locator('.workspace').waitFor();
    await page.goto(`${base}/#/cameras`);
  });

  afterAll(() => stack.disposeAsync());

  const device = (number: number) => fleet.device(number);
  const nameDevice = async (number: number) => {
    await page.getByRole('textbox', { name: 'Address or range' }).fill(`127.0.0.1:${device(number).onvif.port}`);
    await page.keyboard.press('Enter');
  };

  it('finds a device that is named by its address', async () => {
    await nameDevice(1);
    await page.locator('.device-row', { hasText: `127.0.0.1:${device(1).onvif.port}` }).click();
    await page.locator('.login-step').waitFor();
  });

  it('says that the password is wrong, and what to do, after one try', async () => {
    await page.getByLabel('Password').fill('not-it');
    await page.keyboard.press('Enter');
    await page.locator('.probe-lines .is-wrong', { hasText: /password/i }).waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  it('logs in, measures, and shows what the camera sees', async () => {
    await page.getByLabel('Password').fill(device(1).plan.password);
    await page.keyboard.press('Enter');
    await page.locator('.channels img').waitFor();
    expect(await page.locator('.probe-lines').textContent()).not.toContain(device(1).plan.password);
    await page.keyboard.press('Enter');
  });

  it('places it where it is clicked, in the area that holds the place', async () => {
    await clickMap(PLACE);
    await page.locator('.step-note', { hasText: 'Grid One' }).waitFor();
    await page.getByLabel('Name').fill('North Gate');
    await page.getByLabel(/^Height/).fill('6.5');
    await page.keyboard.press('Enter');
    await page.locator('.calibrate-step').waitFor();
  });

  it('calibrates it by four points in the picture and on the map', async () => {
    await page.locator('.picture-board img').waitFor();
    for (const [x, y] of POINTS) {
      const board = await page.getByTestId('picture-board').boundingBox();
      if (board === null) throw new Error('there is no picture');
      await page.mouse.click(board.x + x * board.width, board.y + y * board.height);
      await clickMap(groundOf(x, y));
    }
    await page.locator('.board-net polyline').first().waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Keep this calibration' }).click();
  });

  it('ends with a camera that is live, placed and calibrated', async () => {
    await page.getByText('It is live, placed and calibrated.').waitFor();
    await page.locator('[data-live=playing]').waitFor();
    const { cameras } = (await ask('GET', 'cameras')) as { cameras: CameraView[] };
    expect(cameras).toMatchObject([
      {
        name: 'North Gate',
        area: 'grid-1',
        placement: { heightM: 6.5 },
        device: { host: '127.0.0.1', port: device(1).onvif.port, scheme: 'onvif' },
        calibrationVersion: 1,
        hasPassword: true,
        position: { lon: expect.closeTo(PLACE.lon, 4), lat: expect.closeTo(PLACE.lat, 4) },
      },
    ]);
  });

  it('remembers the login for the next device', async () => {
    await nameDevice(2);
    await page.locator('.device-row', { hasText: `127.0.0.1:${device(2).onvif.port}` }).click();
    await page.getByText('Filled in from the device before.').waitFor();
    await expect.poll(() => page.getByLabel('Password').inputValue()).toBe(device(1).plan.password);
  });

  it('does all of it without a fault in the page', () => {
    expect(faults).toEqual([]);
  });
});

async function clickMap({ lon, lat }: { lon: number; lat: number }): Promise<void> {
  const map = page.locator('[data-testid=ground-map][data-ready=true]');
  await map.waitFor();
  let at = { x: 0, y: 0 };
  await until('the map rests', async () => {
    const before = await map.getAttribute('data-bounds');
    const box = await map.boundingBox();
    const [west = 0, south = 0, east = 0, north = 0] = (before ?? '').split(' ').map(Number);
    if (box === null || east === west) return false;
    at = {
      x: box.x + ((lon - west) / (east - west)) * box.width,
      y: box.y + ((north - lat) / (north - south)) * box.height,
    };
    await new Promise((done) => setTimeout(done, 700));
    return before === (await map.getAttribute('data-bounds'));
  });
  await page.mouse.click(at.x, at.y);
}
