/** Where the stages stand in the picture, and the pipes between them: one line with a branch, or a column on a phone. */
import type { OperationStage } from '#models/schema/stage.ts';

export type Spot = { stage: OperationStage; x: number; y: number };
export type Pipe = { from: OperationStage; to: OperationStage; path: string };
export type PictureLayout = {
  width: number;
  height: number;
  nodeW: number;
  nodeH: number;
  spots: Spot[];
  pipes: Pipe[];
};

const LINE: OperationStage[] = ['cameras', 'ingest', 'broker', 'analytics', 'store', 'roll-up', 'api'];
const BRANCH: OperationStage[] = ['rules', 'evidence', 'channels'];

export function wideLayout(): PictureLayout {
  const [nodeW, nodeH, gap, left, top] = [148, 112, 30, 4, 4];
  const xOf = (column: number) => left + column * (nodeW + gap);
  const lowerY = top + nodeH + 40;
  const middle = nodeH / 2;
  const spots = [
    ...LINE.map((stage, column) => ({ stage, x: xOf(column), y: top })),
    ...BRANCH.map((stage, at) => ({ stage, x: xOf(3 + at), y: lowerY })),
  ];
  const across = (column: number, y: number) => `M${xOf(column) + nodeW} ${y + middle}h${gap}`;
  const down = `M${xOf(2) + nodeW / 2} ${top + nodeH}V${lowerY + middle}H${xOf(3)}`;
  const [under, foot] = [18, lowerY + nodeH];
  const below = `M${xOf(3) + nodeW / 2} ${foot}v${under}H${xOf(5) + nodeW / 2}v-${under}`;
  const pipes = [
    ...LINE.slice(1).map((to, at) => ({ from: LINE[at]!, to, path: across(at, top) })),
    { from: 'broker' as const, to: 'rules' as const, path: down },
    { from: 'rules' as const, to: 'evidence' as const, path: across(3, lowerY) },
    { from: 'rules' as const, to: 'channels' as const, path: below },
  ];
  return { width: xOf(6) + nodeW + left, height: lowerY + nodeH + under + top, nodeW, nodeH, spots, pipes };
}

export function narrowLayout(): PictureLayout {
  const [nodeW, nodeH, gap, left, top, aside] = [300, 92, 24, 4, 4, 30];
  const order = [...LINE, ...BRANCH];
  const yOf = (stage: OperationStage) => top + order.indexOf(stage) * (nodeH + gap);
  const right = left + nodeW;
  const downFrom = (stage: OperationStage) => `M${left + nodeW / 2} ${yOf(stage) + nodeH}v${gap}`;
  const around = `M${right} ${yOf('broker') + nodeH / 2}h${aside - 6}V${yOf('rules') + nodeH / 2}H${right}`;
  const [fromRules, toChannels] = [yOf('rules') + nodeH * 0.8, yOf('channels') + nodeH / 2];
  const aroundEvidence = `M${right} ${fromRules}h${aside - 14}V${toChannels}H${right}`;
  const pipes = [
    ...LINE.slice(1).map((to, at) => ({ from: LINE[at]!, to, path: downFrom(LINE[at]!) })),
    { from: 'broker' as const, to: 'rules' as const, path: around },
    { from: 'rules' as const, to: 'evidence' as const, path: downFrom('rules') },
    { from: 'rules' as const, to: 'channels' as const, path: aroundEvidence },
  ];
  const spots = order.map((stage) => ({ stage, x: left, y: yOf(stage) }));
  return { width: right + aside + left, height: yOf('channels') + nodeH + top, nodeW, nodeH, spots, pipes };
}
