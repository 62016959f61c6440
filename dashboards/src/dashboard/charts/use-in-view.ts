/** Whether an element has come near the window, or will be printed: then it is worth loading. It stays so. */
import { type RefObject, useEffect, useState } from 'react';
import { PRINTING } from '../print-page.ts';

const NEAR = '600px 0px';

export function useInView(element: RefObject<Element | null>): boolean {
  const [isInView, setIsInView] = useState(false);
  useEffect(() => {
    if (isInView || element.current === null) return;
    const show = () => setIsInView(true);
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) show();
      },
      { rootMargin: NEAR },
    );
    watcher.observe(element.current);
    addEventListener(PRINTING, show);
    return () => {
      watcher.disconnect();
      removeEventListener(PRINTING, show);
    };
  }, [isInView, element]);
  return isInView;
}
