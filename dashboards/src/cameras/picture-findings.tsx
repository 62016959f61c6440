/** What the pictures of a camera show, since when, how surely, and the picture at which it was noticed. */
import type { CameraView } from '#models/schema/camera-view.ts';
import { apiUrl } from '../api-client.ts';
import { formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';

export function PictureFindings({ camera }: { camera: CameraView }) {
  const words = useWords();
  const findings = camera.state?.picture ?? [];
  if (findings.length === 0) return null;
  return (
    <ul className="picture-findings">
      {findings.map(({ finding, score, threshold, sinceMs, isBlind, hasProof }) => (
        <li key={finding}>
          <span className="finding-name">{words.findings.names[finding]}</span>
          <span className="muted">
            {words.cameras.since(formatTime(sinceMs, words))} ·{' '}
            {words.findings.score(formatNumber(score, words), formatNumber(threshold, words))}
          </span>
          {isBlind && <span className="finding-blind">{words.findings.blind}</span>}
          {hasProof && (
            <a
              href={apiUrl(`cameras/${camera.id}/findings/${finding}/proof.jpg`).href}
              target="_blank"
              rel="noreferrer"
            >
              {words.findings.proof}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
