/** What the colours mean: measure, scale with units, and the two kinds of nothing. */
import type { HeatMap, Measure } from '#models/schema/heat-map.ts';
import type { Polled } from '../polled.ts';
import { useTheme } from '../theme.tsx';
import type { Words } from '../words/english.ts';
import { formatCompact, formatDuration, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import type { Choices } from '../workspace/workspace.tsx';
import { heatColours } from './colour-scale.ts';
import { cellSizeM, scalePlace } from './heat-cells.ts';

type LegendProps = {
  heat: Polled<HeatMap>;
  end: number;
  choices: Choices;
  onChoices: (choices: Choices) => void;
  isNarrow: boolean;
};

const MEASURES: readonly Measure[] = ['presence', 'tracks'];

/** A tenth and four tenths stand about a third and two thirds along a square-root scale. */
const TICKS = [0, 0.1, 0.4, 1];

/** Of half a track nothing can be said. */
const ticksOf = (measure: Measure, end: number) =>
  TICKS.filter((tick) => measure === 'presence' || Number.isInteger(tick * end));

const valueText = (value: number, measure: Measure, words: Words) =>
  measure === 'presence' ? formatDuration(value, words) : formatCompact(value, words);

export function Legend({ heat, end, choices, onChoices, isNarrow }: LegendProps) {
  const words = useWords();
  const { theme } = useTheme();
  const { measure } = choices;
  const hasFigures = heat.data?.cells.some((cell) => (cell.value ?? 0) > 0) === true;
  const unit = measure === 'presence' ? words.legend.seconds : words.legend.count;
  return (
    <section className="legend" aria-label={words.legend.title}>
      <div className="legend-head">
        <Choice
          label={words.measure}
          options={MEASURES.map((value) => ({ value, text: words.measures[value], title: words.measureNotes[value] }))}
          value={measure}
          onChoose={(value) => onChoices({ ...choices, measure: value })}
        />
        {!isNarrow && heat.data !== undefined && (
          <span className="legend-cells">
            {words.legend.cells(`${cellSizeM(heat.data.resolution)} ${words.units.metre}`)}
          </span>
        )}
      </div>
      <div className={`legend-scale${hasFigures ? '' : ' is-idle'}`}>
        <div
          className="legend-ramp"
          style={{ background: `linear-gradient(90deg, ${heatColours(theme).join(', ')})` }}
        />
        <div className="legend-ticks">
          {hasFigures ? (
            ticksOf(measure, end).map((tick) => (
              <span key={tick} style={{ left: `${scalePlace(tick, 1) * 100}%` }}>
                {valueText(tick * end, measure, words)}
              </span>
            ))
          ) : (
            <span>{heat.data === undefined ? '' : words.legend.noFigures}</span>
          )}
        </div>
      </div>
      <div className="legend-foot">
        <span className="legend-key">
          <i className="swatch is-empty" />
          {words.legend.empty}
        </span>
        <span className="legend-key">
          <i className="swatch is-unwatched" />
          {words.legend.unwatched}
        </span>
        <span className="legend-note">{unit}</span>
      </div>
      {!isNarrow && heat.updatedAtMs !== undefined && (
        <p className="legend-time">
          {words.connection.current(formatTime(heat.updatedAtMs, words, { withSeconds: true }))}
        </p>
      )}
    </section>
  );
}
