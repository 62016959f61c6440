/** Settings and parameters of a request, as one SET statement; limits that an account may lower but not raise. */
import type { StoreAccount } from '#system/store-client.ts';
import { storeError } from './store-error.ts';

/** Names in the URL that belong to HTTP, not to the engine. */
const HTTP_NAMES = new Set([
  'query',
  'query_id',
  'user',
  'password',
  'database',
  'default_format',
  'session_id',
  'session_timeout',
  'session_check',
  'close_session',
  'quota_key',
  'stacktrace',
  'compress',
  'decompress',
  'role',
  'buffer_size',
  'wait_end_of_query',
  'http_response_buffer_size',
  'enable_http_compression',
  'http_zlib_compression_level',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'add_http_cors_header',
  'cancel_http_readonly_queries_on_client_close',
  'client_protocol_version',
  'log_comment',
  'async_insert',
  'wait_for_async_insert',
  'readonly',
]);

export type Limits = { maxExecutionS: number; memoryBytes: number; threads: number };

export type SettingsOf = {
  account: StoreAccount;
  limits: Limits;
  params: URLSearchParams;
  /** The engine’s own: 0 writes; 1 refuses to write and to change any setting; 2 refuses to write. */
  readonly: 0 | 1 | 2;
  tag: string;
};

/** What the client asks of `readonly`, which it may raise above what the request has anyway, but not lower. */
export function askedReadonly(params: URLSearchParams): 0 | 1 | 2 {
  const asked = params.get('readonly') ?? '0';
  if (asked === '0') return 0;
  if (asked === '1') return 1;
  if (asked === '2') return 2;
  throw storeError('BAD_ARGUMENTS', `readonly is 0, 1 or 2, but not ${JSON.stringify(asked)}.`);
}

const LIMITED = ['max_execution_time', 'max_memory_usage', 'max_threads'] as const;
/** The engine lets a query rest while one of a lower number runs; 0 takes no part. A heat map goes before an analyst. */
const PRIORITIES: Record<StoreAccount, number> = { writer: 0, reader: 1, analyst: 2 };
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const literal = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The settings and parameters that the client asked for, by name. */
export function askedSettings(params: URLSearchParams): Map<string, string> {
  const asked = new Map<string, string>();
  for (const [name, value] of params) {
    if (HTTP_NAMES.has(name)) continue;
    if (!NAME.test(name)) throw storeError('UNKNOWN_SETTING', `${JSON.stringify(name)} is no name of a setting.`);
    asked.set(name, value);
  }
  return asked;
}

function limited(asked: string | undefined, limit: number): string {
  const wish = Number(asked);
  return asked !== undefined && wish > 0 && wish < limit ? asked : String(limit);
}

/** Room for parameters: the engine reads no statement over 256 KiB, and they come in one. */
const SET_BYTES = 64 * 1024 * 1024;

/**
 * The SETs that come before the statement. async_insert is always off: an insert that was acknowledged is stored.
 * The tag is how the statement is found again in system.processes.
 */
export function setStatements(of: SettingsOf): string[] {
  const values = new Map([['async_insert', '0'], ...askedSettings(of.params)]);
  values.set('log_comment', of.tag);
  const caps = {
    max_execution_time: of.limits.maxExecutionS,
    max_memory_usage: of.limits.memoryBytes,
    max_threads: of.limits.threads,
  };
  for (const name of LIMITED) {
    const asked = values.get(name);
    values.set(name, of.account === 'writer' && asked !== undefined ? asked : limited(asked, caps[name]));
  }
  values.set('priority', String(PRIORITIES[of.account]));
  // Last: nothing can be set after it.
  if (of.readonly > 0) values.set('readonly', String(of.readonly));
  const parameters = [...values].filter(([name]) => name.startsWith('param_'));
  const settings = [...values].filter(([name]) => !name.startsWith('param_'));
  const ofParameters =
    parameters.length === 0
      ? []
      : [`SET max_query_size = ${SET_BYTES}`, assign(parameters), 'SET max_query_size = DEFAULT'];
  return [...ofParameters, assign(settings)];
}

const assign = (values: [string, string][]) =>
  `SET ${values.map(([name, value]) => `${name} = ${literal(value)}`).join(', ')}`;
