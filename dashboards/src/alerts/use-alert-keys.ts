/** The keys of the page of alerts, wherever on it the focus is, but not while somebody types or chooses from a list. */
import { useEffect, useRef } from 'react';

/** Returns whether the key meant something. */
export function useAlertKeys(press: (key: string) => boolean): void {
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const isTyping = target instanceof HTMLElement && target.closest('select, input, textarea') !== null;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
