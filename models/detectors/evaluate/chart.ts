/** A page of an evaluation: a precision-recall curve a kind, scores against what came true, and the figures. */
import type { Kind } from '../../schema/kind.ts';
import type { Evaluation, KindReport } from './evaluate.ts';
import { calibrationError } from './reliability.ts';

const COLOURS: Record<Kind, string> = {
  person: '#c98f00',
  bicycle: '#00935a',
  motorcycle: '#8a4bd0',
  car: '#1f74d6',
  bus: '#d9481c',
  truck: '#d0307e',
};
const SIZE = 320;
const MARGIN = 40;

/** HTML that stands alone: no script, no style sheet, nothing to fetch. */
export function chartPage(evaluation: Evaluation, said: { model: string; truth: string }): string {
  const { kinds, pictures, medianMs, meanAp50, meanAp50to95 } = evaluation;
  const title = `${escaped(said.model)} on ${escaped(said.truth)}`;
  const precision = kinds.map((kind) => line(thin(curveOf(kind)), COLOURS[kind.kind]));
  const reliability = kinds.map(({ kind, reliability: bins }) =>
    line(
      bins.map(({ meanScore, right }) => [meanScore, right] as const),
      COLOURS[kind],
    ),
  );
  const diagonal = `<path d="${path([
    [0, 0],
    [1, 1],
  ])}" fill="none" stroke="#999" stroke-dasharray="4 4"/>`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${title}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#222}table{border-collapse:collapse}td,th{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #ddd}td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:1rem 2rem 1rem 0}</style>
<h1>${title}</h1>
<p>${pictures} pictures, half of them within ${medianMs.toFixed(1)} ms; mean over kinds: AP50 ${meanAp50.toFixed(3)}, AP50:95 ${meanAp50to95.toFixed(3)}</p>
${figure('Precision over recall', 'recall', 'precision', precision)}
${figure('What came true over the score', 'score', 'right', [diagonal, ...reliability])}
<table><tr><th>kind</th><th>labels</th><th>AP50</th><th>AP50:95</th><th>small</th><th>medium</th><th>large</th><th>best threshold</th><th>precision</th><th>recall</th><th>calibration error</th></tr>
${kinds.map(row).join('\n')}
</table></html>
`;
}

const row = (report: KindReport) => {
  const { kind, labels, ap50, ap50to95, ap50BySize, best } = report;
  const sizes = (['small', 'medium', 'large'] as const).map((size) => ap50BySize[size]?.ap50.toFixed(3) ?? '–');
  const figures = [ap50, ap50to95].map((value) => value.toFixed(3));
  const point = [best.scoreMin, best.precision, best.recall].map((value) => value.toFixed(2));
  const error = calibrationError(report.reliability).toFixed(3);
  const cells = [labels, ...figures, ...sizes, ...point, error].map((cell) => `<td>${cell}</td>`);
  return `<tr><td style="color:${COLOURS[kind]}">${kind}</td>${cells.join('')}</tr>`;
};

type Point = readonly [x: number, y: number];

const curveOf = ({ curve }: KindReport): Point[] => curve.map(({ recall, precision }) => [recall, precision]);

/** Enough points for a picture. */
function thin(points: readonly Point[]): Point[] {
  const step = Math.max(1, Math.floor(points.length / 300));
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}

const line = (points: readonly Point[], colour: string) =>
  points.length === 0 ? '' : `<path d="${path(points)}" fill="none" stroke="${colour}" stroke-width="2"/>`;

const path = (points: readonly Point[]) =>
  points
    .map(([x, y], index) => {
      const at = [MARGIN + x * SIZE, MARGIN / 2 + (1 - y) * SIZE].map((value) => value.toFixed(1));
      return `${index === 0 ? 'M' : 'L'}${at.join(' ')}`;
    })
    .join('');

function figure(caption: string, x: string, y: string, content: readonly string[]): string {
  const [width, height] = [SIZE + MARGIN * 2, SIZE + MARGIN * 1.5];
  const ticks = [0, 0.5, 1].map((value) => {
    const [left, top] = [MARGIN + value * SIZE, MARGIN / 2 + (1 - value) * SIZE];
    return `<text x="${left}" y="${SIZE + MARGIN}" text-anchor="middle">${value}</text><text x="${MARGIN - 6}" y="${top + 4}" text-anchor="end">${value}</text>`;
  });
  const frame = `<rect x="${MARGIN}" y="${MARGIN / 2}" width="${SIZE}" height="${SIZE}" fill="none" stroke="#bbb"/>`;
  const names = `<text x="${MARGIN + SIZE / 2}" y="${SIZE + MARGIN + 14}" text-anchor="middle">${x}</text><text x="12" y="${MARGIN / 2 + SIZE / 2}" transform="rotate(-90 12 ${MARGIN / 2 + SIZE / 2})" text-anchor="middle">${y}</text>`;
  return `<figure><figcaption>${caption}</figcaption><svg width="${width}" height="${height}" font-size="12" font-family="system-ui,sans-serif">${frame}${ticks.join('')}${names}${content.join('')}</svg></figure>`;
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
