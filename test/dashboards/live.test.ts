/** Live video in a real browser: a virtual camera over RTSP, a reader and muxer as a worker has them, the API, the page. */
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#test/site/site.ts';
import { findBrowser, openBrowser } from './browser.ts';
import { type LivePlace, openLivePlace } from './live-place.ts';
import { requireBuiltPage } from './open-page.ts';

const browserPath = findBrowser();
if (browserPath === undefined) console.log('skipped: no Chromium is installed, and the page needs a real browser');

const stack = new AsyncDisposableStack();
const faults: string[] = [];
let place: LivePlace;
let page: Page;

const videoOf = (camera: string) => page.locator(`[data-camera=${camera}] video`);
const screenOf = (camera: string) => page.locator(`[data-camera=${camera}] .live-frame`);
const shownAtS = (camera: string) => videoOf(camera).evaluate((video: HTMLVideoElement) => video.currentTime);

async function untilPlaying(camera: string): Promise<void> {
  await page.locator(`[data-camera=${camera}] .live-frame[data-live=playing]`).waitFor();
  const before = await shownAtS(camera);
  await until(`${camera} to go on`, async () => (await shownAtS(camera)) > before + 0.5);
}

describe.skipIf(browserPath === undefined)('the live wall', () => {
  beforeAll(async () => {
    requireBuiltPage();
    place = stack.use(await openLivePlace());
    const { context } = stack.use(await openBrowser(browserPath ?? '', { width: 960, height: 600 }));
    page = context.pages()[0] ?? (await context.newPage());
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => faults.push(error.message));
    // Straight to the wall: drawing the map by software first would take what the videos need.
    await context.addCookies([{ name: 'sharp_eyes_session', value: place.session, url: place.url }]);
    await context.addInitScript(() => localStorage.setItem('sharp-eyes.signed-in', 'yes'));
    await page.goto(`${place.url}/#/live`);
  });
  afterAll(() => stack.disposeAsync());

  it('plays four cameras at once, and asks each for one connection', async () => {
    await page.locator('.tile').nth(3).waitFor();
    for (const camera of ['cam-1', 'cam-2', 'cam-3', 'cam-4']) await untilPlaying(camera);
    expect(place.rtsp.clients()).toBe(place.cameras.length);
    expect(place.viewers()).toBe(4);
  });

  it('is less than a second behind the camera', async () => {
    // A machine that is busy with all the other tests may need a moment to get there.
    await until(
      'the median of twenty looks at the clock to be below a second',
      async () => {
        const delays: number[] = [];
        while (delays.length < 20) {
          await page.waitForTimeout(100);
          delays.push(Number(await videoOf('cam-1').getAttribute('data-delay-ms')));
        }
        const [least, middle, most] = [0, 10, 19].map((at) => delays.toSorted((a, b) => a - b)[at] ?? 0);
        console.log(`live video: ${middle} ms from the camera to the screen (median of 20; ${least} to ${most})`);
        return (middle ?? 0) < 1000;
      },
      90_000,
    );
  });

  it('draws boxes where the things are in the very picture that is shown', async () => {
    // The thing goes through the picture in four seconds: a tenth of a second out of step is 2 % of its width.
    await until(
      'half of the boxes to be within a tenth of a second of their things',
      async () => {
        const { offsets, width } = await page.evaluate(measureBoxes, 'cam-1');
        const sorted = offsets.map(Math.abs).sort((a, b) => a - b);
        const median = sorted[sorted.length >> 1] ?? Number.NaN;
        console.log(`live video: boxes are ${median.toFixed(1)} of ${width} pixels beside their things (median)`);
        return sorted.length > 10 && median / width < 0.02;
      },
      90_000,
    );
  });

  it('shows pictures, and says why, where the browser does not play the codec', async () => {
    const canPlay = await page.evaluate(() => MediaSource.isTypeSupported('video/mp4; codecs="hvc1.1.6.L63.90"'));
    await page.getByLabel('Camera in place 2').selectOption('cam-hevc');
    if (canPlay) return untilPlaying('cam-hevc');
    await page.locator('[data-camera=cam-hevc] .live-note', { hasText: 'does not play H.265' }).waitFor();
    await until('a picture', async () => (await screenOf('cam-hevc').getAttribute('data-live')) === 'playing');
  });

  it('shows a larger grid, remembers it, and stops when it is left', async () => {
    await page.keyboard.press('Escape');
    await page.locator('.wall-keys').click();
    await page.keyboard.press('3');
    await page.locator('.tile').nth(8).waitFor();
    await page.reload();
    await page.locator('.tile').nth(8).waitFor();
    await untilPlaying('cam-1');
    await page.goto(`${place.url}/#/health`);
    await until('nobody to watch', () => place.viewers() === 0);
  });

  it('enlarges the chosen camera by the keyboard, and goes back', async () => {
    await page.goto(`${place.url}/#/live`);
    await page.keyboard.press('2');
    await untilPlaying('cam-1');
    await page.locator('.wall-keys').click();
    await page.keyboard.press('Enter');
    await until('one tile', async () => (await page.locator('.tile').count()) === 1);
    await untilPlaying('cam-1');
    await page.keyboard.press('Escape');
    await page.locator('.tile').nth(3).waitFor();
  });

  it('saves the picture that is shown, in its full size', async () => {
    await untilPlaying('cam-1');
    const downloading = page.waitForEvent('download');
    await page.locator('[data-camera=cam-1]').hover();
    await page.locator('[data-camera=cam-1]').getByRole('button', { name: 'Save picture' }).click();
    const download: Download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^cam-1 \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.jpg$/);
  });

  it('goes on by itself after the camera was away', async () => {
    await place.rtsp.fault('cam-1', { kind: 'half-close' });
    const before = await shownAtS('cam-1');
    await place.rtsp.fault('cam-1', { kind: 'none' });
    await until('it to go on', async () => (await shownAtS('cam-1')) > before + 2);
  });

  it('follows the camera when its picture changes its size', async () => {
    await place.rtsp.fault('cam-2', { kind: 'change-resolution', file: place.largeClip });
    await page.getByLabel('Camera in place 2').selectOption('cam-2');
    await until(
      'the larger picture',
      async () => (await videoOf('cam-2').evaluate((video: HTMLVideoElement) => video.videoWidth)) === 640,
    );
    await untilPlaying('cam-2');
  });

  it('plays B-pictures in their order', async () => {
    await page.getByLabel('Camera in place 3').selectOption('cam-b');
    await untilPlaying('cam-b');
    const dropped = await videoOf('cam-b').evaluate((video: HTMLVideoElement) => video.error?.message ?? '');
    expect(dropped).toBe('');
  });

  it('speaks Chinese', async () => {
    await page.getByRole('button', { name: '切换到中文' }).click();
    await page.getByLabel('第 1 格的摄像机').waitFor();
    await page.getByRole('button', { name: 'Switch to English' }).click();
  });

  it('has written no error to the console', () => {
    expect(faults).toEqual([]);
  });
});

