/** A hook that tells whether the window is as a media query says, and when that changes. */
import { useSyncExternalStore } from 'react';

export function mediaHook(query: string): () => boolean {
  const list = matchMedia(query);
  const subscribe = (onChange: () => void) => {
    list.addEventListener('change', onChange);
    return () => list.removeEventListener('change', onChange);
  };
  return () => useSyncExternalStore(subscribe, () => list.matches);
}
