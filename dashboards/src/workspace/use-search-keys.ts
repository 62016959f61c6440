/** The keys that open the search: Ctrl-K (or ⌘K) anywhere; / too, unless one types, or the view has a search field of its own. */
import { useEffect, useRef } from 'react';

/** Set on a field that / goes to. */
export const OWN_SEARCH = 'data-own-search';

export function useSearchKeys(open: () => void): void {
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, select, textarea') !== null;
      const isCommand = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
      const isSlash = event.key === '/' && !isTyping && document.querySelector(`[${OWN_SEARCH}]`) === null;
      if (!isCommand && !isSlash) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
