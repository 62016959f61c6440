/** The figure of the area in large, and by which rule ground counts as seen. */
import type { CoverageReport } from '#models/schema/coverage.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import type { Light } from './coverage-api.ts';
import { formatShare } from './share-text.ts';

type CoverageHeadProps = { report: CoverageReport; area: string | null; light: Light };

export function CoverageHead({ report, area, light }: CoverageHeadProps) {
  const words = useWords();
  const { coverage } = words;
  const known = new Set(report.areas.map((each) => each.area));
  const shown = report.areas.filter((each) =>
    area === null ? each.parent === null || !known.has(each.parent) : each.area === area,
  );
  const sum = (pick: (each: (typeof shown)[number]) => number) => shown.reduce((total, each) => total + pick(each), 0);
  const openM2 = sum(({ areaM2, builtM2 }) => areaM2 - builtM2);
  const seenM2 = sum((each) => each.seenM2[light]);
  const watchedM2 = sum((each) => each.watchedM2);
  const share = openM2 > 0 ? Math.min(1, seenM2 / openM2) : 0;
  const metres = (m2: number) => formatNumber(Math.round(m2), words);
  return (
    <section className="coverage-head">
      {shown.length > 0 && (
        <>
          <p className="coverage-figure">{coverage.seen(formatShare(share, words), light)}</p>
          <div className="coverage-meter">
            <i style={{ width: `${share * 100}%` }} />
          </div>
          <p>{coverage.seenOf(metres(seenM2), metres(openM2))}</p>
          {seenM2 > 0 && (
            <p>{coverage.watchedOf(formatShare(Math.min(1, watchedM2 / sum((each) => each.seenM2.day)), words))}</p>
          )}
        </>
      )}
      <p className="coverage-note">{coverage.rule(report.leastPx[light], report.model)}</p>
      <p className="coverage-note">
        {report.buildings === 0 ? coverage.noBuildings : coverage.buildings(formatNumber(report.buildings, words))}
      </p>
    </section>
  );
}
