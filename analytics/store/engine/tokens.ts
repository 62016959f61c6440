/**
 * Cuts ClickHouse SQL into tokens, as far as is needed to see which statement it is and where its data begins.
 * Offsets are bytes: the text is read as latin1, so that data of any kind may follow the statement.
 */
export type Token = {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol';
  /** Of a quoted identifier: what stands between the quotes; its escapes stay as they are, and `isEscaped` tells. */
  text: string;
  isEscaped: boolean;
  start: number;
  end: number;
  /** How many brackets are open around it. */
  depth: number;
};

const WORD_START = /[A-Za-z_\u0080-\u00ff]/;
const WORD = /[A-Za-z0-9_$\u0080-\u00ff]*/y;
// Only the digits: what may follow them is left to be seen as words and symbols, so that no name hides in a number.
const NUMBER = /[0-9]+/y;
const BLANK = /(?:\s+|--[^\n]*|\/\/[^\n]*|#[ !][^\n]*)+/y;
const COMMENT_EDGE = /\/\*|\*\//g;
const HEREDOC = /\$([A-Za-z0-9_]*)\$/y;

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The position after the quote that closes the one at `at`; the end of the text where it stays open. */
function quoteEnd(text: string, at: number): number {
  const quote = text[at];
  for (let index = at + 1; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === quote) {
      if (text[index + 1] !== quote) return index + 1;
      index++;
    }
  }
  return text.length;
}

function heredocEnd(text: string, at: number): number | undefined {
  const tag = match(HEREDOC, text, at);
  if (tag === undefined) return undefined;
  const close = text.indexOf(tag, at + tag.length);
  return close === -1 ? text.length : close + tag.length;
}

/** The position after blanks and comments; comments in bars nest, as in the engine. */
function skipBlank(text: string, from: number): number {
  for (let at = from; ; ) {
    const next = text.startsWith('/*', at) ? commentEnd(text, at) : at + (match(BLANK, text, at)?.length ?? 0);
    if (next === at) return at;
    at = next;
  }
}

function commentEnd(text: string, at: number): number {
  COMMENT_EDGE.lastIndex = at;
  for (let open = 0; ; ) {
    const edge = COMMENT_EDGE.exec(text);
    if (edge === null) return text.length;
    open += edge[0] === '/*' ? 1 : -1;
    if (open === 0) return COMMENT_EDGE.lastIndex;
  }
}

function tokenAt(text: string, at: number): Omit<Token, 'depth'> {
  const sign = text[at] as string;
  const cut = (kind: Token['kind'], end: number) => ({
    kind,
    text: text.slice(at, end),
    isEscaped: false,
    start: at,
    end,
  });
  if (sign === "'") return cut('string', quoteEnd(text, at));
  if (sign === '"' || sign === '`') {
    const token = cut('quoted', quoteEnd(text, at));
    const name = token.text.slice(1, -1);
    return { ...token, text: name, isEscaped: name.includes('\\') || name.includes(sign) };
  }
  if (sign === '$') {
    const end = heredocEnd(text, at);
    if (end !== undefined) return cut('string', end);
  }
  if (WORD_START.test(sign)) return cut('word', at + (match(WORD, text, at) ?? sign).length);
  if (sign >= '0' && sign <= '9') return cut('number', at + (match(NUMBER, text, at) ?? sign).length);
  return cut('symbol', at + 1);
}

export function* tokens(text: string): Generator<Token> {
  let at = 0;
  let depth = 0;
  for (;;) {
    at = skipBlank(text, at);
    if (at >= text.length) return;
    const token = tokenAt(text, at);
    if (token.kind === 'symbol' && ')]}'.includes(token.text)) depth--;
    yield { ...token, depth };
    if (token.kind === 'symbol' && '([{'.includes(token.text)) depth++;
    at = token.end;
  }
}

export const isWord = (token: Token | undefined, word: string) =>
  token?.kind === 'word' && token.text.toUpperCase() === word;
