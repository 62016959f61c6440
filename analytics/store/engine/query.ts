/** One query from its request to its answer: sign-in, rights, lane, connection, settings, statement, bytes. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { StoreAccount } from '#system/store-client.ts';
import { type Call, readCall } from './body.ts';
import type { EngineConnection } from './native.ts';
import { refuseReaderSettings } from './reader-settings.ts';
import { Reply } from './reply.ts';
import { type Outcome, type Run, runStatement } from './run.ts';
import { quoteName, rememberSettings } from './session-settings.ts';
import { askedReadonly, askedSettings, setStatements } from './settings.ts';
import type { Store } from './store.ts';
import { asStoreError, storeError } from './store-error.ts';

/** Below this a result goes out whole, with its own status and full figures. */
const HOLD_BYTES = 64 * 1024;
/** With wait_end_of_query the whole result is held; beyond this it is refused. */
const WAIT_BYTES = 256 * 1024 * 1024;

export type Answered = { account: StoreAccount | undefined; errorCode: number | undefined; kind: string };

type Asked = {
  request: IncomingMessage;
  response: ServerResponse;
  params: URLSearchParams;
  signIn: (params: URLSearchParams) => StoreAccount;
  /** Its reason is what the answer says. */
  signal: AbortSignal;
};

/** Answers, whatever happens; never throws. */
export async function answerQuery(store: Store, asked: Asked): Promise<Answered> {
  const { request, response } = asked;
  const queryId = asked.params.get('query_id') || randomUUID();
  const reply = new Reply(response, { request, params: asked.params, queryId });
  const answered: Answered = { account: undefined, errorCode: undefined, kind: 'none' };
  try {
    const account = asked.signIn(asked.params);
    answered.account = account;
    refuseUnspoken(asked.params);
    const call = await readCall(request, asked.params);
    answered.kind = call.statement.kind;
    if (account !== 'writer') store.checkReader(call.statement);
    if (call.statement.kind === 'insert' || isVerb(call, 'INSERT')) await store.disk.check();
    await runCall(store, call, { ...asked, account, queryId, reply });
  } catch (thrown) {
    const error = asStoreError(asked.signal.aborted ? asked.signal.reason : thrown);
    answered.errorCode = error.code;
    await reply.fail(error);
    // What is left of the body is read and thrown away, so that the client gets to the answer.
    request.resume();
  }
  return answered;
}

const isVerb = (call: Call, verb: string) => call.statement.kind === 'other' && call.statement.verb === verb;

function refuseUnspoken(params: URLSearchParams): void {
  const refuse = (words: string) => {
    throw storeError('NOT_IMPLEMENTED', words);
  };
  if (params.get('compress') === '1' || params.get('decompress') === '1') {
    refuse(
      'compress and decompress (ClickHouse’s own blocks) are not spoken here: use Content-Encoding and Accept-Encoding.',
    );
  }
  if (params.has('role')) refuse('Roles are not spoken here: an account is what it may.');
}

type Context = Asked & { account: StoreAccount; queryId: string; reply: Reply };

async function runCall(store: Store, call: Call, context: Context): Promise<void> {
  await answerCall(store, call, context);
  // Only now: who has the whole answer may ask again at once, and then finds the session and the lane free.
  await context.reply.end();
}

async function answerCall(store: Store, call: Call, context: Context): Promise<void> {
  const { account, signal } = context;
  const defaultFormat = formatOf(call.params, context.request);
  // The engine opens the pipe before it looks for the format, and keeps it open for ever when there is none.
  const format = call.statement.kind === 'read' ? (call.statement.format ?? defaultFormat) : undefined;
  if (format !== undefined && !store.outputFormats.has(format.toLowerCase())) {
    throw storeError('UNKNOWN_FORMAT', `Unknown format ${format}`);
  }
  using slot = await store.lanes[account].enter(signal);
  const tag = `sharp-eyes:${randomUUID()}:`;
  await using use = await openConnection(store, call, { ...context, tag: tag + context.queryId });
  const run = runStatement(call, signal, {
    connection: use.connection,
    pipePath: slot.pipePath,
    defaultFormat,
    kill: (outcome) => store.kill(tag, outcome),
  });
  try {
    await passOn(run, call, context);
  } catch (error) {
    // The connection may be closed, and the pipe be used again, only when the statement has ended.
    store.kill(tag, run.outcome);
    run.output?.destroy();
    await run.outcome;
    throw error;
  }
}

