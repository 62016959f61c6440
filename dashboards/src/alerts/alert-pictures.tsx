/** The pictures of an alert: a still and a clip with people blurred; unblurred only for a reason that the audit log keeps. */
import { useState } from 'react';
import type { Alert, Evidence } from '#models/schema/alert.ts';
import { formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { faultWords, ProblemText } from '../workspace/problem-text.tsx';
import { alertsApi } from './alerts-api.ts';

type PicturesProps = { alert: Alert; evidence: Evidence | null; mayUnblur: boolean; zone: string };

export function AlertPictures({ alert, evidence, mayUnblur, zone }: PicturesProps) {
  const words = useWords();
  const said = words.alerts;
  const [sharp, setSharp] = useState<{ clip: string; still: string }>();
  if (alert.camera === null) return null;
  if (evidence === null) return <p className="alert-no-pictures muted">{said.picturesComing}</p>;
  if (evidence.state !== 'kept') {
    const { reason: code } = evidence;
    const reason = code && faultWords({ code, title: said.noPicturesWhy[code] ?? code }, words).title;
    const title = evidence.state === 'deleted' ? said.picturesDeleted : said.noPictures;
    return <p className="alert-no-pictures muted">{reason === undefined ? title : `${title}: ${reason}`}</p>;
  }
  const shown = sharp ?? { clip: alertsApi.clipUrl(evidence.alert), still: alertsApi.stillUrl(evidence.alert) };
  return (
    <figure className="alert-pictures">
      <video
        key={shown.clip}
        src={shown.clip}
        poster={shown.still}
        aria-label={said.clip}
        controls
        muted
        playsInline
        preload="none"
      />
      <figcaption>
        {sharp === undefined ? said.clip : <strong className="alert-sharp">{said.unblurred}</strong>}
        {evidence.expiresAtMs !== undefined && (
          <span className="muted">
            {said.expires(formatTime(evidence.expiresAtMs, words, { withDay: true, zone }))}
          </span>
        )}
      </figcaption>
      {mayUnblur && sharp === undefined && <Unblur alert={evidence.alert} onSharp={setSharp} />}
    </figure>
  );
}

type UnblurProps = { alert: string; onSharp: (links: { clip: string; still: string }) => void };

function Unblur({ alert, onSharp }: UnblurProps) {
  const words = useWords();
  const [reason, setReason] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  if (reason === undefined) {
    return (
      <button type="button" className="button-plain" onClick={() => setReason('')}>
        {words.alerts.unblur}
      </button>
    );
  }
  const ask = async (event: React.FormEvent) => {
    event.preventDefault();
    try {
      onSharp(await alertsApi.unblur(alert, reason));
    } catch (problem) {
      setFailure(problem);
    }
  };
  return (
    <form className="alert-unblur" onSubmit={ask}>
      <label>
        <span>{words.alerts.unblurReason}</span>
        <input
          // biome-ignore lint/a11y/noAutofocus: it opens because somebody asked for it.
          autoFocus
          required
          minLength={3}
          maxLength={500}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </label>
      <button type="submit" className="button-plain">
        {words.alerts.unblurGo}
      </button>
      {failure !== undefined && (
        <div role="alert">
          <ProblemText error={failure} />
        </div>
      )}
    </form>
  );
}
