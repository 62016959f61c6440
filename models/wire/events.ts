/** Alerts, incidents and what becomes of them as CloudEvents 1.0: made for the stream, and read from it. */
import { EVENT_TYPES, StreamEvent } from '../schema/alert.ts';
import type { AreaPath } from '../schema/area.ts';
import { checker } from '../schema/check.ts';
import type { Severity } from '../schema/severity.ts';

export type EventKind = keyof typeof EVENT_TYPES;
export const EVENT_KINDS = Object.keys(EVENT_TYPES) as EventKind[];

type DataOf<Kind extends EventKind> = Extract<StreamEvent, { type: (typeof EVENT_TYPES)[Kind] }>['data'];

type Told<Kind extends EventKind> = {
  /** The same where the event is made again: the stream and every reader knows repeats by it. */
  id: string;
  /** `/sharp-eyes/<process>` */
  source: string;
  areaPath: Readonly<AreaPath>;
  severity: Severity;
  atMs: number;
  data: DataOf<Kind>;
};

export function makeEvent<Kind extends EventKind>(kind: Kind, told: Told<Kind>): StreamEvent {
  const { id, source, areaPath, severity, atMs, data } = told;
  return {
    specversion: '1.0',
    id,
    source,
    type: EVENT_TYPES[kind],
    subject: areaPath.join('/'),
    time: new Date(atMs).toISOString(),
    datacontenttype: 'application/json',
    severity,
    data,
  } as StreamEvent;
}

const checkStreamEvent = checker('the event', StreamEvent);
const decoder = new TextDecoder();

/** Throws InvalidValueError or SyntaxError for bytes that are no event of a version we know. */
export function decodeStreamEvent(bytes: Uint8Array): StreamEvent {
  return checkStreamEvent(JSON.parse(decoder.decode(bytes)));
}

export function areaPathOf({ subject }: Pick<StreamEvent, 'subject'>): AreaPath {
  return subject.split('/');
}

/** `alert`, `incident`, `work` or `evidence`. */
export function kindOf({ type }: Pick<StreamEvent, 'type'>): EventKind {
  return EVENT_KINDS.find((kind) => EVENT_TYPES[kind] === type) ?? 'alert';
}
