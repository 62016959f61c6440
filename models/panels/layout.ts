/** The order in which panels stand on the page: the best first, rows filled, those without figures at the end. */
import type { PanelAnswer } from '#models/schema/dashboard.ts';

type Laid = Pick<PanelAnswer, 'id' | 'size' | 'score'> & { empty: object | null };

const SIXTHS = { third: 2, half: 3, full: 6 } as const;

/**
 * By score, then id. A row of six sixths is filled by the best that still fits, so that no gap stands before a wide one; the
 * same panels with the same scores always give the same order.
 */
export function layOut<Panel extends Laid>(panels: readonly Panel[]): Panel[] {
  const byWorth = [...panels].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const full = byWorth.filter(({ empty }) => empty === null);
  return [...inRows(full), ...byWorth.filter(({ empty }) => empty !== null)];
}

function inRows<Panel extends Laid>(byWorth: readonly Panel[]): Panel[] {
  const left = [...byWorth];
  const laid: Panel[] = [];
  let room = 6;
  while (left.length > 0) {
    const fitting = left.findIndex(({ size }) => SIXTHS[size] <= room);
    if (fitting < 0) {
      room = 6;
      continue;
    }
    const [panel] = left.splice(fitting, 1) as [Panel];
    laid.push(panel);
    room -= SIXTHS[panel.size];
    if (room === 0) room = 6;
  }
  return laid;
}
