/** While an answer is awaited: at which stage it is and for how long, a way to stop it, and panels in outline. */
import { useEffect, useState } from 'react';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import type { DashboardState } from './use-dashboard.ts';

const TICK_MS = 500;
const SIZES = ['full', 'half', 'half', 'full', 'third', 'third', 'third'] as const;

type ProgressProps = Pick<DashboardState, 'stage' | 'askedAtMs' | 'cancel'>;

/** Only what takes so long that somebody wonders. */
const SHOWN_AFTER_MS = 300;

export function Progress({ stage, askedAtMs, cancel }: ProgressProps) {
  const words = useWords();
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  if (stage !== 'asking' && stage !== 'reading') return null;
  const waitedMs = Math.max(nowMs - askedAtMs, 0);
  return (
    <p className={`dash-progress${waitedMs < SHOWN_AFTER_MS ? ' is-new' : ''}`}>
      <span className="spinner" aria-hidden="true" />
      <span role="status">{words.dashboard.stages[stage]}</span>
      <span className="muted">{words.dashboard.waiting(formatNumber(Math.round(waitedMs / 100) / 10, words))}</span>
      <button type="button" className="button-plain" onClick={cancel}>
        {words.dashboard.cancel}
      </button>
    </p>
  );
}

export function Skeleton() {
  return (
    <div className="dash-grid is-skeleton" aria-hidden="true">
      {SIZES.map((size, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: outlines have no names
        <div key={index} className={`dash-panel is-${size}`} />
      ))}
    </div>
  );
}
