/** How well rules do: scripts fed with true tracks, lines counted on the truth of the clips, clips seen by the detector. */
import { resolve } from 'node:path';
import { INCIDENTS } from '#demo/world/incidents/all.ts';
import type { Config } from '#system/config.ts';
import { findScoredClips } from '../clips.ts';
import { lookAtClips } from '../looks.ts';
import { runClip, trueLooksOf } from './clip-run.ts';
import { judge, type Verdict } from './judge.ts';
import { countLine, type LineCount, lineOf, lineRule } from './lines.ts';
import { judgeRendered, RENDERED, type RenderedVerdict } from './rendered.ts';
import { runIncident } from './run.ts';

export type ClipLine = LineCount & { clip: string };
export type IncidentScore = {
  scripted: Verdict[];
  lines: ClipLine[];
  rendered: { model: string; verdicts: RenderedVerdict[] } | undefined;
};

export const scoreScripts = (): Verdict[] => INCIDENTS.map((incident) => judge(incident, runIncident(incident)));

export function scoreLines(): ClipLine[] {
  return findScoredClips({}).flatMap((clip) => {
    const line = lineOf(clip);
    if (line === undefined) return [];
    return [{ clip: clip.name, ...countLine(clip, line, runClip(clip, lineRule(clip, line), trueLooksOf(clip))) }];
  });
}

type Wanted = { config: Config; model?: string | undefined; onStep?: (sentence: string) => void };

export async function scoreRendered({ config, model: name, onStep }: Wanted): Promise<IncidentScore['rendered']> {
  const clips = findScoredClips({}).filter((clip) => RENDERED[clip.name] !== undefined);
  const cacheDir = resolve(config.dataDir, 'demo-score');
  const onClip = (done: number, of: number) => onStep?.(`${done} of ${of} clips looked at`);
  const { frames, manifest } = await lookAtClips(clips, { config, model: name, cacheDir, onClip });
  const verdicts = clips.map((clip) => judgeRendered(clip, frames.get(clip.name) ?? [], manifest.scoreMin));
  return { model: manifest.name, verdicts };
}
