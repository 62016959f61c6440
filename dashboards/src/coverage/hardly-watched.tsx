/** Cameras whose ground is planned and hardly watched, and what kept them. */
import type { CameraCoverage, CoverageReport } from '#models/schema/coverage.ts';
import type { Words } from '../words/english.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { faultWords } from '../workspace/problem-text.tsx';
import { hrefOf } from '../workspace/view.ts';
import type { Light } from './coverage-api.ts';
import { ShareBar } from './share-bar.tsx';

type HardlyWatchedProps = { cameras: CoverageReport['cameras']; light: Light };

export function HardlyWatched({ cameras, light }: HardlyWatchedProps) {
  const words = useWords();
  const { coverage } = words;
  const hardly = cameras
    .filter(({ isHardlyWatched }) => isHardlyWatched)
    .sort((a, b) => (a.watched ?? 0) - (b.watched ?? 0) || b.seenM2[light] - a.seenM2[light]);
  if (hardly.length === 0) return <p className="coverage-none">{coverage.hardlyNone}</p>;
  return (
    <ol className="coverage-rows">
      {hardly.map((camera) => (
        <li key={camera.camera}>
          <a className="coverage-row" href={hrefOf('health', camera.camera)}>
            <span className="coverage-name">
              <b>{camera.name}</b>
              <small>
                {[reasonText(camera, words), `${formatNumber(Math.round(camera.seenM2[light]), words)} m²`].join(' · ')}
              </small>
            </span>
            <ShareBar share={camera.watched ?? 0} label={coverage.period} />
          </a>
        </li>
      ))}
    </ol>
  );
}

function reasonText({ reason = 'unknown' }: CameraCoverage, words: Words): string {
  const own = words.coverage.reasons as Readonly<Record<string, string>>;
  return own[reason] ?? faultWords({ code: reason, title: reason }, words).title;
}
