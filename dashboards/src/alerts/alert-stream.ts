/** Alerts as they come: server-sent events that go on after an interruption where they stopped, so that none is missed. */
import type { StreamEvent } from '#models/schema/alert.ts';
import { apiUrl } from '../api-client.ts';

type StreamHandlers = {
  onEvents: (events: readonly StreamEvent[]) => void;
  /** False from an interruption until the stream is open again. */
  onConnected: (isConnected: boolean) => void;
};

const RETRY_MS = [500, 1000, 2000, 5000, 10_000];
/** Events are handed over together this often, so that a storm does not draw the page a thousand times a second. */
const TOGETHER_MS = 200;

/** Listens from the event after `since` until the returned function is called. */
export function listenToAlerts(
  since: number,
  filter: { area: string | null },
  { onEvents, onConnected }: StreamHandlers,
): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let together: ReturnType<typeof setTimeout> | undefined;
  let waiting: StreamEvent[] = [];
  let last = since;
  let failures = 0;
  const handOver = () => {
    together = undefined;
    const events = waiting;
    waiting = [];
    onEvents(events);
  };
  const again = () => {
    onConnected(false);
    // The browser's own retry gives up after an HTTP error and hammers after others.
    source?.close();
    clearTimeout(retry);
    retry = setTimeout(open, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
    failures += 1;
  };
  const open = () => {
    source = new EventSource(apiUrl('alert-stream', { since: last, area: filter.area }));
    source.addEventListener('open', () => {
      failures = 0;
      onConnected(true);
    });
    source.addEventListener('message', ({ data, lastEventId }) => {
      const sequence = Number(lastEventId);
      if (Number.isFinite(sequence) && sequence > last) last = sequence;
      waiting.push(JSON.parse(data as string) as StreamEvent);
      together ??= setTimeout(handOver, TOGETHER_MS);
    });
    source.addEventListener('end', again);
    source.addEventListener('error', again);
  };
  open();
  return () => {
    clearTimeout(retry);
    clearTimeout(together);
    source?.close();
  };
}
