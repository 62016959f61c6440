/** Words in Latin letters that a page in Chinese still shows or reads out, but names, ids, units, formats and commands. */
import type { Page } from 'playwright-core';

/** What Chinese engineers write in Latin letters too. */
const ALLOWED = [
  ...['UTC', 'CSV', 'GeoJSON', 'PNG', 'PDF', 'SQL', 'URL', 'IP', 'AI', 'GPU', 'CPU', 'NATS', 'ONVIF', 'RTSP', 'API'],
  ...['WGS-84', 'GCJ-02', 'BD-09', 'H3', 'NTP', 'fps', 'px', 'km', 'kbit', 'Mbit', 'Esc', 'Enter', 'Ctrl', 'B', 'S'],
  // The button that leads to English says so in English.
  ...['EN', 'Switch to English', 'Asia/Shanghai', 'ClickHouse', 'MapLibre'],
];

/** `known`: names and ids that people gave. */
export async function latinIn(page: Page, known: readonly string[]): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const NOT_SAID = 'code, kbd, pre, script, style, [lang]:not(html), .maplibregl-ctrl';
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement;
      if (element === null || element.closest(NOT_SAID) !== null) continue;
      if (node instanceof Element) {
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(node.getAttribute(name) ?? '');
      } else found.push(node.textContent ?? '');
    }
    return found;
  });
  const spared = [...known, ...ALLOWED].sort((a, b) => b.length - a.length);
  return [...new Set(texts)].filter((text) => {
    let rest = text;
    for (const each of spared) rest = rest.replaceAll(each, ' ');
    return /\p{Script=Latin}{2,}/u.test(rest);
  });
}
