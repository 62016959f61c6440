/** What the colours mean: what is shown, the scale with units, the two kinds of nothing, and what is doubtful. */
import type { CameraView } from '#models/schema/camera-view.ts';
import { type Theme, useTheme } from '../theme.tsx';
import { formatShare, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import type { CompareName } from '../workspace/choices.ts';
import { offsetText } from '../workspace/zone-time.ts';
import { scaleColours } from './colour-scale.ts';
import { cellSizeM } from './heat-cells.ts';
import { SELDOM, UNCERTAIN, UNKNOWN } from './heat-columns.ts';
import { endsOf, ticksOf, titleOf, unitOf } from './legend-scale.ts';
import type { MapFigures } from './map-figures.ts';

type LegendProps = {
  figures: MapFigures | undefined;
  updatedAtMs: number | undefined;
  compare: CompareName;
  cameras: CameraView[] | undefined;
  zone: string;
  isNarrow: boolean;
};

export function Legend({ figures, updatedAtMs, compare, cameras, zone, isNarrow }: LegendProps) {
  const words = useWords();
  const { theme } = useTheme();
  if (figures === undefined) return <section className="legend is-idle" aria-label={words.legend.title} />;
  const turned = cameras?.filter(({ state }) => state?.calibrationDoubtfulSinceMs !== undefined).length ?? 0;
  const isShareKnown = figures.count > 0 && !Number.isNaN(figures.observedShare);
  return (
    <section className="legend" aria-label={words.legend.title}>
      <header className="legend-head">
        <h2>{titleOf(figures, compare, words)}</h2>
        {!isNarrow && figures.of === 'cells' && (
          <span className="legend-cells">
            {words.legend.cells(`${cellSizeM(figures.heat.resolution)} ${words.units.metre}`)}
          </span>
        )}
      </header>
      <Ramp figures={figures} theme={theme} />
      <Keys figures={figures} />
      {figures.missingHours > 0 && <p className="legend-doubt">{words.heat.missingHours(figures.missingHours)}</p>}
      {turned > 0 && <p className="legend-doubt">{words.heat.doubtfulCameras(turned)}</p>}
      {!isNarrow && (
        <p className="legend-time">
          {isShareKnown && <span>{words.heat.watchedShare(formatShare(figures.observedShare, words))}</span>}
          <span>
            {updatedAtMs !== undefined &&
              words.connection.current(formatTime(updatedAtMs, words, { withSeconds: true, zone }))}
            {`${updatedAtMs === undefined ? '' : ' · '}${zone}, ${offsetText(figures.fromMs, zone)}`}
          </span>
        </p>
      )}
    </section>
  );
}

function Ramp({ figures, theme }: { figures: MapFigures; theme: Theme }) {
  const words = useWords();
  const { hasFigures, scale, shown } = figures;
  const ends = endsOf(shown, words);
  return (
    <div className={`legend-scale${hasFigures ? '' : ' is-idle'}`}>
      <div
        className="legend-ramp"
        style={{ background: `linear-gradient(90deg, ${scaleColours(theme, scale.isDiverging).join(', ')})` }}
      />
      <div className="legend-ticks">
        {hasFigures ? (
          ticksOf(figures, words).map(({ place, text }) => (
            <span key={place} style={{ left: `${place * 100}%` }}>
              {text}
            </span>
          ))
        ) : (
          <span>{shown === 'normal' ? words.heat.noNormal : words.legend.noFigures}</span>
        )}
      </div>
      {ends !== null && hasFigures && (
        <div className="legend-ends">
          {ends.map((end) => (
            <span key={end}>{end}</span>
          ))}
        </div>
      )}
    </div>
  );
}

function Keys({ figures }: { figures: MapFigures }) {
  const words = useWords();
  const { marks, shown } = figures;
  const keys = [
    { name: 'empty', text: words.legend.empty, isShown: shown === 'value' },
    { name: 'unwatched', text: words.legend.unwatched, isShown: true },
    {
      name: 'unknown',
      text: shown === 'normal' ? words.heat.noNormal : words.heat.unknown,
      isShown: (marks & UNKNOWN) !== 0,
    },
    { name: 'uncertain', text: words.heat.uncertain, isShown: (marks & UNCERTAIN) !== 0 },
    { name: figures.of === 'cells' ? 'seldom' : 'doubt', text: words.heat.seldom, isShown: (marks & SELDOM) !== 0 },
  ];
  return (
    <div className="legend-foot">
      {keys
        .filter(({ isShown }) => isShown)
        .map(({ name, text }) => (
          <span className="legend-key" key={name}>
            <i className={`swatch is-${name}`} />
            {text}
          </span>
        ))}
      <span className="legend-note">{unitOf(figures, words)}</span>
    </div>
  );
}
