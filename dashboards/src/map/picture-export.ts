/** The map as a picture for a report: what is drawn, names and cameras on it, and below it what one must know to read it. */
import type { Theme } from '../theme.tsx';
import type { Words } from '../words/english.ts';
import { formatShare, formatSpan, formatTime } from '../words/figures.ts';
import type { CompareName } from '../workspace/choices.ts';
import type { Span } from '../workspace/time-range.ts';
import { offsetText } from '../workspace/zone-time.ts';
import type { CityMap } from './city-map.ts';
import { scaleColours } from './colour-scale.ts';
import { cellSizeM } from './heat-cells.ts';
import { endsOf, ticksOf, titleOf, unitOf } from './legend-scale.ts';
import type { MapFigures } from './map-figures.ts';

export type PictureOrder = {
  map: CityMap;
  figures: MapFigures;
  theme: Theme;
  words: Words;
  zone: string;
  compare: CompareName;
  /** The other span, where one is compared. */
  compared: Span | null;
};

const PAPER: Record<Theme, { paper: string; ink: string; soft: string; halo: string }> = {
  light: { paper: '#ffffff', ink: '#12171b', soft: '#66717a', halo: '#f4f4f2' },
  dark: { paper: '#14191e', ink: '#edf1f4', soft: '#8b97a1', halo: '#10151a' },
};
const EDGE = 20;
const FOOT = 128;
const RAMP = { width: 320, height: 12 };

type Brush = { to: OffscreenCanvasRenderingContext2D; ratio: number; family: string };

/** A PNG; throws where the browser gives no canvas. */
export async function drawPicture(order: PictureOrder): Promise<Blob> {
  const map = await order.map.picture();
  const ratio = devicePixelRatio;
  const canvas = new OffscreenCanvas(map.width, map.height + FOOT * ratio);
  const to = canvas.getContext('2d');
  if (to === null) throw new Error('the browser gives no canvas to draw on');
  const brush = { to, ratio, family: getComputedStyle(document.documentElement).fontFamily };
  to.fillStyle = PAPER[order.theme].paper;
  to.fillRect(0, 0, canvas.width, canvas.height);
  to.drawImage(map, 0, 0);
  map.close();
  to.scale(ratio, ratio);
  to.save();
  to.beginPath();
  to.rect(0, 0, canvas.width / ratio, canvas.height / ratio - FOOT);
  to.clip();
  drawLabels(brush, order.theme);
  to.restore();
  drawFoot(brush, order, { top: canvas.height / ratio - FOOT, width: canvas.width / ratio });
  return canvas.convertToBlob({ type: 'image/png' });
}

function write(
  { to, family }: Brush,
  text: string,
  at: { x: number; y: number; size?: number; isBold?: boolean },
): void {
  to.font = `${at.isBold === true ? 700 : 400} ${at.size ?? 12}px ${family}`;
  to.fillText(text, at.x, at.y);
}

/** Names stand where the page shows them; what lies below panels is not there in the picture either. */
function drawLabels(brush: Brush, theme: Theme): void {
  const { to } = brush;
  const { left, top } = document.querySelector('.map')?.getBoundingClientRect() ?? { left: 0, top: 0 };
  to.textAlign = 'center';
  to.textBaseline = 'middle';
  const shown = document.querySelectorAll<HTMLElement>('.area-label.is-shown span, .camera-marker .glyph');
  for (const element of shown) {
    const box = element.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2 - left, box.top + box.height / 2 - top];
    if (element.classList.contains('glyph')) drawCamera(brush, theme, { x, y });
    else drawName(brush, theme, { x, y, text: element.textContent ?? '' });
  }
}

function drawCamera({ to }: Brush, theme: Theme, { x, y }: { x: number; y: number }): void {
  to.beginPath();
  to.arc(x, y, 5, 0, 2 * Math.PI);
  to.fillStyle = PAPER[theme].ink;
  to.strokeStyle = PAPER[theme].halo;
  to.lineWidth = 2;
  to.fill();
  to.stroke();
}

function drawName(brush: Brush, theme: Theme, { x, y, text }: { x: number; y: number; text: string }): void {
  const { to, family } = brush;
  to.font = `400 12px ${family}`;
  to.strokeStyle = PAPER[theme].halo;
  to.lineWidth = 4;
  to.lineJoin = 'round';
  to.strokeText(text, x, y);
  to.fillStyle = PAPER[theme].ink;
  to.fillText(text, x, y);
}

