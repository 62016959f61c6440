/** The demo's judge, for the command line: the truth of the city, and how well the pipeline sees it. */

export { type FrameTruth, framesOf, type IntervalTruth, truthOf } from '#demo/world/truth/interval.ts';
export { viewsOf } from './clips.ts';
export { accuracyPage, scoreTables } from './report.ts';
export { type Score, type ScoreWanted, score } from './score.ts';
