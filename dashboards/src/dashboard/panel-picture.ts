/**
 * A panel as a PNG: what the page shows of it, with the styles that it has there, and below it place, period and zone.
 * The copy is drawn by the browser itself as an SVG picture with the elements in it; nothing is asked of anybody.
 */
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { saveBlob } from '../map/save-blob.ts';
import { formatTime } from '../words/figures.ts';
import { offsetText } from '../workspace/zone-time.ts';
import type { Telling } from './panel-rows.ts';

type PictureOf = { answer: PanelAnswer; about: string; telling: Telling };

const SCALE = 2;
const EDGE_PX = 16;
const FOOT_PX = 34;
const LEFT_OUT = '.menu-button, .menu, .sql-text, .unseen, .chart-card';

/** What makes elements look as they do; all of a style would be ten times as much. */
const COPIED = [
  'display position inset float width height min-width max-width margin padding box-sizing',
  'grid-template-columns grid-template-rows grid-area gap flex flex-direction flex-wrap order',
  'align-items align-self justify-content justify-self place-items',
  'background border border-radius border-collapse border-spacing box-shadow opacity overflow transform',
  'color font-family font-size font-weight font-style font-variant-numeric letter-spacing line-height',
  'text-align text-transform text-decoration text-overflow vertical-align white-space list-style',
  'fill stroke stroke-width stroke-dasharray stroke-linecap fill-opacity stroke-opacity text-anchor',
].flatMap((names) => names.split(' '));

export async function savePanel(
  card: HTMLElement,
  own: (() => Promise<Blob>) | null,
  { answer, about, telling }: PictureOf,
): Promise<void> {
  const { words, zone } = telling;
  const made = `${words.name} · ${about} · ${words.dashboard.printed(formatTime(Date.now(), words, { zone, withDay: true }))}, ${zone} ${offsetText(Date.now(), zone)}`;
  saveBlob(own === null ? await pictureOf(card, made) : await own(), `sharp-eyes-${answer.id}.png`);
}

/** Throws where the browser gives no canvas or cannot draw the copy. */
export async function pictureOf(card: HTMLElement, foot: string): Promise<Blob> {
  const { width, height } = card.getBoundingClientRect();
  const sqlPx = card.querySelector('.sql-text')?.getBoundingClientRect().height ?? 0;
  const [all, tall] = [width + 2 * EDGE_PX, height - sqlPx + 2 * EDGE_PX + FOOT_PX];
  const copy = copyOf(card) as HTMLElement;
  copy.style.margin = '0';
  copy.style.height = 'auto';
  copy.style.boxShadow = 'none';
  const page = getComputedStyle(document.documentElement);
  const colour = (name: string) => page.getPropertyValue(name).trim();
  const sheet = document.createElement('div');
  sheet.style.cssText = `width:${all}px;height:${tall}px;padding:${EDGE_PX}px;box-sizing:border-box;background:${colour('--paper')}`;
  const line = document.createElement('p');
  line.textContent = foot;
  line.style.cssText = `margin:12px 0 0;color:${colour('--ink-3')};font:11px ${page.fontFamily}`;
  sheet.append(copy, line);
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" width="${all}" height="${tall}"><foreignObject width="100%" height="100%">${new XMLSerializer().serializeToString(sheet)}</foreignObject></svg>`;
  return rasterised(drawn, all, tall);
}

async function rasterised(svg: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.ceil(width * SCALE), Math.ceil(height * SCALE)];
  const to = canvas.getContext('2d');
  if (to === null) throw new Error('the browser gives no canvas to draw on');
  to.scale(SCALE, SCALE);
  to.drawImage(image, 0, 0);
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => (blob === null ? fail(new Error('the canvas gives no picture')) : done(blob)), 'image/png'),
  );
}

function copyOf(element: Element): Element {
  const copy = element.cloneNode(false) as Element;
  copy.removeAttribute('class');
  if (copy instanceof HTMLElement || copy instanceof SVGElement) {
    const style = getComputedStyle(element);
    copy.setAttribute('style', COPIED.map((name) => `${name}:${style.getPropertyValue(name)}`).join(';'));
  }
  for (const child of element.childNodes) {
    if (child instanceof Element) {
      if (!child.matches(LEFT_OUT)) copy.append(copyOf(child));
    } else copy.append(child.cloneNode(true));
  }
  return copy;
}
