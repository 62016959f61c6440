/** Where a long list is scrolled to and how high it is; and how to go elsewhere, drawn at once, so that no key is lost. */
import { type RefObject, useEffect, useState } from 'react';

export type ScrollView = { top: number; height: number };

export function useScrolled(list: RefObject<HTMLElement | null>): [ScrollView, (top: number) => void] {
  const [view, setView] = useState<ScrollView>({ top: 0, height: 800 });
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [list]);
  const goTo = (top: number) => {
    setView({ ...view, top });
    list.current?.scrollTo({ top });
  };
  return [view, goTo];
}
