/** The areas right below, one a row, one figure a column; a click on a column sorts by it. Columns that nobody knows are left out. */
import { useState } from 'react';
import type { AreaTable } from '#models/schema/area-table.ts';
import { TABLE_AREAS_MAX } from '#models/schema/total-figures.ts';
import { useWords } from '../words/language.tsx';
import { hrefOf } from '../workspace/view.ts';
import { ageText, shareText, sourceText, valueText } from './cell-text.ts';

type Order = { figure: string | null; isDown: boolean };

type Below = { table: AreaTable; skipTo: (count: number) => void };

export function BelowTable({ table, skipTo }: Below) {
  const words = useWords();
  const [order, setOrder] = useState<Order>({ figure: null, isDown: false });
  const shown = table.rows.filter(({ cells }) => cells.slice(1).some(({ value }) => value !== null));
  const by = shown.find(({ figure }) => figure === order.figure);
  const rows = table.areas.map((area, index) => ({ area, index })).slice(1);
  const worth = (index: number) => by?.cells[index]?.value ?? Number.NEGATIVE_INFINITY;
  const sorted = by === undefined ? rows : rows.toSorted((a, b) => worth(a.index) - worth(b.index));
  if (order.isDown) sorted.reverse();
  const sort = (figure: string | null) =>
    setOrder({ figure, isDown: order.figure === figure ? !order.isDown : figure !== null });
  const state = (figure: string | null) =>
    order.figure === figure ? (order.isDown ? 'descending' : 'ascending') : 'none';
  return (
    <section className="below">
      <h3>{words.table.below}</h3>
      <BelowPages table={table} skipTo={skipTo} />
      <div className="below-scroll">
        <table className="below-table">
          <thead>
            <tr>
              <th scope="col" aria-sort={state(null)}>
                <button type="button" onClick={() => sort(null)}>
                  {words.table.area}
                </button>
              </th>
              {shown.map(({ figure }) => (
                <th key={figure} scope="col" className="is-number" aria-sort={state(figure)}>
                  <button type="button" onClick={() => sort(figure)}>
                    {words.table.figures[figure] ?? figure}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map(({ area, index }) => (
              <tr key={area.id}>
                <th scope="row">
                  <a href={hrefOf('table', area.id)}>{area.name}</a>
                </th>
                {shown.map((row) => {
                  const cell = row.cells[index]!;
                  const about = [sourceText(cell, row, words), ageText(cell, words), shareText(cell, words)];
                  return (
                    <td key={row.figure} className="is-number" title={about.filter((part) => part !== '').join('\n')}>
                      {valueText(cell, row, words)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Which of them are shown, where there are more than one answer tells. */
function BelowPages({ table, skipTo }: Below) {
  const words = useWords();
  const { skipped, told, all } = table.below;
  if (told === all) return null;
  return (
    <p className="below-pages">
      <span>{words.table.toldOf(skipped + 1, skipped + told, all)}</span>
      <button
        type="button"
        className="button-plain"
        disabled={skipped === 0}
        onClick={() => skipTo(Math.max(0, skipped - TABLE_AREAS_MAX))}
      >
        {words.table.former}
      </button>
      <button
        type="button"
        className="button-plain"
        disabled={skipped + told >= all}
        onClick={() => skipTo(skipped + told)}
      >
        {words.table.next}
      </button>
    </p>
  );
}
