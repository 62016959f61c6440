/** The queue of incidents, live: read once, then kept by the stream, and compared with the API's answer every minute. */
import { useEffect, useRef, useState } from 'react';
import type { IncidentList } from '#models/schema/alert-view.ts';
import type { Severity } from '#models/schema/severity.ts';
import { type Polled, usePolled } from '../polled.ts';
import { listenToAlerts } from './alert-stream.ts';
import { alertsApi, type IncidentFilter, isPast } from './alerts-api.ts';
import { merge, NO_QUEUE, type Queue, take } from './queue.ts';

const COMPARE_EVERY_MS = 60_000;
const COUNT_AFTER_MS = 3000;

export type LiveQueue = {
  queue: Queue;
  answer: Polled<IncidentList>;
  isConnected: boolean;
};

type QueueOptions = { zone: string; onSignedOut: () => void; onBegun: (severity: Severity) => void };

/** `onBegun` is told the gravest of what begins. */
export function useQueue(filter: IncidentFilter, { zone, onSignedOut, onBegun }: QueueOptions): LiveQueue {
  const key = JSON.stringify({ ...filter, zone });
  const [held, setHeld] = useState<{ key: string; queue: Queue }>({ key, queue: NO_QUEUE });
  const [isConnected, setIsConnected] = useState(false);
  const answer = usePolled(key, (signal) => alertsApi.readIncidents(filter, zone, { signal }), {
    intervalMs: COMPARE_EVERY_MS,
    onSignedOut,
  });
  const { data, isStale } = answer;
  useEffect(() => {
    if (data === undefined || isStale) return;
    setHeld((was) => ({ key, queue: merge(was.key === key ? was.queue : NO_QUEUE, data.incidents) }));
  }, [data, isStale, key]);

  const latest = useRef({ onBegun, severity: filter.severity, refresh: answer.refresh });
  latest.current = { onBegun, severity: filter.severity, refresh: answer.refresh };
  // The counts of all states are the API's: asked again when something happened, now and then.
  const counting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const countSoon = () => {
    counting.current ??= setTimeout(() => {
      counting.current = undefined;
      latest.current.refresh();
    }, COUNT_AFTER_MS);
  };
  const soon = useRef(countSoon);
  useEffect(() => () => clearTimeout(counting.current), []);
  const since = useRef<number>(undefined);
  if (since.current === undefined && data !== undefined) since.current = data.sequence;
  const isReady = data !== undefined;
  const { area } = filter;
  const hasEnded = isPast(filter.range, zone);
  useEffect(() => {
    if (!isReady || hasEnded || since.current === undefined) return;
    return listenToAlerts(
      since.current,
      { area },
      {
        onConnected: setIsConnected,
        onEvents: (events) => {
          const wanted = latest.current.severity;
          const own = events.filter((event) => wanted === null || event.severity === wanted);
          setHeld((was) => ({ ...was, queue: take(was.queue, own) }));
          soon.current();
          const fresh = own.filter(
            (event) => event.type === 'org.sharp-eyes.incident.changed.v1' && event.data.alerts === 1,
          );
          if (fresh.length === 0) return;
          const gravest = SEVERITIES.find((severity) => fresh.some((event) => event.severity === severity));
          if (gravest !== undefined) latest.current.onBegun(gravest);
        },
      },
    );
  }, [isReady, hasEnded, area]);
  return { queue: held.key === key ? held.queue : NO_QUEUE, answer, isConnected };
}

const SEVERITIES: readonly Severity[] = ['critical', 'major', 'minor', 'info'];
