/** What is shown, taken along: a picture made in the page, or the figures as a file from the API. */
import { useState } from 'react';
import { type AreaPart, type CellPart, type ExportFormat, exportUrl, type FigureQuery } from '../api-client.ts';
import { useTheme } from '../theme.tsx';
import { useWords } from '../words/language.tsx';
import { ExportIcon } from '../workspace/icons.tsx';
import { Menu } from '../workspace/menu.tsx';
import { drawPicture, type PictureOrder } from './picture-export.ts';
import { saveBlob } from './save-blob.ts';

type ExportMenuProps = {
  order: Omit<PictureOrder, 'theme' | 'words'> | null;
  part: CellPart | AreaPart | null;
  queryNow: () => FigureQuery;
};

const FORMATS: readonly ExportFormat[] = ['geojson', 'csv', 'parquet'];

const pictureName = (order: PictureOrder): string =>
  `sharp-eyes-${order.figures.measure}-${new Date(order.figures.toMs).toISOString().slice(0, 16).replace(':', '')}.png`;

export function ExportMenu({ order, part, queryNow }: ExportMenuProps) {
  const words = useWords();
  const { theme } = useTheme();
  const [hasFailed, setHasFailed] = useState(false);
  const said = words.heat.export;
  const save = async () => {
    if (order === null) return;
    const full = { ...order, theme, words };
    const blob = await drawPicture(full).catch((error: unknown) => {
      console.warn('the picture could not be made', error);
      return null;
    });
    setHasFailed(blob === null);
    if (blob !== null) saveBlob(blob, pictureName(full));
  };
  return (
    <Menu label={said.title} value={<ExportIcon />} valueText={words.heat.measures[queryNow().measure]}>
      {(close) => (
        <div className="menu-list">
          <button type="button" disabled={order === null} onClick={() => void save().then(close)}>
            <span className="menu-text">
              <span>{said.png}</span>
              <span className="menu-note">{said.pngNote}</span>
            </span>
          </button>
          {part !== null &&
            FORMATS.map((format) => (
              <a key={format} href={exportUrl(format, queryNow(), part).href} download onClick={close}>
                <span className="menu-text">
                  <span>{said[format]}</span>
                  <span className="menu-note">{said.fileNote}</span>
                </span>
              </a>
            ))}
          {hasFailed && (
            <p role="alert" className="span-wrong">
              {said.failed}
            </p>
          )}
        </div>
      )}
    </Menu>
  );
}
