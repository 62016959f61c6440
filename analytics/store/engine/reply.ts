/** Answers over HTTP as ClickHouse gives them: headers, compression, and errors before or in the middle of the bytes. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib';
import { pause } from '#system/lifecycle.ts';
import type { EngineResult } from './native.ts';
import type { StoreError } from './store-error.ts';

const COMPRESSORS = {
  gzip: (level: number) => createGzip({ level }),
  deflate: (level: number) => createDeflate({ level }),
  br: (level: number) => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: level } }),
  zstd: (level: number) => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: level } }),
} as const;
type Encoding = keyof typeof COMPRESSORS;

const CONTENT_TYPES: Record<string, string> = {
  JSON: 'application/json; charset=UTF-8',
  JSONCompact: 'application/json; charset=UTF-8',
  JSONStrings: 'application/json; charset=UTF-8',
  JSONColumns: 'application/json; charset=UTF-8',
  JSONEachRow: 'application/x-ndjson; charset=UTF-8',
  JSONCompactEachRow: 'application/x-ndjson; charset=UTF-8',
  TabSeparated: 'text/tab-separated-values; charset=UTF-8',
  TSV: 'text/tab-separated-values; charset=UTF-8',
  TabSeparatedWithNames: 'text/tab-separated-values; charset=UTF-8; header=present',
  TabSeparatedWithNamesAndTypes: 'text/tab-separated-values; charset=UTF-8; header=present',
  CSV: 'text/csv; charset=UTF-8; header=absent',
  CSVWithNames: 'text/csv; charset=UTF-8; header=present',
  XML: 'application/xml; charset=UTF-8',
  Native: 'application/octet-stream',
  RowBinary: 'application/octet-stream',
  RowBinaryWithNamesAndTypes: 'application/octet-stream',
  Parquet: 'application/octet-stream',
  Arrow: 'application/octet-stream',
  ArrowStream: 'application/octet-stream',
};

const LINGER_MS = 3000;

export type ReplyTo = { request: IncomingMessage; params: URLSearchParams; queryId: string };

/** One answer; its head goes out with the first bytes, so that an error before them still has its own status. */
export class Reply {
  #response: ServerResponse;
  #to: ReplyTo;
  #packer: Transform | undefined;
  #tag = randomBytes(8).toString('hex');

  constructor(response: ServerResponse, to: ReplyTo) {
    this.#response = response;
    this.#to = to;
    response.setHeader('X-ClickHouse-Query-Id', to.queryId);
    response.setHeader('X-ClickHouse-Server-Display-Name', 'sharp-eyes');
    response.setHeader('X-ClickHouse-Timezone', 'Etc/UTC');
  }

  get isBegun(): boolean {
    return this.#response.headersSent;
  }

  /** Sends the head of a good answer. */
  begin(format: string, result: EngineResult | undefined, writtenRows = 0): void {
    const response = this.#response;
    response.statusCode = 200;
    response.setHeader('Content-Type', CONTENT_TYPES[format] ?? 'text/plain; charset=UTF-8');
    response.setHeader('X-ClickHouse-Format', format);
    response.setHeader('X-ClickHouse-Exception-Tag', this.#tag);
    const summary = summaryOf(result, writtenRows);
    if (this.#to.params.get('send_progress_in_http_headers') === '1')
      response.setHeader('X-ClickHouse-Progress', summary);
    response.setHeader('X-ClickHouse-Summary', summary);
    const encoding = wantedEncoding(this.#to);
    if (encoding !== undefined) {
      response.setHeader('Content-Encoding', encoding);
      this.#packer = COMPRESSORS[encoding](levelOf(this.#to.params));
      this.#packer.pipe(response, { end: false });
    }
    response.flushHeaders();
  }

  /** Sends bytes; resolves when there is room for more. */
  async send(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const sink = this.#packer ?? this.#response;
    if (bytes.length > 0 && !sink.write(bytes)) await once(sink, 'drain', { signal });
  }

  async end(): Promise<void> {
    await this.#endPacker();
    this.#response.end();
  }

  /** Before the first byte: status and message. After it: ClickHouse’s block at the end, and a body that breaks off. */
  async fail(error: StoreError): Promise<void> {
    const response = this.#response;
    if (response.destroyed) return;
    if (!this.isBegun) {
      response.statusCode = error.status;
      if (error.status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="Sharp Eyes store"');
      response.setHeader('X-ClickHouse-Exception-Code', String(error.code));
      response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
      response.end(`${error.message}\n`);
      return;
    }
    const message = Buffer.from(`${error.message}\n`);
    const block = [
      `\r\n__exception__\r\n${this.#tag}\r\n`,
      message,
      `${message.length} ${this.#tag}\r\n__exception__\r\n`,
    ];
    (this.#packer ?? response).write(Buffer.concat(block.map((part) => Buffer.from(part))));
    await this.#endPacker();
    // Closed without the last chunk: a client that knows nothing of the block still sees that bytes are missing. Not at
    // once: one that knows it needs the time to read that far, and then leaves by itself.
    await Promise.race([once(response, 'close'), pause(LINGER_MS)]);
    response.socket?.destroySoon();
  }

  async #endPacker(): Promise<void> {
    if (this.#packer === undefined) return;
    const isDone = once(this.#packer, 'end').catch(() => {});
    this.#packer.end();
    await Promise.race([isDone, once(this.#response, 'close')]);
  }
}

function wantedEncoding({ request, params }: ReplyTo): Encoding | undefined {
  if (!['1', 'true'].includes(params.get('enable_http_compression') ?? '')) return undefined;
  const accepted = (request.headers['accept-encoding']?.toString() ?? '')
    .split(',')
    .map((part) => part.split(';')[0]?.trim());
  return (Object.keys(COMPRESSORS) as Encoding[]).find((encoding) => accepted.includes(encoding));
}

function levelOf(params: URLSearchParams): number {
  const level = Number(params.get('http_zlib_compression_level') ?? 3);
  return Number.isInteger(level) && level >= 1 && level <= 9 ? level : 3;
}

function summaryOf(result: EngineResult | undefined, writtenRows: number): string {
  const read = { rows: String(result?.rowsRead ?? 0), bytes: String(result?.bytesRead ?? 0) };
  return JSON.stringify({
    read_rows: read.rows,
    read_bytes: read.bytes,
    written_rows: String(writtenRows),
    written_bytes: writtenRows > 0 ? read.bytes : '0',
    total_rows_to_read: '0',
    result_rows: writtenRows > 0 ? String(writtenRows) : '0',
    result_bytes: writtenRows > 0 ? read.bytes : '0',
    elapsed_ns: String(Math.round((result?.elapsed ?? 0) * 1e9)),
  });
}
