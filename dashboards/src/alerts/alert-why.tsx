/** Why an alert fired: rule version, frame, tracks, model, calibration, and each delivery with its delay. */
import type { AlertWhy as Why } from '#models/schema/alert-query.ts';
import type { TrackWay } from '#models/schema/rule-try.ts';
import { type Fact, FactList } from '../cameras/fact-list.tsx';
import { CopyButton } from '../health/copy-button.tsx';
import type { Words } from '../words/english.ts';
import { formatDuration, formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { hrefOf } from '../workspace/view.ts';

/** The ways of the tracks that made it fire. */
export function waysOf({ alert, sightings }: Why): TrackWay[] {
  const ways = new Map<string, TrackWay>();
  for (const { track, kind, capturedAtMs: atMs, box, lon, lat } of sightings) {
    const way = ways.get(track) ?? { track, camera: alert.camera ?? '', kind, points: [] };
    way.points.push({ atMs, box, ...(lon === null || lat === null ? {} : { lon, lat }) });
    ways.set(track, way);
  }
  return [...ways.values()];
}

function factsOf(why: Why, words: Words, zone: string): Fact[] {
  const said = words.alerts;
  const { alert, times } = why;
  const { cause } = alert;
  const time = (atMs: number) => formatTime(atMs, words, { withSeconds: true, zone });
  const version = (number: number) => said.whyVersion(formatNumber(number, words));
  const tracks = waysOf(why).map(({ track, kind }) => `${words.kindOfOne[kind]} ${track.slice(0, 8)}`);
  return [
    [said.whyCaptured, time(times.capturedAtMs)],
    [said.whyReceived, time(times.receivedAtMs)],
    [said.whyDecide, said.ms(formatNumber(times.decidedMs, words))],
    [said.whyModel, cause.model || undefined],
    [said.whyCalibration, cause.calibrationVersion === 0 ? said.whyNone : version(cause.calibrationVersion)],
    [said.whyTracks, tracks.join(', ') || undefined],
    [said.whyMessages, cause.messages.join(', ')],
  ];
}

export function AlertWhy({ why, zone }: { why: Why; zone: string }) {
  const words = useWords();
  const said = words.alerts;
  const { alert, ruleText, deliveries, sql } = why;
  return (
    <div className="alert-why">
      <p>
        {said.whyRule(alert.ruleName, formatNumber(alert.ruleVersion, words))}{' '}
        <a href={hrefOf('rules', alert.rule)}>{said.openRule}</a>
      </p>
      {ruleText === null ? <p className="muted">{said.whyRuleGone}</p> : <pre>{ruleText}</pre>}
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
      <details>
        <summary>{said.sql}</summary>
        <pre>{sql}</pre>
        <CopyButton text={() => sql} />
      </details>
    </div>
  );
}