/** Runs in the page: how far the drawn box lies from the thing in the same picture, in pixels of the canvas. */
async function measureBoxes(camera: string): Promise<{ offsets: number[]; width: number }> {
  const video = document.querySelector<HTMLVideoElement>(`[data-camera=${camera}] video`)!;
  const overlay = document.querySelector<HTMLCanvasElement>(`[data-camera=${camera}] canvas`)!;
  const [width, height] = [160, 90];
  const small = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  const frames: { luma: Float32Array; boxX: number | null }[] = [];
  const endAt = performance.now() + 25_000;
  while (performance.now() < endAt && frames.length < 100) {
    await new Promise((done) => video.requestVideoFrameCallback(done));
    small.drawImage(video, 0, 0, width, height);
    const { data } = small.getImageData(0, 0, width, height);
    const luma = Float32Array.from(
      { length: width * height },
      (_, at) => data[at * 4]! + data[at * 4 + 1]! + data[at * 4 + 2]!,
    );
    small.clearRect(0, 0, width, height);
    small.drawImage(overlay, 0, 0, width, height);
    const drawn = small.getImageData(0, 0, width, height).data;
    const row = Math.round(height * 0.6);
    const columns = Array.from({ length: width }, (_, x) => x).filter((x) => drawn[(row * width + x) * 4 + 3]! > 60);
    const boxX = columns.length < 2 ? null : (columns[0]! + columns.at(-1)!) / 2;
    frames.push({ luma, boxX });
  }
  const still = Float32Array.from({ length: width * height }, (_, at) => {
    const values = frames.map(({ luma }) => luma[at]!).sort((a, b) => a - b);
    return values[values.length >> 1]!;
  });
  const offsets = frames.flatMap(({ luma, boxX }) => {
    if (boxX === null) return [];
    let [sum, weight] = [0, 0];
    for (let y = Math.round(height * 0.47); y < height * 0.73; y++) {
      for (let x = 0; x < width; x++) {
        const difference = Math.abs(luma[y * width + x]! - still[y * width + x]!);
        if (difference < 60) continue;
        sum += x;
        weight++;
      }
    }
    return weight < 40 ? [] : [sum / weight - boxX];
  });
  return { offsets, width };
}
