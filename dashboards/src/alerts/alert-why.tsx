/** Why an alert fired: rule version, frame, tracks, model, calibration, and each delivery with its delay. */
import type { AlertWhy as Why } from '#models/schema/alert-view.ts';
import { type Fact, FactList } from '../cameras/fact-list.tsx';
import { CopyButton } from '../health/copy-button.tsx';
import type { Words } from '../words/english.ts';
import { formatDuration, formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { hrefOf } from '../workspace/view.ts';

function factsOf({ alert, rule, tracks, delays }: Why, words: Words, zone: string): Fact[] {
  const said = words.alerts;
  const { cause } = alert;
  const time = (atMs: number) => formatTime(atMs, words, { withSeconds: true, zone });
  const version = (number: number) => said.whyVersion(formatNumber(number, words));
  return [
    [said.whyCaptured, time(cause.capturedAtMs)],
    [said.whyReceived, time(cause.receivedAtMs)],
    [said.whyDetect, said.ms(formatNumber(delays.detectMs, words))],
    [said.whyDecide, said.ms(formatNumber(delays.decideMs, words))],
    [said.whyModel, cause.model || undefined],
    [said.whyCalibration, cause.calibrationVersion === 0 ? said.whyNone : version(cause.calibrationVersion)],
    [
      said.whyTracks,
      tracks.map(({ track, kind }) => `${words.kindOfOne[kind]} ${track.slice(0, 8)}`).join(', ') || undefined,
    ],
    [said.whyMessages, cause.messages.join(', ')],
    [words.alerts.severity, rule === null ? undefined : said.severities[rule.severity]],
  ];
}

export function AlertWhy({ why, zone }: { why: Why; zone: string }) {
  const words = useWords();
  const said = words.alerts;
  const { alert, rule, deliveries, sql } = why;
  return (
    <div className="alert-why">
      <p>
        {rule === null ? said.whyRuleGone : said.whyRule(alert.ruleName, formatNumber(alert.ruleVersion, words))}{' '}
        <a href={hrefOf('rules', alert.rule)}>{said.openRule}</a>
      </p>
      <FactList facts={factsOf(why, words, zone)} className="alert-facts" />
      <h4>{said.deliveries}</h4>
      {deliveries.length === 0 && <p className="muted">{said.noDeliveries}</p>}
      <ul className="alert-deliveries">
        {deliveries.map(({ channel, attempt, outcome, delayMs, message }) => (
          <li key={`${channel} ${attempt}`}>
            <b>{channel}</b>
            <span className={`is-${outcome}`}>{said.outcomes[outcome]}</span>
            <span className="muted">{said.after(formatDuration(delayMs / 1000, words))}</span>
            {message !== undefined && <span className="muted">{message}</span>}
          </li>
        ))}
      </ul>
      {sql.map(({ title, query }) => (
        <details key={title}>
          <summary>
            {said.sql}: {said.sqlTitles[title] ?? title}
          </summary>
          <pre>{query}</pre>
          <CopyButton text={() => query} />
        </details>
      ))}
    </div>
  );
}
