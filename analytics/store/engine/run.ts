/** Runs one statement on one connection, its bytes flowing through the lane’s pipe; a client that leaves ends it. */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pause } from '#system/lifecycle.ts';
import { type Call, isBound } from './body.ts';
import type { EngineConnection, EngineResult } from './native.ts';
import { finishReading, openReading, openWriting } from './pipe.ts';
import type { Statement } from './statement.ts';
import { asStoreError, type StoreError } from './store-error.ts';

/** A statement that was killed while it waits for rows sees it only when the pipe moves or closes. */
const KILL_WAIT_MS = 1000;

/** A statement that fails may leave its end of the pipe open for ever; what it wrote before is read well within this. */
const FAILED_END_MS = 2000;

function endWithin(output: Readable, ms: number): void {
  const timer = setTimeout(() => output.push(null), ms);
  for (const event of ['end', 'close']) output.once(event, () => clearTimeout(timer));
}

export type Outcome = { result: EngineResult } | { error: StoreError };

export type Run = {
  format: string;
  /** What a reading statement gives, from the engine’s own writer; ends after the statement has. */
  output: Readable | undefined;
  /** Never rejects. */
  outcome: Promise<Outcome>;
};

type Options = {
  connection: EngineConnection;
  pipePath: string;
  defaultFormat: string;
  /** Asks the engine to end the statement of this run; again and again until it has. */
  kill: (outcome: Promise<unknown>) => void;
};

const settle = (running: Promise<EngineResult>): Promise<Outcome> =>
  running.then(
    (result) => ({ result }),
    (error: unknown) => ({ error: asStoreError(error) }),
  );

export function runStatement(call: Call, signal: AbortSignal, options: Options): Run {
  const run = start(call, options);
  const onAbort = () => options.kill(run.outcome);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  void run.outcome.then(() => signal.removeEventListener('abort', onAbort));
  return run;
}

function start(call: Call, options: Options): Run {
  const { statement } = call;
  if (statement.kind === 'read') return runRead(statement, options);
  const format = options.defaultFormat;
  if (statement.kind === 'other') {
    return { format, output: undefined, outcome: settle(options.connection.run(statement.sql, format)) };
  }
  if (isBound(statement, call.params)) {
    return { format, output: undefined, outcome: settle(options.connection.run(call.text.toString(), format)) };
  }
  return { format, output: undefined, outcome: runInsert(call, statement, options) };
}

/**
 * Formats whose writers never throw when they are made. With another one (Parquet of a type it cannot hold, Template
 * without a template, …) the engine never ends a statement that writes into a pipe, so those are answered from memory.
 */
const STREAMED =
  /^(json|tabseparated|tsv|tskv|csv|pretty|native|rowbinary|values|vertical|null|markdown|xml|lineasstring)/i;

function runRead(statement: Statement & { kind: 'read' }, { connection, pipePath, defaultFormat }: Options): Run {
  const format = statement.format ?? defaultFormat;
  if (!STREAMED.test(format)) {
    const sql = `${statement.before}\nFORMAT ${format} ${statement.after}`;
    return { format, output: undefined, outcome: settle(connection.run(sql, format)) };
  }
  const output = openReading(pipePath);
  const sql = `${statement.before}\nINTO OUTFILE '${pipePath}' APPEND FORMAT ${format} ${statement.after}`;
  const outcome = settle(connection.run(sql)).then((settled) => {
    finishReading(pipePath);
    if ('error' in settled) endWithin(output, FAILED_END_MS);
    return settled;
  });
  return { format, output, outcome };
}

/**
 * The rows stream into the engine. Where the body breaks off, the statement is killed before the pipe is closed:
 * otherwise the engine would take the end of the pipe for the end of the rows and store a part of them.
 */
async function runInsert(
  call: Call,
  statement: Statement & { kind: 'insert' },
  { connection, pipePath, kill }: Options,
): Promise<Outcome> {
  const source = `FROM INFILE '${pipePath}' COMPRESSION 'none'`;
  const sql = `${statement.before}\n${source} ${statement.after} FORMAT ${statement.format}`;
  const running = settle(connection.run(sql));
  const ended = new AbortController();
  void running.then(() => ended.abort());
  const input = await openWriting(pipePath, ended.signal);
  if (input === undefined) return await running;
  const fed = feed(input, call.data, ended.signal).catch((error: unknown) => {
    // A write that fails because the statement has ended, or is about to, is told by the statement.
    if (ended.signal.aborted || (error as NodeJS.ErrnoException).code === 'EPIPE') return undefined;
    kill(running);
    return asStoreError(error);
  });
  // A statement that fails at once is told at once, however slowly its rows come.
  const broken = await Promise.race([fed, running.then(() => undefined)]);
  if (broken !== undefined) await Promise.race([running, pause(KILL_WAIT_MS)]);
  input.destroy();
  const outcome = await running;
  return broken === undefined ? outcome : { error: broken };
}

async function feed(input: Writable, data: AsyncIterable<Buffer>, signal: AbortSignal): Promise<undefined> {
  for await (const part of data) {
    if (signal.aborted) return;
    if (!input.write(part)) await once(input, 'drain', { signal });
  }
  input.end();
  await once(input, 'finish', { signal });
}
