/** Whether an element has come near the window, or will be printed: then it is worth loading. It stays so. */
import { type RefObject, useEffect, useState } from 'react';
import { PRINTING } from '../print-page.ts';

const NEAR = '600px 0px';
const SOON_MS = 3000;

/** `isSoon`: what costs little is shown as soon as the page has nothing else to do, so that paper finds it drawn. */
export function useInView(element: RefObject<Element | null>, { isSoon }: { isSoon: boolean }): boolean {
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
    const idle = isSoon ? requestIdleCallback(show, { timeout: SOON_MS }) : undefined;
    return () => {
      watcher.disconnect();
      removeEventListener(PRINTING, show);
      if (idle !== undefined) cancelIdleCallback(idle);
    };
  }, [isInView, element, isSoon]);
  return isInView;
}
