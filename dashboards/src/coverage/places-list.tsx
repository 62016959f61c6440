/** Key areas and checkpoints, worst first. */
import { useState } from 'react';
import type { PlaceCoverage } from '#models/schema/coverage.ts';
import { useWords } from '../words/language.tsx';
import type { Light } from './coverage-api.ts';
import { PlaceGlyph } from './place-glyph.tsx';
import { ShareBar } from './share-bar.tsx';
import { formatShare } from './share-text.ts';

type PlacesListProps = {
  places: readonly PlaceCoverage[];
  light: Light;
  chosenId: string | null;
  onChoose: (id: string) => void;
};

/** More are shown when they are asked for: what would help should not lie far below. */
const FIRST = 6;

export function PlacesList({ places, light, chosenId, onChoose }: PlacesListProps) {
  const words = useWords();
  const { coverage } = words;
  const [isWhole, setIsWhole] = useState(false);
  const chosenAt = places.findIndex(({ id }) => id === chosenId);
  const isCut = !isWhole && places.length > FIRST && chosenAt < FIRST;
  if (places.length === 0) {
    return (
      <p className="coverage-none">
        {coverage.noPlaces}
        <code>{coverage.noPlacesCure}</code>
      </p>
    );
  }
  return (
    <>
      <ol className="coverage-rows">
        {(isCut ? places.slice(0, FIRST) : places).map(({ id, name, kind, importance, state, share, watched }) => (
          <li key={id}>
            <button
              type="button"
              className={`coverage-row is-${state[light]}`}
              aria-pressed={id === chosenId}
              title={coverage.onMap}
              onClick={() => onChoose(id)}
            >
              <PlaceGlyph kind={kind} state={state[light]} />
              <span className="coverage-name">
                <b>{name}</b>
                <small>
                  {[
                    coverage.kinds[kind],
                    coverage.importances[importance],
                    coverage.states[state[light]],
                    ...(watched === null ? [] : [coverage.watched(formatShare(watched, words))]),
                  ].join(' · ')}
                </small>
              </span>
              <ShareBar share={share[light]} label={coverage.areaShare} />
            </button>
          </li>
        ))}
      </ol>
      {isCut && (
        <button type="button" className="button-plain" onClick={() => setIsWhole(true)}>
          {coverage.allPlaces(places.length)}
        </button>
      )}
    </>
  );
}
