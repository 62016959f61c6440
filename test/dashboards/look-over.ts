/** What can be seen of an open page by a program: rules of WCAG broken, words of another language, what does not fit. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
type Rules = { type: 'tag' | 'rule'; values: string[] };
export const WCAG: Rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** Those of them that a theme decides. */
export const COLOURS: Rules = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

type Broken = { id: string; nodes: { target: unknown[]; failureSummary?: string }[] };
type Axe = { run: (options: object) => Promise<{ violations: Broken[] }> };

/** Each as "rule: element: what is wrong". */
export async function violations(page: Page, runOnly: Rules): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    return (await axe.run({ runOnly: rules, resultTypes: ['violations'] })).violations;
  }, runOnly);
  return found.flatMap(({ id, nodes }) =>
    nodes
      .filter(({ target }) => !isPin(id, target))
      .map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`),
  );
}

/**
 * WCAG 2.2, 2.5.8, exception "Equivalent": what a pin of the map does the list of cameras does too. Where a map stands,
 * pins may lie half below what is drawn over it.
 */
const isPin = (rule: string, target: unknown[]): boolean =>
  rule === 'target-size' && /^button\[data-camera=/.test(String(target[0]));

/** What Chinese engineers write in Latin letters too: units, formats, products, keys, commands. */
const ALLOWED = [
  ...['UTC', 'CSV', 'GeoJSON', 'KML', 'GeoPackage', 'shapefile', 'PNG', 'JPEG', 'PDF', 'SQL', 'URL', 'IP', 'AI', 'API'],
  ...[
    'NATS',
    'ONVIF',
    'RTSP',
    'MQTT',
    'Webhook',
    'CloudEvents',
    'CAP',
    'JSON',
    'XML',
    'HTTP',
    'TCP',
    'UDP',
    'TLS',
    'NTP',
    'CIDR',
  ],
  ...['GPU', 'CPU', 'WGS-84', 'GCJ-02', 'BD-09', 'H3', 'H.264', 'H.265', 'fps', 'px', 'km', 'kbit', 'Mbit', 'KiB'],
  ...['MiB', 'GiB', 'TiB', 'kB', 'MB', 'GB', 'TB', 'ms', 'Esc', 'Enter', 'Ctrl', 'Tab', 'Home', 'End'],
  ...['ClickHouse', 'MapLibre', 'Node', 'Home Assistant', 'Sharp Eyes', 'Asia/Shanghai', './sharp-eyes'],
];

/** Every text that is shown or read out, in the open page; a button to the other language speaks that one. */
const saidTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const NOT_SAID = 'code, pre, script, style, button[lang], .maplibregl-ctrl';
    const SPOKEN = ['aria-label', 'aria-description', 'title', 'placeholder', 'alt'];
    const found = new Set<string>([document.title]);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement;
      if (element === null || element.closest(NOT_SAID) !== null) continue;
      if (node instanceof Element) for (const name of SPOKEN) found.add(node.getAttribute(name) ?? '');
      else found.add(node.textContent ?? '');
    }
    return [...found];
  });

/** Names of places may be shown in part: of two languages one. */
function without(text: string, names: readonly string[]): string {
  let rest = text;
  for (const name of names) rest = rest.replaceAll(name, ' ');
  return rest;
}

const withoutMade = (text: string) => MADE.reduce((rest, made) => rest.replaceAll(made, ' '), text);
const byLength = (names: readonly string[]) => [...new Set(names)].sort((a, b) => b.length - a.length);
/** Commands, settings, addresses, names of processes, fields of a text that is filled in. */
const MADE = [
  ...[/\.\/sharp-eyes(?: [a-z-]+)*/g, /\bSHARP_EYES_\w+/g, /(?:https?|rtsp):\S+/g, /\b[\w.-]+@[\w.-]+/g],
  ...[/\b(?:alerts|analytics|api|store|rules|worker)-\d+\b/g, /\{\w+\}/g],
];
const BROKEN = /\b(undefined|NaN|null)\b|\[object |\bwords\.|\bsaid\./;

/** Of a page in Chinese: what still has words in Latin letters. `names`: what people gave names to. */
export async function latinIn(page: Page, names: readonly string[]): Promise<string[]> {
  const spared = byLength([...names, ...ALLOWED]);
  return (await saidTexts(page)).filter((text) => /\p{Script=Latin}{2,}/u.test(without(withoutMade(text), spared)));
}

/** Of a page in English: what has Chinese characters, and what is no language at all. */
export async function strangeIn(page: Page, names: readonly string[]): Promise<string[]> {
  const spared = byLength(names);
  return (await saidTexts(page)).filter((text) => /\p{Script=Han}/u.test(without(text, spared)) || BROKEN.test(text));
}

/** What reaches past the right edge, though nothing around it scrolls. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide`);
    for (const element of document.querySelectorAll('main, .view-content, .shell-header, .bottom-bar'))
      if (element.scrollWidth > element.clientWidth + 1)
        found.push(`${element.className} is ${element.scrollWidth} wide of ${element.clientWidth}`);
    return found;
  });

/** Which share of the width the content takes, from its leftmost to its rightmost; and by how much its margins differ. */
export const filled = (page: Page): Promise<{ share: number; lean: number }> =>
  page.evaluate(() => {
    const main = document.querySelector('main')?.getBoundingClientRect();
    if (main === undefined) throw new Error('there is no main element');
    let [left, right] = [Number.POSITIVE_INFINITY, 0];
    const CONTENT = 'p, h2, h3, button, a, input, select, td, th, canvas, svg, img, li';
    for (const element of document.querySelectorAll('main *')) {
      // A card counts as a whole, whatever stands in it.
      const isCard = getComputedStyle(element).boxShadow !== 'none';
      if ((!isCard && !element.matches(CONTENT)) || element.closest('.sign-in-preferences') !== null) continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0 || element.closest('.unseen') !== null) continue;
      left = Math.min(left, Math.max(box.left, main.left));
      right = Math.max(right, Math.min(box.right, main.right));
    }
    return { share: (right - left) / main.width, lean: Math.abs(left - main.left - (main.right - right)) / main.width };
  });
