/** docs/models.md is written by two benches: each replaces its own part. */

/** Written by test/bench/variants.ts, kept by test/bench/models.ts. */
export const VARIANTS = 'Variants of eyes-nano';

const headOf = (title: string) => `\n## ${title}\n`;

/** A section of the page with its head, or '' where there is none. */
export function sectionOf(page: string, title: string): string {
  const [, after] = page.split(headOf(title));
  return after === undefined ? '' : `${headOf(title)}${after.split('\n## ')[0] as string}`;
}

/** The page with this text below that head, at its end where the head is new. */
export function replaceSection(page: string, title: string, text: string): string {
  const made = `${headOf(title)}\n${text}`;
  const known = sectionOf(page, title);
  return known === '' ? `${page.trimEnd()}\n${made}` : page.replace(known, () => made);
}
