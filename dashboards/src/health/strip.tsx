/** How a camera was over the span, drawn as one bar: runs of the same condition are one rectangle. */
import { formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { percentText } from './report.ts';
import type { RowHistory } from './row-extras.ts';

const CLASSES: Record<string, string> = { l: 'live', g: 'degraded', d: 'down', o: 'disabled', u: 'unknown' };

/** `lldd` → two runs of two. */
export function runsOf(strip: string): { letter: string; from: number; length: number }[] {
  const runs: { letter: string; from: number; length: number }[] = [];
  [...strip].forEach((letter, from) => {
    const last = runs.at(-1);
    if (last?.letter === letter) last.length++;
    else runs.push({ letter, from, length: 1 });
  });
  return runs;
}

export function Strip({ history }: { history: RowHistory | undefined }) {
  const words = useWords();
  if (history === undefined) return <span className="strip is-loading" />;
  const { strip, fromMs, toMs, availability } = history;
  const label = words.health.stripLabel(
    formatTime(fromMs, words),
    formatTime(toMs, words),
    percentText(availability, words),
  );
  return (
    <svg
      className="strip"
      viewBox={`0 0 ${Math.max(strip.length, 1)} 10`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      {runsOf(strip).map(({ letter, from, length }) => {
        // Down is taller than the rest: the shape says it where colours cannot be told apart.
        const [y, height] = letter === 'd' ? [0, 10] : letter === 'u' || letter === 'o' ? [6, 2] : [3, 5];
        const name = `strip-run is-${CLASSES[letter] ?? 'unknown'}`;
        return <rect key={from} className={name} x={from} y={y} width={length} height={height} />;
      })}
    </svg>
  );
}
