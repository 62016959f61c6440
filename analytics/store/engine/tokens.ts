/**
 * Cuts ClickHouse SQL into tokens, as far as is needed to see which statement it is and where its data begins.
 * Offsets are bytes: the text is read as latin1, so that data of any kind may follow the statement.
 */
export type Token = {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol';
  /** Of a quoted identifier: what stands between the quotes, unescaped. */
  text: string;
  start: number;
  end: number;
  /** How many brackets are open around it. */
  depth: number;
};

const WORD_START = /[A-Za-z_\u0080-\u00ff]/;
const WORD = /[A-Za-z0-9_$\u0080-\u00ff]*/y;
const NUMBER = /(?:0[xX][0-9a-fA-F_.pP+-]*|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?)/y;
const BLANK = /(?:\s+|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\/)+/y;
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

const unquoted = (text: string) => text.slice(1, -1).replace(/\\(.)|(["`])\2/g, '$1$2');

function heredocEnd(text: string, at: number): number | undefined {
  const tag = match(HEREDOC, text, at);
  if (tag === undefined) return undefined;
  const close = text.indexOf(tag, at + tag.length);
  return close === -1 ? text.length : close + tag.length;
}

function tokenAt(text: string, at: number): Omit<Token, 'depth'> {
  const sign = text[at] as string;
  const cut = (kind: Token['kind'], end: number) => ({ kind, text: text.slice(at, end), start: at, end });
  if (sign === "'") return cut('string', quoteEnd(text, at));
  if (sign === '"' || sign === '`') {
    const token = cut('quoted', quoteEnd(text, at));
    return { ...token, text: unquoted(token.text) };
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
    at += match(BLANK, text, at)?.length ?? 0;
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
