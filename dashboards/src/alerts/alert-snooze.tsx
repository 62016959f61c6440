/** Sends no alerts of this rule at this camera for a while; it ends by itself. */
import { useState } from 'react';
import type { Alert } from '#models/schema/alert.ts';
import { formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { alertsApi } from './alerts-api.ts';

const SPANS_MIN = [15, 60, 480] as const;

export function AlertSnooze({ alert, zone }: { alert: Alert; zone: string }) {
  const words = useWords();
  const said = words.alerts;
  const [untilMs, setUntilMs] = useState<number>();
  const [failure, setFailure] = useState<unknown>();
  const snooze = async (minutes: number) => {
    const toMs = Date.now() + minutes * 60_000;
    setFailure(undefined);
    try {
      await alertsApi.snooze({
        kind: 'snooze',
        rule: alert.rule,
        ...(alert.camera === null ? {} : { camera: alert.camera }),
        toMs,
        reason: said.snoozeReason(alert.ruleName),
      });
      setUntilMs(toMs);
    } catch (problem) {
      setFailure(problem);
    }
  };
  return (
    <div className="alert-snooze">
      <span className="muted">{said.snooze}</span>
      {SPANS_MIN.map((minutes) => (
        <button key={minutes} type="button" className="button-plain" onClick={() => void snooze(minutes)}>
          {minutes < 60 ? `${minutes} ${words.units.minute}` : `${minutes / 60} ${words.units.hour}`}
        </button>
      ))}
      {untilMs !== undefined && <span role="status">{said.snoozed(formatTime(untilMs, words, { zone }))}</span>}
      {failure !== undefined && (
        <div role="alert">
          <ProblemText error={failure} />
        </div>
      )}
    </div>
  );
}
