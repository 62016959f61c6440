/** Single pictures of a camera, about one a second, where no video can be played and no stream shall be held open. */
import { apiUrl, request } from '../api-client.ts';

const PAUSE_MS = 1000;
const PAUSE_AFTER_FAILURE_MS = 4000;
const TIMEOUT_MS = 20_000;

type StillsOptions = {
  signal: AbortSignal;
  /** How long each waits for what was seen in it. */
  delayMs: () => number;
  /** Owns the picture until it returns. */
  onPicture: (picture: ImageBitmap, capturedAtMs: number) => void;
  onFault: (error: unknown) => void;
};

export async function playStills(
  camera: string,
  { signal, delayMs, onPicture, onFault }: StillsOptions,
): Promise<void> {
  const url = apiUrl(`cameras/${encodeURIComponent(camera)}/picture.jpg`);
  while (!signal.aborted) {
    let pauseMs = PAUSE_MS;
    try {
      const response = await request(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
      const capturedAtMs = Number(response.headers.get('x-captured-at-ms') ?? Date.now());
      const picture = await createImageBitmap(await response.blob());
      await new Promise((done) => setTimeout(done, delayMs()));
      if (!signal.aborted) onPicture(picture, capturedAtMs);
      picture.close();
    } catch (error) {
      if (signal.aborted) return;
      pauseMs = PAUSE_AFTER_FAILURE_MS;
      onFault(error);
    }
    await new Promise((done) => setTimeout(done, pauseMs));
  }
}
