/** NATS subjects: the one place that writes and reads them. */
import { AREA_LEVELS, type AreaLevel, type AreaPath } from '../schema/area.ts';
import type { Severity } from '../schema/severity.ts';

export const DETECTIONS_ALL = 'sharpeyes.detections.>';
export const ALERTS_ALL = 'sharpeyes.alerts.>';
export const HEALTH_ALL = 'sharpeyes.health.>';

/** `sharpeyes.detections.<city>.<district>.<street>.<village>.<grid>.<camera>` */
export function detectionsSubject(areaPath: Readonly<AreaPath>, camera: string): string {
  return `sharpeyes.detections.${areaPath.join('.')}.${camera}`;
}

/** `sharpeyes.looks.<area path>.<camera>`: what detections say, at once, for the rules. */
export function looksSubject(areaPath: Readonly<AreaPath>, camera: string): string {
  return `sharpeyes.looks.${areaPath.join('.')}.${camera}`;
}

/** `sharpeyes.health.<area path>.<camera>` */
export function healthSubject(areaPath: Readonly<AreaPath>, camera: string): string {
  return `sharpeyes.health.${areaPath.join('.')}.${camera}`;
}

/** `sharpeyes.detections.*.*.*.*.*.<camera>`: one camera, wherever it stands. */
export function detectionsOfCamera(camera: string): string {
  return `sharpeyes.detections.*.*.*.*.*.${camera}`;
}

/** `sharpeyes.detections.*.<district>.>`: an area with all below it. */
export function detectionsOfArea(level: AreaLevel, area: string): string {
  const above = AREA_LEVELS.slice(0, AREA_LEVELS.indexOf(level)).map(() => '*');
  return ['sharpeyes.detections', ...above, area, '>'].join('.');
}

/** `sharpeyes.alerts.<city>.<district>.<street>.<village>.<grid>.<severity>` */
export function alertsSubject(areaPath: Readonly<AreaPath>, severity: Severity): string {
  return `sharpeyes.alerts.${areaPath.join('.')}.${severity}`;
}

/** `sharpeyes.alerts.*.<district>.>`: an area with all below it. */
export function alertsOfArea(level: AreaLevel, area: string): string {
  const above = AREA_LEVELS.slice(0, AREA_LEVELS.indexOf(level)).map(() => '*');
  return ['sharpeyes.alerts', ...above, area, '>'].join('.');
}

/** `sharpeyes.changes.<camera>`: who changed its registration, and how. */
export function changesSubject(camera: string): string {
  return `sharpeyes.changes.${camera}`;
}

/** The area path and the camera of a subject of detections or of health. */
export function readDetectionsSubject(subject: string): { areaPath: string[]; camera: string } {
  const tokens = subject.split('.').slice(2);
  return { areaPath: tokens.slice(0, -1), camera: tokens.at(-1) ?? '' };
}

/** Header of an answer with a picture: when the camera saw it, UTC milliseconds. */
export const CAPTURED_AT_HEADER = 'Captured-At-Ms';

/**
 * Request/reply between roles. What names a camera is answered by the worker that has it, `discover` by one of the workers
 * with a stream (`system/reply-stream.ts`), the others by every process.
 */
export const CONTROL = {
  metrics: 'sharpeyes.control.metrics',
  health: 'sharpeyes.control.health',
  discover: 'sharpeyes.control.discover',
  /** Asked of one worker: all probes of a device go to the same one, which remembers its logins. */
  probe: (worker: string) => `sharpeyes.control.probe.${worker}`,
  /** Says, while a stream is answered, that its asker is still there. */
  life: (id: string) => `sharpeyes.control.life.${id}`,
  live: (camera: string) => `sharpeyes.control.live.${camera}`,
  thumbnail: (camera: string) => `sharpeyes.control.thumbnail.${camera}`,
  /** Asked of the worker that has the camera: a clip and a still around a time. */
  evidence: (camera: string) => `sharpeyes.control.evidence.${camera}`,
  /** Asked of one engine of rules, answered as a stream: what a rule would have done. */
  tryRule: 'sharpeyes.control.try-rule',
  /** Asked of one process of alerts: sends a test to a channel, and answers what became of it. */
  testChannel: 'sharpeyes.control.test-channel',
} as const;
