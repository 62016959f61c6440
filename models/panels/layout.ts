/** The order in which panels stand on the page, and how wide: the best first, every row full, those without figures at the end. */
import type { PanelAnswer } from '#models/schema/dashboard.ts';

type Laid = Pick<PanelAnswer, 'id' | 'size' | 'score'> & { empty: object | null };

const SIXTHS = { third: 2, half: 3, full: 6 } as const;

/**
 * By score, then id. A row of six sixths is filled by the best that still fits; where nothing does, its last panel grows to the end
 * of the row. The same panels with the same scores always give the same order and sizes.
 */
export function layOut<Panel extends Laid>(panels: readonly Panel[]): Panel[] {
  const byWorth = [...panels].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const withFigures = byWorth.filter(({ empty }) => empty === null);
  return [...inRows(withFigures), ...byWorth.filter(({ empty }) => empty !== null)];
}

function inRows<Panel extends Laid>(byWorth: readonly Panel[]): Panel[] {
  const left = [...byWorth];
  const laid: Panel[] = [];
  while (left.length > 0) {
    const row: Panel[] = [];
    let room = 6;
    for (let at = 0; at >= 0; at = left.findIndex(({ size }) => SIXTHS[size] <= room)) {
      const [panel] = left.splice(at, 1) as [Panel];
      row.push(panel);
      room -= SIXTHS[panel.size];
      if (room === 0 || left.length === 0) break;
    }
    laid.push(...filled(row, room));
  }
  return laid;
}

/** A third beside a half becomes a half, a panel alone the whole row, two thirds two halves: what is left over is one sixth, two or more. */
function filled<Panel extends Laid>(row: readonly Panel[], room: number): Panel[] {
  if (room === 0) return [...row];
  const size = row.length === 1 ? 'full' : 'half';
  return row.map((panel) => ({ ...panel, size }));
}
