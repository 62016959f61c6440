/** The public page of the division: outlines and names of the newest published version, for everybody, without a sign-in. */
import { useEffect, useState } from 'react';
import type { AreaLevel } from '#models/schema/area.ts';
import { apiUrl, json } from '../api-client.ts';
import { Mark } from '../sign-in/mark.tsx';
import { ThemeProvider } from '../theme.tsx';
import { formatTime } from '../words/figures.ts';
import { LanguageProvider, useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { LanguageButton, ThemeButton } from '../workspace/preference-buttons.tsx';
import { offsetText } from '../workspace/zone-time.ts';
import { type DivisionAreas, levelsThere } from './division.ts';
import { DivisionPane } from './division-pane.tsx';

type Shown = { version: number; publishedAtMs: number; timeZone: string; areas: DivisionAreas };
type Answer = {
  version: number;
  publishedAtMs: number;
  timeZone: string;
  features: {
    properties: { name: string; level: AreaLevel };
    geometry: DivisionAreas['features'][number]['geometry'];
  }[];
};

const LEVELS: readonly AreaLevel[] = ['city', 'district', 'street', 'village', 'grid'];

export function PublicDivision() {
  return (
    <LanguageProvider>
      <ThemeProvider>
        <Page />
      </ThemeProvider>
    </LanguageProvider>
  );
}

function Page() {
  const words = useWords();
  const [shown, setShown] = useState<Shown | 'none' | null>(null);
  const [level, setLevel] = useState<AreaLevel>('grid');
  useEffect(() => {
    readDivision()
      .then((read) => {
        setShown(read);
        const there = levelsThere(read.areas);
        setLevel(LEVELS.findLast((each) => there.has(each)) ?? 'city');
      })
      .catch(() => setShown('none'));
  }, []);
  if (shown === null || shown === 'none')
    return (
      <main className="curtain" aria-busy={shown === null}>
        <Mark size={44} />
        <p role="status">{shown === null ? words.loading : words.grids.publicNone}</p>
      </main>
    );
  const there = levelsThere(shown.areas);
  return (
    <main className="public-page">
      <header>
        <Mark size={26} />
        <h1>{words.grids.publicTitle}</h1>
        <p className="muted">
          {words.grids.publicAsOf(shown.version, formatTime(shown.publishedAtMs, words, { zone: shown.timeZone }))}{' '}
          <span title={shown.timeZone}>{offsetText(shown.publishedAtMs, shown.timeZone)}</span>
        </p>
        <div className="public-buttons">
          <LanguageButton />
          <ThemeButton />
        </div>
      </header>
      <div className="view-content grids is-public">
        <DivisionPane areas={shown.areas} level={level}>
          <div className="grid-tools">
            <Choice
              label={words.grids.level}
              options={LEVELS.filter((each) => there.has(each)).map((value) => ({
                value,
                text: words.grids.levels[value],
              }))}
              value={level}
              onChoose={setLevel}
            />
          </div>
        </DivisionPane>
      </div>
    </main>
  );
}

/** Ids are not told to everybody; the page numbers what it draws. */
async function readDivision(): Promise<Shown> {
  const { version, publishedAtMs, timeZone, features } = await json<Answer>(apiUrl('public-division'));
  const drawn = features.map(({ properties, geometry }, index): DivisionAreas['features'][number] => ({
    type: 'Feature',
    properties: { id: String(index), parent: null, ...properties },
    geometry,
  }));
  return { version, publishedAtMs, timeZone, areas: { type: 'FeatureCollection', features: drawn } };
}
