/** How well a few letters fit a name or an id: 0 does not fit, more is better; Chinese is matched by its characters. */

const WHOLE = 100;
const START = 80;
const WORD_START = 60;
const INSIDE = 40;
const SCATTERED = 10;

/** Full-width letters and capitals are the same to whoever searches. */
export const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

export const wordsOf = (text: string): string[] =>
  folded(text)
    .split(/\s+/)
    .filter((word) => word !== '');

/** All letters in their order, with others between them: "cam12" in "cam-0012", "历东" in "历下区东门". */
function isScattered(word: string, text: string): boolean {
  let at = -1;
  for (const letter of word) {
    at = text.indexOf(letter, at + 1);
    if (at === -1) return false;
  }
  return true;
}

function fitOne(word: string, text: string): number {
  if (text === word) return WHOLE;
  if (text.startsWith(word)) return START;
  const at = text.indexOf(word);
  if (at > 0) return /[\p{L}\p{N}]/u.test(text[at - 1] ?? '') ? INSIDE : WORD_START;
  // Two letters stand scattered in nearly everything; two characters do not.
  const isLong = word.length >= 3 || /^\p{Script=Han}{2,}$/u.test(word);
  return isLong && isScattered(word, text) ? SCATTERED : 0;
}

/** Every word must fit one of the texts; the first texts weigh most. */
export function fitOf(words: readonly string[], texts: readonly string[]): number {
  const all = texts.map(folded);
  let sum = 0;
  for (const word of words) {
    const best = Math.max(0, ...all.map((text, index) => fitOne(word, text) / (1 + index * 0.25)));
    if (best === 0) return 0;
    sum += best;
  }
  return words.length === 0 ? 0 : sum / words.length;
}
