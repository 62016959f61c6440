/** The table of the area itself: a block for each group, each figure with value, source, age and share observed. */
import { Fragment } from 'react';
import type { AreaTable, TableCell, TableRow } from '#models/schema/area-table.ts';
import { TABLE_GROUPS } from '#models/schema/total-figures.ts';
import { useWords } from '../words/language.tsx';
import { useIsNarrow } from '../workspace/use-is-narrow.ts';
import { ageText, shareText, sourceText, valueText } from './cell-text.ts';

/** A phone has room for three columns: source and age stand below the figure's name there. */
export function OwnTable({ table }: { table: AreaTable }) {
  const words = useWords();
  const isNarrow = useIsNarrow();
  const { figure, value, source, asOf, observed, observedNote, groups } = words.table;
  return (
    <table className="one-table">
      <thead>
        <tr>
          <th scope="col">{figure}</th>
          <th scope="col" className="is-number">
            {value}
          </th>
          {!isNarrow && <th scope="col">{source}</th>}
          {!isNarrow && <th scope="col">{asOf}</th>}
          <th scope="col" className="is-number" title={observedNote}>
            {observed}
          </th>
        </tr>
      </thead>
      <tbody>
        {TABLE_GROUPS.map((group) => (
          <Fragment key={group}>
            <tr className="one-table-group">
              <th scope="rowgroup" colSpan={isNarrow ? 3 : 5}>
                {groups[group]}
              </th>
            </tr>
            {table.rows
              .filter((row) => row.group === group)
              .map((row) => {
                const cell = row.cells[0];
                return cell && <FigureRow key={row.figure} row={row} cell={cell} isNarrow={isNarrow} />;
              })}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function FigureRow({ row, cell, isNarrow }: { row: TableRow; cell: TableCell; isNarrow: boolean }) {
  const words = useWords();
  const [source, age] = [sourceText(cell, row, words), ageText(cell, words)];
  const about = [source, age].filter((part) => part !== '').join(' · ');
  return (
    <tr className={cell.value === null ? 'is-unknown' : ''}>
      <th scope="row">
        {words.table.figures[row.figure] ?? row.figure}
        {isNarrow && about !== '' && <small>{about}</small>}
      </th>
      <td className="is-number">{valueText(cell, row, words)}</td>
      {!isNarrow && <td>{source}</td>}
      {!isNarrow && <td>{age}</td>}
      <td className="is-number">{shareText(cell, words)}</td>
    </tr>
  );
}
