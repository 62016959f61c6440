/** Whether the window is a phone's: then the panels become a sheet at the bottom. */
import { useSyncExternalStore } from 'react';

const narrow = matchMedia('(max-width: 820px)');

function subscribe(onChange: () => void): () => void {
  narrow.addEventListener('change', onChange);
  return () => narrow.removeEventListener('change', onChange);
}

export const useIsNarrow = (): boolean => useSyncExternalStore(subscribe, () => narrow.matches);
