/** What a camera sees, as an address for `<img>`: taken when it becomes live, when asked for, and until there is one. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiProblemError, api } from '../api-client.ts';

const RETRY_MS = 2000;
const RETRY_CAP_MS = 30_000;
/** Asked again these would say the same: not signed in, not allowed, not there. */
const FINAL_STATUS = [401, 403, 404];

type Picture = { picture: string | undefined; refresh: () => void };

const isFinal = (error: unknown) => error instanceof ApiProblemError && FINAL_STATUS.includes(error.problem.status);

/** One that is not live is not asked: what it showed last stays, until a newer one is there or the camera is another. */
export function usePicture(camera: string | undefined, isLive: boolean): Picture {
  const [picture, show] = useObjectUrl(camera);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks again.
  useEffect(() => {
    if (camera === undefined || !isLive) return;
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = (retryMs: number) =>
      api.readPicture(camera, { signal: leaving.signal }).then(
        (blob) => !leaving.signal.aborted && show(blob),
        (error: unknown) => {
          if (leaving.signal.aborted || isFinal(error)) return;
          timer = setTimeout(() => void take(Math.min(2 * retryMs, RETRY_CAP_MS)), retryMs);
        },
      );
    void take(RETRY_MS);
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [camera, isLive, turn, show]);
  return { picture, refresh: useCallback(() => setTurn((was) => was + 1), []) };
}

/** The address of the blob that was shown last; it holds until the next one, or until `of` is another. */
function useObjectUrl(of: string | undefined) {
  const [url, setUrl] = useState<string>();
  const held = useRef<string>(undefined);
  const hold = useCallback((next: string | undefined) => {
    if (held.current !== undefined) URL.revokeObjectURL(held.current);
    held.current = next;
    setUrl(next);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of another nothing stays
  useEffect(() => () => hold(undefined), [of, hold]);
  return [url, useCallback((blob: Blob) => hold(URL.createObjectURL(blob)), [hold])] as const;
}
