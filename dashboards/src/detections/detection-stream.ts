/** Live detections from the API: server-sent events that come back by themselves after every interruption. */
import type { DetectionMessage } from '#models/schema/detection.ts';
import { apiUrl } from '../api-client.ts';

type StreamHandlers = {
  onMessage: (message: DetectionMessage) => void;
  /** False from an interruption until the stream is open again. */
  onConnected?: (isConnected: boolean) => void;
};

const RETRY_MS = [1000, 2000, 5000, 10_000];

/** Listens until the returned function is called; to these cameras, or with null to all that the person may see. */
export function listenToDetections(
  cameras: readonly string[] | null,
  { onMessage, onConnected }: StreamHandlers,
): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  const open = () => {
    source = new EventSource(apiUrl('detections/live', { cameras: cameras?.join(',') }));
    source.addEventListener('open', () => {
      failures = 0;
      onConnected?.(true);
    });
    source.addEventListener('detections', (event) => onMessage(JSON.parse(event.data) as DetectionMessage));
    source.addEventListener('error', () => {
      onConnected?.(false);
      // The browser's own retry gives up after an HTTP error and hammers after others.
      source?.close();
      timer = setTimeout(open, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
      failures += 1;
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
