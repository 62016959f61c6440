/** When a view can be looked at: it is loaded, says that it is busy with nothing, and its text has stood still for a moment. */
import type { Page } from 'playwright-core';

type Options = { stillMs?: number; mostMs?: number };

/** After `mostMs` whatever is there is taken: some views never stand still, as a clock or a count of seconds. */
export async function settle(page: Page, { stillMs = 350, mostMs = 8000 }: Options = {}): Promise<void> {
  await page.locator('main').waitFor();
  await page.evaluate(
    ([still, most]) =>
      new Promise<void>((done) => {
        const BUSY = '.shell-opening, [aria-busy="true"], .placeholders, [data-testid=map]:not([data-ready=true])';
        const startMs = performance.now();
        let [text, sinceMs] = ['', startMs];
        const look = () => {
          const nowMs = performance.now();
          const said = document.body.innerText;
          const isBusy = document.querySelector(`main :is(${BUSY})`) !== null;
          if (said !== text || isBusy) [text, sinceMs] = [said, nowMs];
          if (nowMs - sinceMs >= still || nowMs - startMs >= most) done();
          else setTimeout(look, 50);
        };
        look();
      }),
    [stillMs, mostMs] as const,
  );
}
