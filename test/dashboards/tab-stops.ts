/** Where the tab key stops on a page, one after another. */
import type { Page } from 'playwright-core';

/** `where`: the part of the page; `ringPx`: how thick what shows the focus is. */
export type Stop = { what: string; where: string; ringPx: number };

const LOOK_EVERY = 20;

/** Presses Tab from the top of the page until it is back there. */
export async function tabStops(page: Page, most = 600): Promise<{ stops: Stop[]; isRound: boolean }> {
  await page.evaluate(keepStops);
  const read = () => page.evaluate(() => (globalThis as unknown as { kept: Stop[] }).kept);
  for (let pressed = 1; pressed <= most; pressed++) {
    await page.keyboard.press('Tab');
    if (pressed % LOOK_EVERY !== 0) continue;
    const stops = await read();
    const again = stops.findIndex(({ where }, index) => index > 0 && where === 'skip-button');
    if (again > 0) return { stops: stops.slice(0, again), isRound: true };
  }
  return { stops: await read(), isRound: false };
}

/** In the page: writes down what is given the focus, from the first stop of all on. */
function keepStops(): void {
  const PARTS = ['skip-button', 'rail', 'shell-header', 'shell-content'];
  const kept: Stop[] = [];
  const ringOf = (element: Element): number => {
    // A stage of the pipeline is drawn: its edge grows. The map draws its ring over its canvas.
    const edge = element.querySelector(':scope > rect');
    if (edge !== null) return Number.parseFloat(getComputedStyle(edge).strokeWidth) - 2;
    const map = element.matches('.maplibregl-canvas') ? element.closest('.map') : null;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(
      map ?? element,
      map === null ? null : '::before',
    );
    const outlinePx = outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth);
    return boxShadow === 'none' ? outlinePx : Math.max(outlinePx, 1);
  };
  document.addEventListener('focusin', ({ target }) => {
    // A heading or a part that is given the focus by the page is no stop of the tab key.
    if (!(target instanceof Element) || target.getAttribute('tabindex') === '-1') return;
    const name = target.getAttribute('aria-label') ?? target.textContent?.trim().slice(0, 30) ?? '';
    kept.push({
      what: `${target.tagName.toLowerCase()} ${target.getAttribute('class') ?? ''} ${name}`,
      where: PARTS.find((part) => target.closest(`.${part}`)) ?? 'elsewhere',
      ringPx: ringOf(target),
    });
  });
  Object.assign(globalThis, { kept });
  document.querySelector<HTMLElement>('.skip-button')?.focus();
}
