/** Where a text stops being JSON (RFC 8259), since V8 does not say it for every fault: line and column from 1. */

/** A mark, a text, or a number or word; after white space. */
const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: raw control characters may not stand in a text of JSON.
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/** What may come next. */
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'nothing';

export function jsonFaultPlace(text: string): { line: number; column: number } {
  const lines = text.slice(0, faultAt(text)).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function faultAt(text: string): number {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    const start =
      found === null
        ? at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0)
        : TOKEN.lastIndex - tokenOf(found).length;
    const next: Expected | undefined = found === null ? undefined : step(expected, tokenOf(found), open);
    if (next === undefined) return start;
    expected = next;
    at = TOKEN.lastIndex;
  }
}

const tokenOf = (found: RegExpExecArray): string => found[1] ?? found[2] ?? found[3] ?? '';

/** Undefined where the token may not stand here. */
function step(expected: Expected, token: string, open: string[]): Expected | undefined {
  const isText = token.startsWith('"');
  const after = (): Expected => (open.length === 0 ? 'nothing' : ', or end');
  if (expected === ':') return token === ':' ? 'value' : undefined;
  if (expected.startsWith('key') && isText) return ':';
  if (expected.startsWith('value')) {
    if (token === '{' || token === '[') {
      open.push(token);
      return token === '{' ? 'key or }' : 'value or ]';
    }
    if (!'{}[],:'.includes(token)) return after();
  }
  const mayClose = expected === ', or end' || expected === 'key or }' || expected === 'value or ]';
  if (mayClose && ((token === '}' && open.at(-1) === '{') || (token === ']' && open.at(-1) === '['))) {
    open.pop();
    return after();
  }
  if (expected === ', or end' && token === ',') return open.at(-1) === '{' ? 'key' : 'value';
  return undefined;
}
