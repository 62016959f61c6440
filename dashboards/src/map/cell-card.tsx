/** The figures of the cell or area that is pointed at, and in words what is doubtful about them. */
import type { ReactNode } from 'react';
import type { Words } from '../words/english.ts';
import { formatDuration, formatNumber, formatShare } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import type { PointedPlace } from './city-map.ts';
import { cellSizeM } from './heat-cells.ts';
import { figuresAt, type MapFigures, type PointedFigures } from './map-figures.ts';
import { differenceText, isSum, measureText, rateOf, sigmasText } from './measure.ts';

type CellCardProps = { pointed: PointedPlace | null; figures: MapFigures | undefined };

/** A rate of less watching than this would be noise. */
const OBSERVED_MIN_S = 1;

export function CellCard({ pointed, figures }: CellCardProps) {
  const words = useWords();
  if (pointed === null || figures === undefined) return null;
  const found = figuresAt(figures, pointed);
  // Ground that nobody watched is hatched; it is said in words to whoever asks by a touch or a key.
  if (found === undefined && pointed.by === 'pointer') return null;
  const isLeft = pointed.x > innerWidth - 280;
  return (
    <div
      className={`cell-card by-${pointed.by}${isLeft ? ' is-left' : ''}`}
      style={{ '--x': `${pointed.x}px`, '--y': `${pointed.y}px` } as React.CSSProperties}
      role="status"
      data-testid="cell-card"
    >
      {found === undefined || !(found.row.observedS > 0) ? (
        <p>
          {found?.name !== undefined && found?.name !== null ? `${found.name}: ` : ''}
          {words.heat.card.unwatched}
        </p>
      ) : (
        <Figures found={found} figures={figures} />
      )}
    </div>
  );
}

function Figures({ found, figures }: { found: PointedFigures; figures: MapFigures }) {
  const words = useWords();
  const { row } = found;
  const what = figures.kind === null ? words.allKinds : words.kinds[figures.kind];
  return (
    <>
      <p className="cell-card-head">
        <span>{found.name ?? what}</span>
        <span className="muted">{figures.of === 'cells' ? sizeText(figures.heat.resolution, words) : what}</span>
      </p>
      <p className="cell-card-value">{headline(found, figures, words)}</p>
      <dl className="facts">
        {detailsOf(found, figures, words).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{words.heat.card.watched}</dt>
          <dd>{formatDuration(row.observedS, words)}</dd>
        </div>
      </dl>
      {doubtsOf(found, figures, words).map((doubt) => (
        <p key={doubt} className="cell-card-doubt">
          {doubt}
        </p>
      ))}
    </>
  );
}

const sizeText = (resolution: number, words: Words): string =>
  words.cell.size(`${cellSizeM(resolution)} ${words.units.metre}`);

function headline(
  { row, tone, isSuppressed }: PointedFigures,
  { measure, shown }: MapFigures,
  words: Words,
): ReactNode {
  if (isSuppressed) return words.heat.card.suppressed;
  if (shown === 'value') return row.value > 0 ? measureText(row.value, measure, words) : words.cell.empty;
  if (Number.isNaN(tone)) return words.heat.unknown;
  if (shown === 'normal') return sigmasText(tone, words);
  return differenceText(tone, measure, words);
}

type Detail = readonly [name: string, value: string];

function detailsOf({ row, tone }: PointedFigures, { measure, shown }: MapFigures, words: Words): Detail[] {
  const said = words.heat.card;
  const text = (value: number) => (Number.isNaN(value) ? '–' : measureText(value, measure, words));
  const rateNote = isSum(measure) ? ` (${words.heat.perHour})` : '';
  if (shown === 'compare')
    return [
      [`${said.now}${rateNote}`, text(rateOf(row.value, row.observedS, measure))],
      [`${said.before}${rateNote}`, text(rateOf(row.compareValue, row.compareObservedS, measure))],
    ];
  if (shown === 'normal')
    return [
      [words.heat.measures[measure], text(row.value)],
      [said.normal, `${text(row.normal)} ± ${text(row.spread)}`],
    ];
  if (!(tone > 0) || row.observedS < OBSERVED_MIN_S) return [];
  if (measure === 'presence')
    return [[words.heat.measures.concurrency, formatNumber(row.value / row.observedS, words)]];
  if (measure === 'tracks')
    return [[words.heat.perHour, formatNumber(rateOf(row.value, row.observedS, measure), words)]];
  return [];
}

function doubtsOf({ row, tone, share, ...found }: PointedFigures, figures: MapFigures, words: Words): string[] {
  const said = words.heat.card;
  return [
    found.isSeldom ? `${said.share(formatShare(share, words))}. ${said.seldom}` : null,
    found.isUncertain ? said.uncertain(`${formatNumber(row.errorM, words)} ${words.units.metre}`) : null,
    figures.shown === 'normal' && Number.isNaN(tone) ? said.noNormal : null,
    figures.shown === 'compare' && Number.isNaN(tone) ? said.noBefore : null,
  ].filter((doubt) => doubt !== null);
}
