/** What can be done with a panel: read it as a table, see its SQL, take it along as CSV or PNG. */
import { type RefObject, useState } from 'react';
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { useWords } from '../words/language.tsx';
import { MoreIcon } from '../workspace/icons.tsx';
import { Menu } from '../workspace/menu.tsx';
import type { PictureMaker } from './panel-card.tsx';
import type { Telling } from './panel-rows.ts';

type PanelMenuProps = {
  answer: PanelAnswer;
  title: string;
  about: string;
  telling: Telling;
  csvHref: string;
  card: RefObject<HTMLElement | null>;
  picture: PictureMaker;
  isTable: boolean;
  isSql: boolean;
  onTable: (() => void) | null;
  onSql: () => void;
};

export function PanelMenu(props: PanelMenuProps) {
  const { answer, title, csvHref, isTable, isSql, onTable, onSql } = props;
  const words = useWords();
  const said = words.dashboard;
  const [hasFailed, setHasFailed] = useState(false);
  const savePicture = async () => {
    const element = props.card.current;
    if (element === null) return;
    try {
      const { savePanel } = await import('./panel-picture.ts');
      await savePanel(element, props.picture.current, { answer, about: props.about, telling: props.telling });
      setHasFailed(false);
    } catch (error) {
      console.warn('the picture could not be made', error);
      setHasFailed(true);
    }
  };
  return (
    <Menu label={said.panelMenu(title)} value={<MoreIcon />} valueText={said.more}>
      {(close) => {
        const chosen = (act: () => void) => () => {
          act();
          close();
        };
        return (
          <div className="menu-list">
            {onTable !== null && (
              <button type="button" onClick={chosen(onTable)}>
                {isTable ? said.showChart : said.showTable}
              </button>
            )}
            <button type="button" onClick={chosen(onSql)}>
              <MenuText text={isSql ? said.hideSql : said.showSql} note={said.sqlNote} />
            </button>
            {answer.chart !== 'heat-map' && (
              <a href={csvHref} download={`${answer.id}.csv`} onClick={close}>
                <MenuText text={said.csv} note={said.csvNote} />
              </a>
            )}
            {answer.empty === null && (
              <button type="button" onClick={() => void savePicture().then(close)}>
                <MenuText text={said.png} note={said.pngNote} />
              </button>
            )}
            {hasFailed && (
              <p role="alert" className="span-wrong">
                {said.pngFailed}
              </p>
            )}
          </div>
        );
      }}
    </Menu>
  );
}

const MenuText = ({ text, note }: { text: string; note: string }) => (
  <span className="menu-text">
    <span>{text}</span>
    <span className="menu-note">{note}</span>
  </span>
);