function drawFoot(brush: Brush, order: PictureOrder, { top, width }: { top: number; width: number }): void {
  const { to } = brush;
  const { figures, words, zone, theme } = order;
  const colours = PAPER[theme];
  to.textBaseline = 'alphabetic';
  to.textAlign = 'left';
  to.fillStyle = colours.ink;
  write(brush, titleOf(figures, order.compare, words), { x: EDGE, y: top + 28, size: 16, isBold: true });
  to.fillStyle = colours.soft;
  let y = top + 50;
  for (const line of linesOf(order)) {
    write(brush, line, { x: EDGE, y });
    y += 18;
  }
  const made = `${words.name} · ${formatTime(Date.now(), words, { zone, withDay: true })}, ${zone} ${offsetText(Date.now(), zone)}`;
  write(brush, made, { x: EDGE, y: top + FOOT - 14, size: 11 });
  drawRamp(brush, order, { left: Math.max(width - EDGE - RAMP.width, width * 0.55), top: top + 24 });
}

/** Which time, which ground, and how much of it was really watched. */
function linesOf({ figures, words, zone, compared }: PictureOrder): string[] {
  const { observedShare, count } = figures;
  const ground =
    figures.of === 'cells'
      ? words.legend.cells(`${cellSizeM(figures.heat.resolution)} ${words.units.metre}`)
      : words.heat.levels[figures.answer.level === 'city' ? 'district' : figures.answer.level];
  const isKnown = count > 0 && !Number.isNaN(observedShare);
  const watched = isKnown ? [words.heat.watchedShare(formatShare(observedShare, words))] : [];
  return [
    formatSpan(figures, words, zone),
    ...(compared === null ? [] : [`${words.heat.card.before}: ${formatSpan(compared, words, zone)}`]),
    [ground, ...watched].join(' · '),
  ];
}

function drawRamp(brush: Brush, { figures, theme, words }: PictureOrder, at: { left: number; top: number }): void {
  const { to } = brush;
  const colours = scaleColours(theme, figures.scale.isDiverging);
  const gradient = to.createLinearGradient(at.left, 0, at.left + RAMP.width, 0);
  colours.forEach((colour, index) => {
    gradient.addColorStop(index / (colours.length - 1), colour);
  });
  to.fillStyle = gradient;
  to.fillRect(at.left, at.top, RAMP.width, RAMP.height);
  to.fillStyle = PAPER[theme].soft;
  for (const { place, text } of ticksOf(figures, words)) {
    to.textAlign = place === 0 ? 'left' : place === 1 ? 'right' : 'center';
    write(brush, text, { x: at.left + place * RAMP.width, y: at.top + RAMP.height + 14, size: 11 });
  }
  const ends = endsOf(figures.shown, words);
  to.textAlign = 'left';
  write(brush, ends === null ? unitOf(figures, words) : `${ends.join('   ')}   (${unitOf(figures, words)})`, {
    x: at.left,
    y: at.top + RAMP.height + 32,
    size: 11,
  });
  drawKeys(brush, { theme, words, left: at.left, top: at.top + RAMP.height + 44 });
}

/** The two kinds of nothing. */
function drawKeys({ to, family }: Brush, key: { theme: Theme; words: Words; left: number; top: number }): void {
  const { theme, words, left, top } = key;
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const swatch = (x: number, fill: string) => {
    to.fillStyle = fill;
    to.fillRect(x, top, 16, 12);
    to.strokeStyle = colour('--empty-line');
    to.lineWidth = 1;
    to.strokeRect(x, top, 16, 12);
  };
  to.font = `400 11px ${family}`;
  swatch(left, colour('--empty'));
  const next = left + 22 + to.measureText(words.legend.empty).width + 18;
  swatch(next, colour('--hatch-ground'));
  to.save();
  to.beginPath();
  to.rect(next, top, 16, 12);
  to.clip();
  to.beginPath();
  for (let x = -12; x < 16; x += 5) {
    to.moveTo(next + x, top + 12);
    to.lineTo(next + x + 12, top);
  }
  to.strokeStyle = colour('--line-2');
  to.stroke();
  to.restore();
  to.fillStyle = PAPER[theme].soft;
  to.fillText(words.legend.empty, left + 22, top + 10);
  to.fillText(words.legend.unwatched, next + 22, top + 10);
}
