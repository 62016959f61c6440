/** Does something after a pause: at once then, or, where the page is hidden by then, as soon as somebody sees it. */
export function whenSeen(pauseMs: number, act: () => void): () => void {
  const look = () => {
    if (document.hidden) return;
    document.removeEventListener('visibilitychange', look);
    act();
  };
  const timer = setTimeout(() => {
    document.addEventListener('visibilitychange', look);
    look();
  }, pauseMs);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
}
