/** The rows of any panel as a table: names that lead on, figures with units, sorted by a click on a column. */
import { useState } from 'react';
import type { PanelAnswer, PanelValue } from '#models/schema/dashboard.ts';
import { formatNumber } from '../words/figures.ts';
import type { SubjectRef } from './asked.ts';
import { type Column, cellText, columnsOf, leadsTo, type Telling, titleOf } from './panel-rows.ts';

type RowsTableProps = { answer: PanelAnswer; telling: Telling; label: string; hrefTo: (to: SubjectRef) => string };
type Order = { index: number; isDown: boolean } | null;

const NUMBERS: readonly Column['part'][] = ['value', 'normal', 'spread', 'observed-share', 'compare'];
/** What a browser lays out without a pause; the CSV has all. */
const SHOWN_MAX = 500;

export function RowsTable({ answer, telling, label, hrefTo }: RowsTableProps) {
  const { words } = telling;
  const [order, setOrder] = useState<Order>(null);
  const columns = columnsOf(answer);
  const isNumber = (column: Column) => NUMBERS.includes(column.part);
  const rows = sorted(answer.rows, order).slice(0, SHOWN_MAX);
  const sort = (column: Column) =>
    setOrder({ index: column.index, isDown: order?.index === column.index ? !order.isDown : isNumber(column) });
  return (
    <div className="rows-scroll">
      <table className="rows-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                className={isNumber(column) ? 'is-number' : undefined}
                aria-sort={order?.index !== column.index ? 'none' : order.isDown ? 'descending' : 'ascending'}
              >
                <button type="button" onClick={() => sort(column)}>
                  {titleOf(column, words)}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own, and hold no state
            <tr key={index}>
              {columns.map((column) => {
                const to = leadsTo(row[column.index], column);
                const text = cellText(row[column.index], column, telling);
                return (
                  <td key={column.name} className={isNumber(column) ? 'is-number' : undefined} title={text}>
                    {to === null ? text : <a href={hrefTo(to)}>{text}</a>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {(answer.isCut || answer.rows.length > SHOWN_MAX) && (
        <p className="muted">{words.dashboard.cut(formatNumber(rows.length, words))}</p>
      )}
    </div>
  );
}

function sorted(rows: PanelAnswer['rows'], order: Order): PanelAnswer['rows'] {
  if (order === null) return rows;
  const made = rows.toSorted((a, b) => compared(a[order.index] ?? null, b[order.index] ?? null));
  return order.isDown ? made.reverse() : made;
}

function compared(a: PanelValue, b: PanelValue): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'zh');
}
