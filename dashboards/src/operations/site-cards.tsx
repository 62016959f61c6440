/** What is true of the whole site: whether the counts agree, disks, versions, processes. */
import type { Operations } from '#models/schema/operations.ts';
import { FactList } from '../cameras/fact-list.tsx';
import { formatDuration, formatNumber, formatSpan } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { formatBytes } from './stage-figures.ts';
import { StageGlyph } from './stage-glyph.tsx';

export function CountsCard({ found, zone }: { found: Operations['reconciliation']; zone: string }) {
  const words = useWords();
  const said = words.operations;
  const number = (value: number) => formatNumber(value, words);
  return (
    <section className="operations-card">
      <h2>{said.counts}</h2>
      {found === null ? (
        <p className="muted">{said.countsNone}</p>
      ) : (
        <>
          <p className="operations-verdict">
            <StageGlyph state={found.isWhole ? 'well' : 'unwell'} />
            {found.isWhole
              ? said.whole
              : said.notWhole(number(found.lost), number(found.doubled), number(found.differences))}
          </p>
          <p className="muted">{said.compared(number(found.messages), formatSpan(found, words, zone))}</p>
        </>
      )}
    </section>
  );
}

const LITTLE = 0.1;

export function DisksCard({ stages }: Pick<Operations, 'stages'>) {
  const words = useWords();
  const said = words.operations;
  const disks = stages.flatMap(({ stage, figures }) => {
    const of = (name: string) => figures.find((figure) => figure.name === name)?.value;
    const [free, size] = [of('disk-free'), of('disk-size')];
    return free === undefined || size === undefined || size === 0 ? [] : [{ stage, free, size }];
  });
  return (
    <section className="operations-card">
      <h2>{said.disks}</h2>
      {disks.length === 0 && <p className="muted">{said.noDisks}</p>}
      <ul className="operations-disks">
        {disks.map(({ stage, free, size }) => (
          <li key={stage}>
            <span>{said.diskOf(said.stages[stage].name, formatBytes(free, words), formatBytes(size, words))}</span>
            <svg className="disk-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect className="disk-all" width="100" height="6" />
              <rect
                className={free / size < LITTLE ? 'disk-used is-unwell' : 'disk-used'}
                width={100 * (1 - free / size)}
                height="6"
              />
            </svg>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function VersionsCard({ versions }: Pick<Operations, 'versions'>) {
  const words = useWords();
  const said = words.operations;
  return (
    <section className="operations-card">
      <h2>{said.versions}</h2>
      <FactList facts={versions.map(({ name, version }) => [name === 'model' ? said.model : name, version])} />
    </section>
  );
}

export function ProcessesCard({ processes, atMs }: Pick<Operations, 'processes' | 'atMs'>) {
  const words = useWords();
  const said = words.operations;
  return (
    <section className="operations-card operations-processes">
      <h2>{said.processes}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{said.process}</th>
            <th scope="col">{said.state}</th>
            <th scope="col">{said.runs}</th>
          </tr>
        </thead>
        <tbody>
          {processes.map(({ process, isWell, startedAtMs }) => (
            <tr key={process}>
              <td>{process}</td>
              <td>
                <StageGlyph state={isWell ? 'well' : 'unwell'} /> {said.states[isWell ? 'well' : 'unwell']}
              </td>
              <td>{formatDuration(Math.max(0, atMs - startedAtMs) / 1000, words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
