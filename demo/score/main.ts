/** The demo's judge, for the command line: how well the pipeline sees the city. */
export { groundTables } from './ground-report.ts';
export { accuracyPage, scoreTables } from './report.ts';
export { type Score, type ScoreWanted, score } from './score.ts';
