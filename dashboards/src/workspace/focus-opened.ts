/** Gives the focus to what has opened in the content; not while somebody is still on the rail, who would lose their place there. */
export function focusOpened(element: HTMLElement | null): void {
  if (document.activeElement?.closest('.rail, .skip-button') == null) element?.focus({ preventScroll: true });
}