function formatOf(params: URLSearchParams, request: IncomingMessage): string {
  const format = params.get('default_format') ?? request.headers['x-clickhouse-format'] ?? 'TabSeparated';
  if (typeof format !== 'string' || !/^[A-Za-z0-9]+$/.test(format)) {
    throw storeError('BAD_ARGUMENTS', `${JSON.stringify(format)} is no name of a format.`);
  }
  return format;
}

type Use = AsyncDisposable & { connection: EngineConnection };

/** A fresh connection with the request’s settings, or the session’s. Opening one takes about a millisecond. */
async function openConnection(store: Store, call: Call, context: Context & { tag: string }): Promise<Use> {
  const { account, request } = context;
  const { params } = call;
  const sessionId = params.get('session_id');
  const use = new AsyncDisposableStack();
  try {
    // An account that only reads can keep nothing in a session: its requests get a fresh connection each.
    const isKept = sessionId !== null && sessionId !== '' && account === 'writer';
    const connection = isKept ? use.use(store.sessions.use(sessionId, params)).connection : store.connect();
    if (isKept) use.defer(await rememberSettings(connection, askedSettings(params).keys()));
    else use.defer(() => connection.close());
    // Before readonly, which refuses the setting that a long statement needs.
    if (account !== 'writer') {
      refuseReaderSettings(askedSettings(params).keys());
      await store.checkAsEngineReads(connection, call.text);
    }
    const database = params.get('database') ?? request.headers['x-clickhouse-database'];
    if (typeof database === 'string' && database !== '') await connection.run(`USE ${quoteName(database)}`);
    const readonly = readonlyOf(context, { isKept });
    const of = { account, limits: store.limits[account], params, readonly, tag: context.tag } as const;
    for (const set of setStatements(of)) await connection.run(set);
    return { connection, [Symbol.asyncDispose]: () => use.disposeAsync() };
  } catch (error) {
    await use.disposeAsync();
    throw error;
  }
}

/** A session keeps its settings: `readonly` would outlive the request, so it takes none. */
function readonlyOf({ account, request, params }: Context, { isKept }: { isKept: boolean }): 0 | 1 | 2 {
  if (account !== 'writer') return 1;
  const asked = askedReadonly(params);
  if (isKept && asked > 0) throw storeError('NOT_IMPLEMENTED', 'readonly in a session is not spoken here.');
  return asked > 0 ? asked : request.method === 'GET' && !isKept ? 2 : 0;
}

async function passOn(run: Run, call: Call, { reply, params, signal }: Context): Promise<void> {
  if (run.output === undefined) {
    const { result } = good(await run.outcome);
    reply.begin(run.format, result, call.statement.kind === 'insert' ? result.rowsRead : 0);
    return await reply.send(result.bytes, signal);
  }
  const isWaiting = params.get('wait_end_of_query') === '1';
  const held = await hold(run.output, { limit: isWaiting ? WAIT_BYTES : HOLD_BYTES });
  if (!held.isWhole && isWaiting) {
    throw storeError('MEMORY_LIMIT_EXCEEDED', `The result is over ${WAIT_BYTES} bytes: ask without wait_end_of_query.`);
  }
  const result = held.isWhole ? good(await run.outcome).result : undefined;
  reply.begin(run.format, result);
  for (const part of held.parts) await reply.send(part, signal);
  if (!held.isWhole) for await (const part of held.rest) await reply.send(part, signal);
  good(await run.outcome);
}

function good(outcome: Outcome) {
  if ('error' in outcome) throw outcome.error;
  return outcome;
}

type Held = { parts: Buffer[]; isWhole: boolean; rest: AsyncIterable<Buffer> };

/** Reads until the end, or until `limit` bytes are there. */
async function hold(output: Readable, { limit }: { limit: number }): Promise<Held> {
  const parts: Buffer[] = [];
  const iterator: AsyncIterator<Buffer> = output[Symbol.asyncIterator]();
  const rest: AsyncIterable<Buffer> = { [Symbol.asyncIterator]: () => iterator };
  for (let size = 0; size < limit; ) {
    const { value, done } = await iterator.next();
    if (done === true) return { parts, isWhole: true, rest };
    parts.push(value);
    size += value.length;
  }
  return { parts, isWhole: false, rest };
}
