/** The prompt of `sql`: statements over several lines, ended by a semicolon, kept in a history file; \\d describes. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';

const HISTORY_MAX = 1000;

const HELP = `\\d            tables and views
\\d NAME       columns of one
\\format NAME  how answers are written (Vertical, CSVWithNames, JSONEachRow …)
\\q            the end; so is Ctrl-D
A statement may have several lines and ends with a semicolon. Nothing can be changed here.`;

export type Prompt = {
  /** Runs a statement and prints its answer; throws what failed. */
  run: (query: string, format: string) => Promise<void>;
  /** Prints what failed, in a sentence. */
  complain: (error: unknown) => void;
  format: string;
  historyPath: string;
};

type Step = { query: string } | { format: string } | { say: string } | { isOver: true };

/** What a line that begins with a backslash means; tables of the database, columns of a table or view. */
export function readMeta(line: string): Step {
  const [, word = '', name = ''] = /^\\(\w+)\s*([\w.]*)\s*;?\s*$/.exec(line) ?? [];
  if (word === 'q') return { isOver: true };
  if (word === 'format' && name !== '') return { format: name };
  if (word === 'd' && name === '') {
    return {
      query: `SELECT name, if(engine = 'View', 'view', 'table') AS is, comment FROM system.tables WHERE database = currentDatabase() ORDER BY is DESC, name`,
    };
  }
  // A view with parameters has no columns before it is asked with them.
  if (word === 'd')
    return {
      query: `SELECT name, type, comment FROM system.columns WHERE database = currentDatabase() AND table = '${name}' UNION ALL SELECT 'definition', '', as_select FROM system.tables WHERE database = currentDatabase() AND name = '${name}' AND engine = 'View'`,
    };
  return { say: HELP };
}

/** Lines so far as a statement, once they end with a semicolon. */
export function statementOf(lines: readonly string[]): string | undefined {
  const text = lines.join('\n').trim();
  return text.endsWith(';') ? text.slice(0, -1).trim() : undefined;
}

/** Until Ctrl-D or \\q. An error is said, and the prompt goes on. */
export async function runPrompt({ run, complain, format, historyPath }: Prompt): Promise<void> {
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: 'sharp-eyes> ',
    history: existsSync(historyPath) ? readFileSync(historyPath, 'utf8').split('\n').filter(Boolean) : [],
    historySize: HISTORY_MAX,
    removeHistoryDuplicates: true,
  });
  terminal.on('history', (history) => keepHistory(historyPath, history));
  // What is piped in may end long before the last answer.
  let isClosed = false;
  terminal.once('close', () => {
    isClosed = true;
  });
  let lines: string[] = [];
  let current = format;
  console.log('Read-only SQL; \\d lists tables, \\? says more.');
  terminal.prompt();
  for await (const line of terminal) {
    const step = lines.length === 0 && line.trimStart().startsWith('\\') ? readMeta(line.trim()) : undefined;
    if (step === undefined) lines.push(line);
    if (step !== undefined && 'isOver' in step) break;
    if (step !== undefined && 'format' in step) current = step.format;
    if (step !== undefined && 'say' in step) console.log(step.say);
    const query = step !== undefined && 'query' in step ? step.query : statementOf(lines);
    if (query !== undefined) {
      lines = [];
      if (query !== '') await run(query, current).catch(complain);
    }
    terminal.setPrompt(lines.length === 0 ? 'sharp-eyes> ' : '         -> ');
    if (!isClosed) terminal.prompt();
  }
  terminal.close();
}

/** Questions may name places: only the person who asked may read them. */
function keepHistory(path: string, history: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${history.join('\n')}\n`, { mode: 0o600 });
}

export const historyPathOf = (dataDir: string): string => resolve(dataDir, 'run', 'sql-history');
