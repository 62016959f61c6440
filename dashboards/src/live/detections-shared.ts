/** One stream of detections for all pictures of the page: a browser opens six requests to a host, not one a picture. */
import type { DetectionMessage } from '#models/schema/detection.ts';
import { listenToDetections } from '../detections/detection-stream.ts';

type Listener = (message: DetectionMessage) => void;

const listeners = new Map<string, Set<Listener>>();
/** Pictures that come and go together shall open one stream, not one after the other. */
const SETTLE_MS = 150;

let stopListening = () => {};
let listened = '';
let timer: ReturnType<typeof setTimeout> | undefined;

function settle(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const cameras = [...listeners.keys()].sort();
    if (cameras.join() === listened) return;
    stopListening();
    listened = cameras.join();
    if (cameras.length === 0) stopListening = () => {};
    else {
      const onMessage = (message: DetectionMessage) => {
        for (const listener of listeners.get(message.camera) ?? []) listener(message);
      };
      stopListening = listenToDetections(cameras, { onMessage });
    }
  }, SETTLE_MS);
}

/** Hears the camera's detections until the returned function is called. */
export function shareDetections(camera: string, listener: Listener): () => void {
  const own = listeners.get(camera) ?? new Set();
  own.add(listener);
  listeners.set(camera, own);
  settle();
  return () => {
    own.delete(listener);
    if (own.size === 0) listeners.delete(camera);
    settle();
  };
}
