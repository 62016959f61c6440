/** Gives the focus to what has opened in the content; not while somebody is on the rail or in the header, whose next key would go astray. */
export function focusOpened(element: HTMLElement | null): void {
  const isElsewhere = document.activeElement?.closest('.rail, .skip-button, .shell-header') != null;
  if (!isElsewhere) element?.focus({ preventScroll: true });
}
