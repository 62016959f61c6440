/** When a view can be looked at: it waits for no answer, says that it is busy with nothing, and its words have stood still. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page, Request } from 'playwright-core';

type Options = { stillMs?: number; mostMs?: number };

const LOOK_EVERY_MS = 40;
/** Answers that go on for as long as one looks. */
const ENDLESS = /\/(stream|live|video|detections|events)\b|text\/event-stream/;

const waiting = new WeakMap<Page, Set<Request>>();

/** Begins to count the requests of a page; once for each page, before it is settled for the first time. */
export function watchRequests(page: Page): void {
  const open = new Set<Request>();
  waiting.set(page, open);
  page.on('request', (request) => {
    const isEndless = ['eventsource', 'websocket', 'media'].includes(request.resourceType());
    if (!isEndless && !ENDLESS.test(request.url())) open.add(request);
  });
  const end = (request: Request) => open.delete(request);
  page.on('requestfinished', end);
  page.on('requestfailed', end);
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame() && !frame.url().includes('#')) open.clear();
  });
}

/** Those of the kit are there to be looked at. */
const BUSY = [
  '.shell-opening',
  '[aria-busy="true"]',
  ':is(.placeholders, .spinner):not(.kit *)',
  '[data-ready="false"]',
  '.maplibregl-map[data-drawn="false"]',
].join(', ');

type Seen = { words: string; isBusy: boolean };

/** Charts out of view wait until somebody gets there. */
function look(busy: string): Seen {
  const isInView = (element: Element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  const isUndrawn = [...document.querySelectorAll('.chart[data-drawn="false"]')].some(isInView);
  return {
    words: document.body.textContent?.replace(/\d+/g, '0') ?? '',
    isBusy: isUndrawn || document.querySelector(`main :is(${busy})`) !== null,
  };
}

/** Figures may go on. After `mostMs` whatever is there is taken: some views never stand still. */
export async function settle(page: Page, { stillMs = 300, mostMs = 20_000 }: Options = {}): Promise<void> {
  await page.locator('main').waitFor();
  const startMs = performance.now();
  let [seen, sinceMs] = ['', startMs];
  for (;;) {
    const { words, isBusy } = await page.evaluate(look, BUSY);
    const nowMs = performance.now();
    if (words !== seen || isBusy || (waiting.get(page)?.size ?? 0) > 0) [seen, sinceMs] = [words, nowMs];
    if (nowMs - sinceMs >= stillMs || nowMs - startMs >= mostMs) return;
    await pause(LOOK_EVERY_MS);
  }
}
