/** Prints the page once everything on it is drawn: charts, and a picture of the map, which paper cannot draw itself. */

/** Shown by an attribute: panels that wait for the window draw for paper as well. */
export const PRINTING = 'printing';
const DRAWN_WITHIN_MS = 10_000;
const UNDRAWN = '.chart[data-drawn="false"], .heat-map[data-pictured="false"], .heat-waits';

/** Ends when the dialogue is closed; what is not drawn in ten seconds is printed as it is. */
export async function printPage(): Promise<void> {
  dispatchEvent(new Event(PRINTING));
  const untilMs = performance.now() + DRAWN_WITHIN_MS;
  while (document.querySelector(UNDRAWN) !== null && performance.now() < untilMs)
    await new Promise((done) => requestAnimationFrame(done));
  print();
}
