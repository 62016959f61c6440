/** The body of a request: unpacked, its beginning read ahead to see the statement, the rest left to stream. */
import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { readStatement, type Statement } from './statement.ts';
import { storeError } from './store-error.ts';

/** How far the body is read ahead before the statement in it is looked at. */
const HEAD_BYTES = 1024 * 1024;
/** Longest text of a statement, data of an insert not counted. */
const QUERY_BYTES = 16 * 1024 * 1024;

export type Call = {
  statement: Statement;
  params: URLSearchParams;
  /** The text of the statement, with what was read of the data behind it. */
  text: Buffer;
  /** The rows of an insert, as they come. */
  data: AsyncIterable<Buffer>;
};

const UNPACKERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const;

/** Bytes of the body, unpacked as Content-Encoding says. */
function unpack(request: IncomingMessage): Readable {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return request;
  if (!Object.hasOwn(UNPACKERS, encoding)) {
    throw storeError(
      'NOT_IMPLEMENTED',
      `Content-Encoding ${encoding} is not spoken here: use gzip, deflate, br or zstd.`,
    );
  }
  // The error reaches whoever iterates; the callback only keeps it from being thrown a second time.
  return pipeline(request, UNPACKERS[encoding as keyof typeof UNPACKERS](), () => {});
}

/** Reads until the statement is known. */
export async function readCall(request: IncomingMessage, params: URLSearchParams): Promise<Call> {
  const inUrl = params.get('query') ?? '';
  const isForm = /^multipart\/form-data/i.test(request.headers['content-type'] ?? '');
  const body = unpack(request)[Symbol.asyncIterator]();
  if (isForm) return await readForm(request, { params, body });
  const head = [Buffer.from(inUrl === '' ? '' : `${inUrl}\n`)];
  const early = readStatementHead(Buffer.concat(head));
  if (early?.kind === 'insert' && !isBound(early, params)) {
    // Its rows may come slowly: it begins at once.
    const text = Buffer.concat(head);
    return { statement: early, params, text, data: rest(early, { text, body }) };
  }
  let isWhole = await readAhead(head, body, HEAD_BYTES);
  let text = Buffer.concat(head);
  let statement = isWhole ? readStatement(text) : readStatementHead(text);
  if (statement?.kind !== 'insert' && !isWhole) {
    isWhole = await readAhead(head, body, QUERY_BYTES);
    if (!isWhole) {
      throw storeError(
        'QUERY_IS_TOO_LARGE',
        `The statement is longer than ${QUERY_BYTES} bytes, or no statement at all.`,
      );
    }
    text = Buffer.concat(head);
    statement = undefined;
  }
  statement ??= readStatement(text);
  return { statement, params, text, data: rest(statement, { text, body }) };
}

/** Parameters inside VALUES are bound only where the engine parses the whole text, rows and all. */
export function isBound(statement: Statement, params: URLSearchParams): boolean {
  const isValues = statement.kind === 'insert' && statement.format === 'Values';
  return isValues && [...params.keys()].some((name) => name.startsWith('param_'));
}

/** A statement whose end was not seen yet counts only where it is an insert. */
function readStatementHead(text: Buffer): Statement | undefined {
  try {
    return readStatement(text);
  } catch {
    return undefined;
  }
}

/** Whether the body ended within `limit` bytes. */
async function readAhead(parts: Buffer[], body: AsyncIterator<Buffer>, limit: number): Promise<boolean> {
  let size = parts.reduce((sum, part) => sum + part.length, 0);
  while (size < limit) {
    const { value, done } = await body.next();
    if (done === true) return true;
    parts.push(value);
    size += value.length;
  }
  return false;
}

async function* rest(
  statement: Statement,
  from: { text: Buffer; body: AsyncIterator<Buffer> },
): AsyncGenerator<Buffer> {
  if (statement.kind !== 'insert') return;
  if (statement.dataAt < from.text.length) yield from.text.subarray(statement.dataAt);
  for (;;) {
    const { value, done } = await from.body.next();
    if (done === true) return;
    yield value;
  }
}

/** multipart/form-data carries the query and long parameters; external tables are refused. */
async function readForm(
  request: IncomingMessage,
  from: { params: URLSearchParams; body: AsyncIterator<Buffer> },
): Promise<Call> {
  const parts: Buffer[] = [];
  if (!(await readAhead(parts, from.body, QUERY_BYTES))) {
    throw storeError('QUERY_IS_TOO_LARGE', `The form is longer than ${QUERY_BYTES} bytes.`);
  }
  const headers = { 'content-type': String(request.headers['content-type']) };
  const form = await new Response(Buffer.concat(parts), { headers }).formData();
  const params = new URLSearchParams(from.params);
  for (const [name, value] of form) {
    if (typeof value !== 'string' || !(name === 'query' || name.startsWith('param_'))) {
      throw storeError(
        'NOT_IMPLEMENTED',
        `External table ${name} is not spoken here: insert into a table, then join it.`,
      );
    }
    params.set(name, value);
  }
  const text = Buffer.from(params.get('query') ?? '');
  const statement = readStatement(text);
  const none: AsyncIterator<Buffer> = { next: async () => ({ value: undefined, done: true }) };
  return { statement, params, text, data: rest(statement, { text, body: none }) };
}
