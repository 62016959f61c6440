/** The demo's judge, for the command line: how well the pipeline sees the city. */

export { groundTables } from './ground-report.ts';
export { incidentPage, incidentTables } from './incidents/report.ts';
export { type IncidentScore, scoreLines, scoreRendered, scoreScripts } from './incidents/score.ts';
export { accuracyPage, scoreTables } from './report.ts';
export { type Score, type ScoreWanted, score } from './score.ts';
