/** What a camera sees, as an address for `<img>`: taken when it becomes live, when asked for, and until there is one. */
import { useCallback, useEffect, useState } from 'react';
import { api } from '../api-client.ts';

const RETRY_MS = 2000;
const RETRY_CAP_MS = 30_000;

type Picture = { picture: string | undefined; refresh: () => void };

/** One that is not live is not asked: what it showed last stays. */
export function usePicture(camera: string | undefined, isLive: boolean): Picture {
  const [picture, setPicture] = useState<string>();
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of another camera nothing stays
  useEffect(() => setPicture(undefined), [camera]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks again.
  useEffect(() => {
    if (camera === undefined || !isLive) return;
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let url: string | undefined;
    const take = (retryMs: number) =>
      api.readPicture(camera, { signal: leaving.signal }).then(
        (blob) => {
          url = URL.createObjectURL(blob);
          setPicture(url);
        },
        () => {
          if (leaving.signal.aborted) return;
          timer = setTimeout(() => void take(Math.min(2 * retryMs, RETRY_CAP_MS)), retryMs);
        },
      );
    void take(RETRY_MS);
    return () => {
      leaving.abort();
      clearTimeout(timer);
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [camera, isLive, turn]);
  return { picture, refresh: useCallback(() => setTurn((was) => was + 1), []) };
}
