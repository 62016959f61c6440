/** The pipeline as a picture: a node per stage, pipes in which something moves while something passes. A node opens its stage. */
import type { Operations, StageNow } from '#models/schema/operations.ts';
import type { OperationStage } from '#models/schema/stage.ts';
import { useWords } from '../words/language.tsx';
import { useIsNarrow } from '../workspace/use-is-narrow.ts';
import { hrefOf } from '../workspace/view.ts';
import { narrowLayout, type PictureLayout, type Pipe, wideLayout } from './picture-layout.ts';
import { delayText, lossText, rateText } from './stage-figures.ts';
import { StageGlyph } from './stage-glyph.tsx';

type PictureProps = { operations: Operations; open: OperationStage | null };

export function PipelinePicture({ operations, open }: PictureProps) {
  const words = useWords();
  const layout = useIsNarrow() ? narrowLayout() : wideLayout();
  const stageOf = (name: OperationStage) => operations.stages.find(({ stage }) => stage === name);
  return (
    <nav aria-label={words.operations.picture}>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the nav names it; a title would be a tooltip over every stage */}
      <svg className="pipeline" viewBox={`0 0 ${layout.width} ${layout.height}`}>
        {layout.pipes.map((pipe) => (
          <PipeLine key={`${pipe.from} ${pipe.to}`} pipe={pipe} ratePerS={stageOf(pipe.to)?.ratePerS ?? null} />
        ))}
        {layout.spots.map(({ stage, x, y }) => {
          const now = stageOf(stage);
          return now === undefined ? null : (
            <g key={stage} transform={`translate(${x} ${y})`}>
              <StageNode now={now} windowS={operations.windowS} layout={layout} isOpen={open === stage} />
            </g>
          );
        })}
      </svg>
    </nav>
  );
}

/** Faster where more passes, by powers of ten. */
function PipeLine({ pipe, ratePerS }: { pipe: Pipe; ratePerS: number | null }) {
  const isMoving = ratePerS !== null && ratePerS > 0;
  const speed = isMoving ? Math.min(4, Math.max(1, Math.ceil(Math.log10(ratePerS + 1)) + 1)) : 0;
  return (
    <>
      <path className="pipe" d={pipe.path} />
      {isMoving && <path className={`pipe-flow is-${speed}`} d={pipe.path} />}
    </>
  );
}

type NodeProps = { now: StageNow; windowS: number | null; layout: PictureLayout; isOpen: boolean };

function StageNode({ now, windowS, layout: { nodeW, nodeH }, isOpen }: NodeProps) {
  const words = useWords();
  const said = words.operations;
  const [rate, delay, loss] = [rateText(now, { words, windowS }), delayText(now, words), lossText(now, words)];
  const { name } = said.stages[now.stage];
  // What is to be seen stands together and in its order: so it is found by those who say what they see.
  const label = [
    now.ratePerS === null ? rate : `${rate} ${said.passed[now.passed]}`,
    delay,
    loss,
    said.states[now.state],
  ];
  return (
    <a
      className={`stage-node is-${now.state}${isOpen ? ' is-open' : ''}`}
      href={isOpen ? hrefOf('operations') : hrefOf('operations', now.stage)}
      aria-label={`${name}: ${label.filter((text) => text !== '').join(', ')}`}
      aria-current={isOpen ? 'true' : undefined}
    >
      <rect width={nodeW} height={nodeH} rx="10" />
      <text className="stage-name" x="12" y="23">
        {name}
      </text>{' '}
      <StageGlyph state={now.state} x={nodeW - 26} y={11} />
      <text className={now.ratePerS === null ? 'stage-rate is-unknown' : 'stage-rate'} x="12" y="51">
        {rate}
        {now.ratePerS !== null && (
          <tspan className="stage-unit" dx="5">
            {` ${said.passed[now.passed]}`}
          </tspan>
        )}
      </text>{' '}
      <text className="stage-delay" x="12" y="72">
        {delay}
      </text>{' '}
      <text
        className="stage-loss"
        x="12"
        y={nodeH > 100 ? 94 : 72}
        {...(nodeH > 100 ? {} : { dx: nodeW - 24, textAnchor: 'end' })}
      >
        {loss}
      </text>
    </a>
  );
}
