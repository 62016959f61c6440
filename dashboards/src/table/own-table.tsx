/** The table of the area itself: a block for each group, each figure with value, source, age and share observed. */
import { Fragment } from 'react';
import type { AreaTable } from '#models/schema/area-table.ts';
import { TABLE_GROUPS } from '#models/schema/total-figures.ts';
import { useWords } from '../words/language.tsx';
import { ageText, shareText, sourceText, valueText } from './cell-text.ts';

export function OwnTable({ table }: { table: AreaTable }) {
  const words = useWords();
  const { figure, value, source, asOf, observed, observedNote, groups, figures } = words.table;
  return (
    <table className="one-table">
      <thead>
        <tr>
          <th scope="col">{figure}</th>
          <th scope="col" className="is-number">
            {value}
          </th>
          <th scope="col">{source}</th>
          <th scope="col">{asOf}</th>
          <th scope="col" className="is-number" title={observedNote}>
            {observed}
          </th>
        </tr>
      </thead>
      <tbody>
        {TABLE_GROUPS.map((group) => (
          <Fragment key={group}>
            <tr className="one-table-group">
              <th scope="rowgroup" colSpan={5}>
                {groups[group]}
              </th>
            </tr>
            {table.rows
              .filter((row) => row.group === group)
              .map((row) => {
                const cell = row.cells[0];
                if (cell === undefined) return null;
                return (
                  <tr key={row.figure} className={cell.value === null ? 'is-unknown' : ''}>
                    <th scope="row">{figures[row.figure] ?? row.figure}</th>
                    <td className="is-number">{valueText(cell, row, words)}</td>
                    <td>{sourceText(cell, row, words)}</td>
                    <td>{ageText(cell, words)}</td>
                    <td className="is-number">{shareText(cell, words)}</td>
                  </tr>
                );
              })}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}
