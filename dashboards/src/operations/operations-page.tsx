/** Operations: the pipeline as a living picture, the stage that is open, and what is true of the whole site. */
import type { Operations } from '#models/schema/operations.ts';
import { apiUrl, json, UnreachableError } from '../api-client.ts';
import { usePolled } from '../polled.ts';
import { formatDuration, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { useKnownSite } from '../workspace/known.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { usePlace, type ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';
import { Findings } from './findings.tsx';
import { PipelinePicture } from './pipeline-picture.tsx';
import { CountsCard, DisksCard, ProcessesCard, VersionsCard } from './site-cards.tsx';
import { StageDetail } from './stage-detail.tsx';

const EVERY_MS = 3000;

export function OperationsPage({ onSignedOut }: ViewProps) {
  const { rest } = usePlace();
  const read = (signal: AbortSignal) => json<Operations>(apiUrl('operations', {}), { signal });
  const { data, problem } = usePolled('operations', read, { intervalMs: EVERY_MS, onSignedOut });
  const { zone = 'UTC' } = useKnownSite();
  const open = data?.stages.find(({ stage }) => stage === rest);
  return (
    <ViewFrame name="operations">
      {problem !== undefined && (
        <div className={`notice ${problem instanceof UnreachableError ? 'is-lost' : 'is-problem'}`} role="status">
          <ProblemText error={problem} />
        </div>
      )}
      {data !== undefined && (
        <>
          <Freshness operations={data} zone={zone} />
          <PipelinePicture operations={data} open={open?.stage ?? null} />
          {open === undefined ? (
            <AllFindings operations={data} />
          ) : (
            <StageDetail key={open.stage} now={open} zone={zone} windowS={data.windowS} />
          )}
          <div className="operations-cards">
            <CountsCard found={data.reconciliation} zone={zone} />
            <DisksCard stages={data.stages} />
            <VersionsCard versions={data.versions} />
            <ProcessesCard processes={data.processes} atMs={data.atMs} />
          </div>
        </>
      )}
    </ViewFrame>
  );
}

function Freshness({ operations: { windowS, atMs }, zone }: { operations: Operations; zone: string }) {
  const words = useWords();
  const said = words.operations;
  const at = said.at(formatTime(atMs, words, { withSeconds: true, zone }), zone);
  const window = windowS === null ? said.measuring : said.window(formatDuration(Math.round(windowS), words));
  return <p className="muted">{said.fresh(window, at)}</p>;
}

function AllFindings({ operations: { stages } }: { operations: Operations }) {
  const said = useWords().operations;
  const findings = stages.flatMap((stage) => stage.findings);
  return (
    <section className="operations-card">
      <h2>{said.findings}</h2>
      <Findings findings={findings} none={said.allWell} />
    </section>
  );
}
